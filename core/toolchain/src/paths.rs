//! This machine's directories, and what is written in a plugin instead of them.
//!
//! A panic names its file. Without this a plugin would carry its author's home directory to everybody who runs it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Directories and what stands for them; among several that hold a file the last one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Paths(Vec<(PathBuf, String)>);

impl Paths {
    /// The paths of a project, given what `cargo metadata` says of it.
    ///
    /// The workspace's own files become relative to it (`src/lib.rs`), those of registries begin with the package
    /// (`serde-1.0.228/src/lib.rs`), and so do those of packages in other directories.
    pub(crate) fn of(metadata: &Value) -> Self {
        let mut paths = Vec::new();
        let root = metadata["workspace_root"].as_str().map(PathBuf::from);
        paths.extend(root.clone().map(|root| (root, String::new())));
        let mut registries = BTreeSet::new();
        let mut alone = BTreeSet::new();
        for package in metadata["packages"].as_array().into_iter().flatten() {
            let Some(dir) = package["manifest_path"]
                .as_str()
                .and_then(|path| Path::new(path).parent())
            else {
                continue;
            };
            let from_registry = package["source"]
                .as_str()
                .is_some_and(|source| !source.starts_with("git+"));
            if from_registry {
                registries.extend(dir.parent().map(Path::to_owned));
            } else if root.as_ref().is_none_or(|root| !dir.starts_with(root)) {
                let text = |key: &str| package[key].as_str().unwrap_or_default();
                alone.insert((dir.to_owned(), format!("{}-{}", text("name"), text("version"))));
            }
        }
        paths.extend(registries.into_iter().map(|dir| (dir, String::new())));
        paths.extend(alone);
        Self(paths)
    }

    /// Adds a directory and the name that stands for it.
    pub(crate) fn add(&mut self, dir: PathBuf, name: String) {
        self.0.push((dir, name));
    }

    /// The compiler's flags.
    pub(crate) fn flags(&self) -> impl Iterator<Item = String> {
        self.0
            .iter()
            .map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_kind_of_package_has_its_place() {
        let package = |name: &str, dir: &str, source: Option<&str>| json!({"name": name, "version": "1.0.0", "manifest_path": format!("{dir}/Cargo.toml"), "source": source});
        let metadata = json!({
            "workspace_root": "/home/me/mine",
            "packages": [
                package("mine", "/home/me/mine", None),
                package("part", "/home/me/mine/part", None),
                package("restem-sdk", "/opt/restem/sdk/reward", None),
                package("serde", "/home/me/.cargo/registry/src/r-1/serde-1.0.0", Some("registry+https://r")),
                package("itoa", "/home/me/.cargo/registry/src/r-1/itoa-1.0.0", Some("sparse+https://r")),
                package("odd", "/home/me/.cargo/git/checkouts/odd-2/ab", Some("git+https://g")),
            ],
        });
        let flags: Vec<_> = Paths::of(&metadata).flags().collect();
        assert_eq!(
            flags,
            [
                "--remap-path-prefix=/home/me/mine=",
                "--remap-path-prefix=/home/me/.cargo/registry/src/r-1=",
                "--remap-path-prefix=/home/me/.cargo/git/checkouts/odd-2/ab=odd-1.0.0",
                "--remap-path-prefix=/opt/restem/sdk/reward=restem-sdk-1.0.0",
            ]
        );
    }
}
