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
    insta::assert_snapshot!(error(&["new", "mine"], &dir), @"");
    assert_eq!(fs::read_dir(dir.path().join("mine")).unwrap().count(), 1);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_wrong_name_and_an_unknown_template_say_what_would_do() {
    let dir = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(error(&["new", "LastWord"], &dir), @"");
    insta::assert_snapshot!(error(&["new", "mine", "--template", "basics"], &dir), @"");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn building_needs_a_plugin_s_directory_and_cargo() {
    let dir = tempfile::tempdir().unwrap();
    insta::assert_snapshot!(error(&["build", "."], &dir), @"");
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
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @"");
}
