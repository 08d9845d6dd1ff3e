//! What the fuzzer starts from and what it found, checked again without it.

#[path = "../fuzz/fuzz_targets/property.rs"]
mod property;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz");

#[test]
fn every_seed_has_the_property() {
    let mut count = 0;
    for entry in std::fs::read_dir(format!("{FOLDER}/seeds")).unwrap() {
        let path = entry.unwrap().path();
        println!("{}", path.display());
        property::check(&std::fs::read_to_string(&path).unwrap());
        count += 1;
    }
    assert!(count >= 60, "only {count} seeds");
}

#[test]
fn every_input_that_the_fuzzer_found_has_the_property() {
    let found = std::fs::read_to_string(format!("{FOLDER}/found.txt")).unwrap();
    let mut count = 0;
    for input in found.trim_end_matches('\n').split("\n=====\n") {
        println!("{input:?}");
        property::check(input);
        count += 1;
    }
    assert!(count >= 500, "only {count} inputs");
}
