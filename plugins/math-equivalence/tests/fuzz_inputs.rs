//! What the fuzzer starts from and what it found, checked again without it.

#[path = "../fuzz/fuzz_targets/property.rs"]
mod property;

#[test]
fn every_kept_input_has_the_property() {
    let mut count = 0;
    for folder in ["seeds", "found"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/").to_owned() + folder;
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            // The fuzzer passes over what is no text, too.
            if let Ok(input) = std::fs::read_to_string(&path) {
                println!("{}", path.display());
                property::check(&input);
                count += 1;
            }
        }
    }
    assert!(count >= 60, "only {count} inputs");
}
