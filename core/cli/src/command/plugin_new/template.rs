//! The projects that `restem plugin new` writes: the files of `sdk/template`, embedded.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use restem_reward::Capability;

use super::name::PluginName;

/// A project under a placeholder's name.
#[derive(Debug)]
pub(crate) struct Template {
    /// What it is called, and its folder.
    pub(crate) name: &'static str,
    /// What it rewards.
    pub(crate) about: &'static str,
    /// What its `plugin.toml` asks for.
    pub(crate) capabilities: &'static [Capability],
    /// Paths and texts.
    pub(crate) files: &'static [(&'static str, &'static str)],
}

/// The template that is taken when none is named.
pub(crate) const DEFAULT: &str = "basic";

macro_rules! template {
    ($name:literal, $about:literal, $capabilities:expr, [$($path:literal),* $(,)?]) => {
        Template {
            name: $name,
            about: $about,
            capabilities: &$capabilities,
            files: &[$((
                $path,
                include_str!(concat!("../../../../../sdk/template/", $name, "/", $path)),
            )),*],
        }
    };
}

/// All templates: one entry each, with its files.
#[rustfmt::skip]
static ALL: &[Template] = &[
    template!("basic", "the last word is the reference", [],
        [".gitignore", "Cargo.toml", "README.md", "plugin.toml", "rows.jsonl", "src/lib.rs"]),
    template!("llm-answer", "the final answer of a completion equals the reference, with options", [],
        [".gitignore", "Cargo.toml", "README.md", "plugin.toml", "rows.jsonl", "src/canonical.rs", "src/extract.rs",
         "src/lib.rs"]),
    template!("code-tests", "a program passes the problem's tests, in the Python sandbox", [Capability::Python],
        [".gitignore", "Cargo.toml", "README.md", "plugin.toml", "rows.jsonl", "src/extract.rs", "src/judged.rs",
         "src/lib.rs", "src/outcome.rs"]),
    template!("python", "the share of a JSON object's fields that a completion gets right, in Python", [],
        [".gitignore", "README.md", "plugin.toml", "requirements.txt", "rows.jsonl", "scorer.py", "wit/world.wit",
         "wit/deps/restem-reward/reward.wit"]),
    template!("javascript", "the share of a JSON object's fields that a completion gets right, in JavaScript", [],
        [".gitignore", "README.md", "package.json", "plugin.toml", "rows.jsonl", "scorer.js", "wit/world.wit",
         "wit/deps/restem-reward/reward.wit"]),
];

/// What stands in a template for the names of a plugin.
const PACKAGE: &str = "my-reward";
const CRATE: &str = "my_reward";
const TYPE: &str = "MyReward";

impl Template {
    /// Its files for a plugin of this name.
    pub(crate) fn files(&self, name: &PluginName) -> impl Iterator<Item = (&'static str, String)> {
        let (crate_name, type_name) = (name.crate_name(), name.type_name());
        self.files.iter().map(move |(path, text)| {
            let text = text
                .replace(PACKAGE, name.as_str())
                .replace(CRATE, &crate_name)
                .replace(TYPE, &type_name);
            (*path, text)
        })
    }

    /// What installs the tool that builds it, in its own directory; cargo needs no such thing.
    pub(crate) fn set_up(&self) -> Option<&'static str> {
        let has = |name| self.files.iter().any(|(path, _)| *path == name);
        if has("requirements.txt") {
            Some("python3 -m venv .venv && .venv/bin/pip install -r requirements.txt")
        } else {
            has("package.json").then_some("npm install")
        }
    }

    /// Whether it is a crate.
    pub(crate) fn is_rust(&self) -> bool {
        self.files.iter().any(|(path, _)| *path == "Cargo.toml")
    }
}

/// Reads a template's name on the command line.
pub(crate) fn parser() -> impl TypedValueParser<Value = &'static Template> {
    let names = ALL
        .iter()
        .map(|template| PossibleValue::new(template.name).help(template.about));
    PossibleValuesParser::new(names).map(|name| {
        ALL.iter()
            .find(|template| template.name == name)
            .expect("the parser lets the names of the table through, and nothing else")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use restem_reward::Manifest;

    use super::*;

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/template")
    }

    fn manifest(template: &Template) -> Manifest {
        let (_, text) = template
            .files
            .iter()
            .find(|(path, _)| *path == "plugin.toml")
            .unwrap();
        toml::from_str(text).unwrap()
    }

    /// What a folder holds, build output left out.
    fn files(dir: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if name != "target" {
                    files(&path, &format!("{prefix}{name}/"), found);
                }
            } else if name != "Cargo.lock" && !name.ends_with(".wasm") {
                found.insert(format!("{prefix}{name}"));
            }
        }
    }

    #[test]
    fn every_folder_is_a_template_with_all_its_files() {
        let mut folders: Vec<_> = fs::read_dir(folder())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir())
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        folders.sort();
        let mut names: Vec<_> = ALL.iter().map(|template| template.name).collect();
        names.sort_unstable();
        assert_eq!(names, folders);
        for template in ALL {
            let mut there = BTreeSet::new();
            files(&folder().join(template.name), "", &mut there);
            let listed: BTreeSet<_> = template
                .files
                .iter()
                .map(|(path, _)| (*path).to_owned())
                .collect();
            assert_eq!(listed, there, "{}", template.name);
        }
    }

    #[test]
    fn every_manifest_is_one_and_asks_for_what_the_table_says() {
        for template in ALL {
            let manifest = manifest(template);
            assert_eq!(manifest.name, PACKAGE, "{}", template.name);
            assert!(!manifest.examples.is_empty(), "{}", template.name);
            assert!(
                template.files.iter().any(|(path, _)| *path == super::super::ROWS),
                "{}",
                template.name
            );
            let capabilities: Vec<_> = manifest.capabilities.into_iter().collect();
            assert_eq!(capabilities, template.capabilities, "{}", template.name);
        }
    }

    #[test]
    fn those_of_other_languages_are_the_examples_under_another_name() {
        let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
        for (template, folder, name) in [
            ("python", "plugin-python", "json-fields"),
            ("javascript", "plugin-javascript", "json-fields-js"),
        ] {
            let template = ALL.iter().find(|other| other.name == template).unwrap();
            for (path, text) in template.files(&name.parse().unwrap()) {
                let example = fs::read_to_string(examples.join(folder).join(path)).unwrap();
                assert_eq!(text, example, "{folder}/{path}");
            }
        }
    }

    #[test]
    fn the_interface_is_the_published_one() {
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/reward/wit/v0.1/reward.wit");
        let wit = fs::read_to_string(wit).unwrap();
        let copies = ALL.iter().flat_map(|template| template.files);
        let copies: Vec<_> = copies.filter(|(path, _)| path.ends_with("/reward.wit")).collect();
        assert_eq!(copies.len(), 2);
        assert!(copies.iter().all(|(_, text)| *text == wit));
    }

    #[test]
    fn no_placeholder_is_left() {
        let name = "last-word".parse().unwrap();
        for template in ALL {
            for (path, text) in template.files(&name) {
                for placeholder in [PACKAGE, CRATE, TYPE] {
                    assert!(!text.contains(placeholder), "{}/{path}", template.name);
                }
            }
        }
    }

    #[test]
    fn the_default_is_one_of_them() {
        assert!(ALL.iter().any(|template| template.name == DEFAULT));
    }
}
