//! `restem plugin new` and `build` where they refuse: what a newcomer reads when something is wrong.

use std::fs;

use restem_tests::restem;

fn error(args: &[&str], dir: &tempfile::TempDir) -> String {
    let output = restem()
        .args(["plugin"])
        .args(args)
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_directory_that_is_not_empty_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("mine")).unwrap();
    fs::write(dir.path().join("mine/notes"), "").unwrap();
    insta::assert_snapshot!(error(&["new", "mine"], &dir), @r"
    error: mine is not empty: nothing was written
      hint: name a new directory with `--dir DIR`, or another plugin
    ");
    assert_eq!(fs::read_dir(dir.path().join("mine")).unwrap().count(), 1);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_wrong_name_and_an_unknown_template_say_what_would_do() {
    let dir = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(error(&["new", "LastWord"], &dir), @r"
    error: invalid value 'LastWord' for '<NAME>': a plugin is named like a crate, with a-z, 0-9, `-` and `_`, not 'L'
      hint: try `last-word`

    For more information, try '--help'.
    ");
    let unknown = error(&["new", "mine", "--template", "basics"], &dir);
    assert!(
        unknown.contains("[possible values: basic, llm-answer, code-tests"),
        "{unknown}"
    );
    assert!(
        unknown.contains("tip: a similar value exists: 'basic'"),
        "{unknown}"
    );
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn building_needs_a_plugin_s_directory_and_cargo() {
    let dir = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(error(&["build", "."], &dir), @r"
    error: . holds no plugin's sources: it has no Cargo.toml, scorer.py or scorer.js
      hint: name the plugin's directory, or begin one with `restem plugin new NAME`
    ");
    assert!(
        restem()
            .args(["plugin", "new", "mine"])
            .current_dir(dir.path())
            .output()
            .unwrap()
            .status
            .success()
    );
    let output = restem()
        .args(["plugin", "build", "mine"])
        .current_dir(dir.path())
        .env("CARGO", "/nowhere/cargo")
        .env("RUSTC", "/nowhere/rustc")
        .env("PATH", "/nowhere")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    error: `/nowhere/cargo` can't be started: No such file or directory (os error 2)
      hint: install Rust (https://rustup.rs), or put `cargo` on the PATH
    ");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn scoring_with_a_directory_that_is_not_built_says_how_to_build_it() {
    let dir = tempfile::tempdir().unwrap();
    assert!(
        restem()
            .args(["plugin", "new", "mine"])
            .current_dir(dir.path())
            .output()
            .unwrap()
            .status
            .success()
    );
    let output = restem()
        .args(["score", "--plugin", "./mine"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    error: no `.wasm` file in ./mine
      hint: build the plugin first: `restem plugin build ./mine`
    ");
}
