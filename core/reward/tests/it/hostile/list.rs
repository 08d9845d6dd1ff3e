//! SECURITY.md's list of the suite, its folder and its tests are the same.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::folder;
use crate::evil::root;

/// What is in the folder and no component of the list: the honest frame, and the one of many deeds that tests of stores use.
const UNLISTED: [&str; 2] = ["frame", "evil"];

fn of_folder() -> BTreeSet<String> {
    let files = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path());
    let components = files.filter(|path| path.extension().is_some_and(|extension| extension == "wat"));
    components
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .filter(|name| !UNLISTED.contains(&name.as_str()))
        .collect()
}

/// The names that the rows of SECURITY.md's table begin with: ``| `name` | …``.
fn of_security() -> BTreeSet<String> {
    let text = fs::read_to_string(root().join("SECURITY.md")).unwrap();
    let (_, suite) = text.split_once("\n## The evil suite\n").unwrap();
    let (suite, _) = suite.split_once("\n## ").unwrap();
    let rows = suite
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    rows.map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn security_md_lists_the_folder() {
    assert_eq!(of_security(), of_folder());
    assert!(of_folder().len() >= 25);
}

#[test]
fn every_component_has_a_test() {
    let mut sources = String::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/hostile");
    for entry in fs::read_dir(here).unwrap() {
        sources += &fs::read_to_string(entry.unwrap().path()).unwrap();
    }
    let untested: Vec<_> = of_folder()
        .into_iter()
        .filter(|name| !sources.contains(&format!("\"{name}\"")))
        .collect();
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn each_component_says_what_it_tries() {
    for name in of_folder() {
        let text = super::text(&name);
        assert!(
            text.starts_with(";; ") && text.lines().next().unwrap().ends_with('.'),
            "{name}"
        );
    }
}
