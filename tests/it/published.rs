//! What was published stays: the WIT folders, a component from the day of their freeze; and what is generated is fresh.

use std::fs;
use std::path::{Path, PathBuf};

use restem_em::Digest;
use restem_tests::{restem, with_input};

/// Every published version of the WIT package and the digest of its folder. A line here never changes.
const FROZEN: [(&str, &str); 1] = [(
    "v0.1",
    "12c7f06e846e1d11d82834be139f1dafc9e3e30d0191a209c32cab85bf15a75b",
)];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Digest of a folder's files, names and contents, in order of name.
fn of_folder(dir: &Path) -> Digest {
    let mut files: Vec<PathBuf> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let name = |file: &Path| {
        file.file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned()
            .into_bytes()
    };
    Digest::of_parts(
        files
            .iter()
            .flat_map(|file| [name(file), fs::read(file).unwrap()]),
    )
}

#[test]
fn a_published_version_of_the_wit_package_never_changes() {
    let wit = root().join("sdk/reward/wit");
    let mut versions: Vec<String> = fs::read_dir(&wit)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    versions.sort();
    assert_eq!(
        versions,
        FROZEN.map(|(version, _)| version),
        "a new folder gets a line in FROZEN"
    );
    for (version, digest) in FROZEN {
        assert_eq!(
            of_folder(&wit.join(version)).to_string(),
            digest,
            "sdk/reward/wit/{version} is frozen: put the change into a new folder and a new module of the host"
        );
    }
}

#[test]
fn the_compatibility_table_names_every_version() {
    let table = fs::read_to_string(root().join("docs/src/compatibility.md")).unwrap();
    for (version, _) in FROZEN {
        let row = format!("| `restem:reward@{}.0` |", &version[1..]);
        assert!(table.contains(&row), "{row}");
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_component_of_the_day_of_the_freeze_gives_the_rewards_of_that_day() {
    for (version, _) in FROZEN {
        let dir = root().join("tests/frozen").join(version);
        let mut components = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
            .peekable();
        assert!(components.peek().is_some(), "a frozen component of {version}");
        for component in components {
            let output = restem()
                .args(["plugin", "test"])
                .arg(&component)
                .output()
                .unwrap();
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{}: {said}", component.display());
        }
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn the_schema_in_the_book_is_the_one_of_the_types() {
    let kept = fs::read_to_string(root().join("docs/plugin.schema.json")).unwrap();
    let made = with_input(&["plugin", "schema"], "").stdout;
    assert_eq!(
        kept,
        String::from_utf8(made).unwrap(),
        "write it anew: `restem plugin schema > docs/plugin.schema.json`"
    );
}

#[test]
fn every_page_of_the_book_is_listed_and_every_file_that_it_shows_is_there() {
    let pages = root().join("docs/src");
    let summary = fs::read_to_string(pages.join("SUMMARY.md")).unwrap();
    for entry in fs::read_dir(&pages).unwrap() {
        let page = entry.unwrap().path();
        let name = page.file_name().unwrap().to_string_lossy().into_owned();
        assert!(
            name == "SUMMARY.md" || summary.contains(&format!("({name})")),
            "{name} is not listed"
        );
        let text = fs::read_to_string(&page).unwrap();
        for shown in text.split("{{#include ").skip(1) {
            let (file, _) = shown.split_once("}}").unwrap();
            assert!(pages.join(file).is_file(), "{name} shows {file}");
        }
        for link in text.split("](").skip(1) {
            let (target, _) = link.split_once(')').unwrap();
            let file = target.split('#').next().unwrap();
            let here = file.is_empty() || file.contains("://") || pages.join(file).is_file();
            assert!(here, "{name} links to {target}");
        }
    }
}
