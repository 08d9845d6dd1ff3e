//! A hostile plugin through `restem score`: its user reads what it did, and its neighbours are scored.

use std::fs;
use std::path::Path;

use restem_tests::with_input;
use serde_json::{Value, json};
use wit_component::StringEncoding;

/// The plugin of many deeds of `tests/evil`, as a file.
fn plugin(dir: &Path) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join("tests/evil/evil.wat")).unwrap();
    let mut bytes = wat::parse_str(text).unwrap();
    let mut resolve = wit_parser::Resolve::default();
    let (package, _) = resolve.push_dir(root.join("sdk/reward/wit/v0.1")).unwrap();
    let world = resolve.select_world(&[package], Some("reward-plugin")).unwrap();
    wit_component::embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8, false)
        .unwrap();
    let path = dir.join("evil.wasm");
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The digest and what else changes from run to run, blotted out.
fn blotted(text: &str) -> String {
    let Some((before, after)) = text.split_once("(sha256 ") else {
        return text.to_owned();
    };
    format!("{before}(sha256 …){}", blotted(&after[9..]))
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_panic_reaches_the_user_with_its_words_and_place() {
    let dir = tempfile::tempdir().unwrap();
    let input = json!({"id": "train/7", "reference": "4", "completions": ["o", "p", "z"]}).to_string();
    let output = with_input(&["score", "--plugin", &plugin(dir.path())], &input);
    let rows: Vec<Value> = std::str::from_utf8(&output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(
        (&rows[0]["reward"], &rows[2]["reward"]),
        (&json!(1.0), &json!(0.0))
    );
    assert_eq!(rows[1]["fault"]["class"], "trap");
    insta::assert_snapshot!(blotted(rows[1]["fault"]["message"].as_str().unwrap()), @r"
    plugin `evil` (sha256 …) panicked on problem `train/7`, completion 1: index out of bounds: the len is 0 but the index is 7\u{1b}[31m
      where: src/evil.rs:42
      hint: this is a bug of the plugin: report it to its author
    ");
    assert_eq!(output.status.code(), Some(3));
    let error = String::from_utf8(output.stderr).unwrap();
    let (_summary, error) = error.split_once('\n').unwrap();
    insta::assert_snapshot!(blotted(error.trim_end()), @r#"
    error: 1 of 3 rows are faults, above --max-fault-rate 0.01
      first: `train/7`, completion 1: trap: plugin `evil` (sha256 …) panicked on problem `train/7`, completion 1: index out of bounds: the len is 0 but the index is 7\u{1b}[31m
      where: src/evil.rs:42
      hint: this is a bug of the plugin: report it to its author
      hint: every row was written; look at those with "status":"fault"
    "#);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_file_above_the_limit_is_refused_before_it_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("large.wasm");
    fs::File::create(&path).unwrap().set_len(1 << 40).unwrap();
    let output = with_input(&["score", "--plugin", path.to_str().unwrap()], "");
    let error = String::from_utf8(output.stderr).unwrap();
    insta::assert_snapshot!(error.replace(path.to_str().unwrap(), "large.wasm").trim_end(), @r"
    error: `large.wasm` is too large
      limit: component_bytes = 67108864, the file has 1099511627776
      hint: raise `limits.component_bytes` of this reward if the plugin is right to be that large
    ");
}
