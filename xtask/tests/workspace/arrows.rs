//! Arrows between crates run one way.

use std::process::Command;

use serde_json::Value;

use crate::sources::root;

/// Who may depend on whom among the workspace's crates, by any kind of dependency. Only what a line names is allowed.
///
/// `em <- data, reward, policy, store <- report <- cli`, `python <- reward`, `python <- cli` for `restem python` and `toolchain <- cli` for `restem plugin build`. `core/reward` reads the SDK's WIT by path, so that host and
/// guest share text and no code.
const ARROWS: &[(&str, &[&str])] = &[
    ("restem-em", &[]),
    ("restem-data", &["restem-em"]),
    ("restem-python", &[]),
    ("restem-reward", &["restem-em", "restem-python"]),
    ("restem-policy", &["restem-em", "restem-policy-abi"]),
    ("restem-store", &["restem-em"]),
    ("restem-report", &["restem-em", "restem-data", "restem-store"]),
    (
        "restem-cli",
        &[
            "restem-em",
            "restem-data",
            "restem-python",
            "restem-reward",
            "restem-policy",
            "restem-store",
            "restem-report",
            "restem-toolchain",
        ],
    ),
    ("restem-toolchain", &[]),
    ("restem-sdk", &[]),
    ("restem-policy-abi", &[]),
];

/// A backend in a few hundred lines that stands in for libtorch: crates may test with it, and only test.
const TEST_BACKEND: &str = "restem-scripted-backend";

/// Whether a crate may depend on another.
fn is_allowed(folder: &str, from: &str, to: &str) -> bool {
    match folder {
        // Nothing ships from there.
        "tests" | "xtask" => true,
        "plugins" => ["restem-sdk", "restem-policy-abi"].contains(&to),
        _ => ARROWS
            .iter()
            .any(|(name, targets)| *name == from && targets.contains(&to)),
    }
}

/// Crates of a kind that nothing else may depend on: what they need is not to reach the product.
fn is_leaf(folder: &str) -> bool {
    ["tests", "xtask", "plugins"].contains(&folder)
}

struct Member {
    name: String,
    folder: String,
    dependencies: Vec<Dependency>,
}

struct Dependency {
    name: String,
    for_tests: bool,
}

fn members() -> Vec<Member> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| {
            let manifest = text(&package["manifest_path"]);
            let relative = std::path::Path::new(&manifest).strip_prefix(root()).unwrap();
            let dependencies = package["dependencies"].as_array().unwrap();
            Member {
                name: text(&package["name"]),
                folder: relative.iter().next().unwrap().to_string_lossy().into_owned(),
                dependencies: dependencies
                    .iter()
                    .map(|dependency| Dependency {
                        name: text(&dependency["name"]),
                        for_tests: dependency["kind"] == "dev",
                    })
                    .collect(),
            }
        })
        .collect()
}

#[test]
fn crates_depend_only_on_what_the_table_allows() {
    let members = members();
    let mut broken = Vec::new();
    for member in &members {
        for dependency in &member.dependencies {
            let Some(target) = members.iter().find(|other| other.name == dependency.name) else {
                continue;
            };
            if dependency.for_tests && dependency.name == TEST_BACKEND {
                continue;
            }
            let into_leaf = is_leaf(&target.folder) && member.folder != "tests";
            if into_leaf || !is_allowed(&member.folder, &member.name, &dependency.name) {
                broken.push(format!("{} -> {}", member.name, dependency.name));
            }
        }
    }
    assert!(
        broken.is_empty(),
        "arrows that ARCHITECTURE does not have: {broken:#?}"
    );
}

#[test]
fn every_crate_outside_tests_and_plugins_has_its_line() {
    for member in members() {
        if !is_leaf(&member.folder) {
            let lines = ARROWS.iter().filter(|(name, _)| *name == member.name).count();
            assert_eq!(
                lines, 1,
                "{} has {lines} lines in the table of arrows",
                member.name
            );
        }
    }
}

#[test]
fn the_rule_refuses_arrows_against_the_grain() {
    assert!(!is_allowed("core", "restem-em", "restem-data"));
    assert!(!is_allowed("core", "restem-reward", "restem-sdk"));
    assert!(!is_allowed("plugins", "exact-match", "restem-em"));
    assert!(is_allowed("core", "restem-cli", "restem-report"));
}
