//! `plugin.toml`: what a plugin's author says about the file beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::grant::is_directory_name;
use crate::{Capability, RewardError};

/// Name of the manifest in a plugin's own directory.
pub(crate) const FILE: &str = "plugin.toml";

/// A plugin's manifest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Name of the plugin.
    pub name: String,
    /// Version of the plugin (semver).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What it asks for.
    #[serde(default)]
    pub capabilities: BTreeSet<Capability>,
    /// Directories that it asks to read, by name, each with what it is for. The plugin sees one as `/name`.
    #[serde(default)]
    pub directories: BTreeMap<String, String>,
    /// Rows with their rewards.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
}

/// A row and the reward that the plugin gives it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The problem's id.
    pub id: String,
    /// The question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// What to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Everything else that the problem carries.
    #[serde(default)]
    pub metadata: Map<String, Value>,
    /// The plugin's configuration for this row.
    #[serde(default)]
    pub config: Map<String, Value>,
    /// The completion.
    pub completion: String,
    /// The reward that it gets.
    pub reward: f64,
}

impl Manifest {
    /// The manifest of the plugin in `wasm`: `NAME.toml` beside `NAME.wasm`, else `plugin.toml` in the same directory,
    /// else nothing. The first is how installed plugins lie side by side, the second how a plugin's own directory looks.
    ///
    /// # Errors
    /// [`RewardError::Manifest`] when it is there and can't be read.
    pub fn beside(wasm: &Path) -> Result<Option<(PathBuf, Self)>, RewardError> {
        for path in [wasm.with_extension("toml"), wasm.with_file_name(FILE)] {
            if let Some(manifest) = Self::read(&path)? {
                return Ok(Some((path, manifest)));
            }
        }
        Ok(None)
    }

    /// The manifest of the plugin whose own directory is `dir`: its `plugin.toml`, else nothing.
    ///
    /// # Errors
    /// [`RewardError::Manifest`] when it is there and can't be read, or its name can't be a file's.
    pub fn within(dir: &Path) -> Result<Option<Self>, RewardError> {
        let path = dir.join(FILE);
        let manifest = Self::read(&path)?;
        match manifest {
            Some(manifest) if Path::new(&manifest.name).file_name() != Some(manifest.name.as_ref()) => {
                Err(RewardError::Manifest {
                    path,
                    what: format!("`name` is {:?}, which can't be a file's", manifest.name),
                })
            }
            manifest => Ok(manifest),
        }
    }

    /// The file that `restem plugin build` writes in the plugin's own directory.
    #[must_use]
    pub fn wasm(&self, dir: &Path) -> PathBuf {
        dir.join(format!("{}.wasm", self.name))
    }

    fn read(path: &Path) -> Result<Option<Self>, RewardError> {
        let refuse = |what: String| RewardError::Manifest {
            path: path.to_owned(),
            what,
        };
        match fs::read_to_string(path) {
            Ok(text) => {
                let manifest: Self = toml::from_str(&text).map_err(|error| refuse(error.to_string()))?;
                match manifest.directories.keys().find(|name| !is_directory_name(name)) {
                    None => Ok(Some(manifest)),
                    Some(name) => Err(refuse(format!(
                        "`directories.{name}`: a directory's name is one of small letters, digits and hyphens, and not a capability's"
                    ))),
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(refuse(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_of_the_same_name_comes_before_plugin_toml() {
        let dir = tempfile::tempdir().unwrap();
        let wasm = dir.path().join("mine.wasm");
        assert_eq!(Manifest::beside(&wasm).unwrap(), None);
        fs::write(dir.path().join(FILE), "name = \"folder\"").unwrap();
        assert_eq!(Manifest::beside(&wasm).unwrap().unwrap().1.name, "folder");
        fs::write(
            dir.path().join("mine.toml"),
            "name = \"mine\"\ncapabilities = [\"python\"]",
        )
        .unwrap();
        let (path, manifest) = Manifest::beside(&wasm).unwrap().unwrap();
        assert_eq!(path, dir.path().join("mine.toml"));
        assert_eq!(manifest.capabilities, BTreeSet::from([Capability::Python]));
    }

    #[test]
    fn a_name_that_leaves_the_directory_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["", "..", "../mine", "a/b", "/mine"] {
            fs::write(dir.path().join(FILE), format!("name = {name:?}")).unwrap();
            let error = Manifest::within(dir.path()).unwrap_err().to_string();
            assert!(
                error.ends_with(&format!("`name` is {name:?}, which can't be a file's")),
                "{error}"
            );
        }
        fs::write(dir.path().join(FILE), "name = \"mine\"").unwrap();
        let manifest = Manifest::within(dir.path()).unwrap().unwrap();
        assert_eq!(manifest.wasm(Path::new("d")), Path::new("d/mine.wasm"));
    }

    #[test]
    fn a_misspelt_key_is_an_error_that_names_the_file() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(FILE), "name = \"m\"\ncapability = []").unwrap();
        let error = Manifest::beside(&dir.path().join("m.wasm"))
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("plugin.toml") && error.contains("unknown field `capability`"),
            "{error}"
        );
    }
}
