//! `cargo xtask test` finds the tests that need more than a checkout by the name of their module.

use std::fs;

use crate::sources::{root, rust_files};

/// How a reason begins, and the module in which such tests have to stand. Plugins and backend are built by every
/// `cargo xtask test`, so tests that need only those may stand anywhere.
const NEEDS: [(&str, Option<&str>); 5] = [
    ("needs ../shared/data", Some("with_data")),
    ("needs the demo model", Some("with_model")),
    ("needs the interpreter", Some("with_python")),
    ("needs built plugins", None),
    ("needs the torch backend", None),
];

#[test]
fn every_ignored_test_says_what_it_needs_and_stands_in_that_suite() {
    let mut astray = Vec::new();
    for path in rust_files() {
        let source = fs::read_to_string(&path).unwrap();
        for (number, line) in source.lines().enumerate() {
            if !line.trim_start().starts_with("#[ignore") {
                continue;
            }
            let reason = line.split('"').nth(1).unwrap_or_default();
            let need = NEEDS.iter().find(|(beginning, _)| reason.starts_with(beginning));
            let name = path.strip_prefix(root()).unwrap().display().to_string();
            let stands_there = need.is_some_and(|(_, module)| {
                module.is_none_or(|module| name.contains(module) || source.contains(&format!("mod {module}")))
            });
            if !stands_there {
                astray.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    assert!(
        astray.is_empty(),
        "see CONTRIBUTING.md, \"Suites that need more\": {astray:#?}"
    );
}
