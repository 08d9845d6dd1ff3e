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
const FILE: &str = "plugin.toml";

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
            let refuse = |what: String| RewardError::Manifest {
                path: path.clone(),
                what,
            };
            match fs::read_to_string(&path) {
                Ok(text) => {
                    let manifest: Self = toml::from_str(&text).map_err(|error| refuse(error.to_string()))?;
                    if let Some(name) = manifest.directories.keys().find(|name| !is_directory_name(name)) {
                        return Err(refuse(format!(
                            "`directories.{name}`: a directory's name is one of small letters, digits and hyphens, and not a capability's"
                        )));
                    }
                    return Ok(Some((path, manifest)));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(refuse(error.to_string())),
            }
        }
        Ok(None)
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
