//! Low-rank adapters (Hu et al. 2021): the option `lora` of `open`, and directories in PEFT's format.
//!
//! A model that is opened with the option trains its adapters and nothing else, and saves an adapter directory. A directory of
//! that kind which is opened without the option is the base model with the adapter merged into its weights.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{BackendError, OpenOptions};

/// Key of the option.
pub const LORA: &str = "lora";

/// The target that stands for every projection of the layers.
pub const ALL_LINEAR: &str = "all-linear";

/// The file that makes a directory an adapter directory.
pub const ADAPTER_CONFIG: &str = "adapter_config.json";

/// The adapters to train: `W x` becomes `W x + scale B A x`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lora {
    /// Rows of `A` and columns of `B`; at least 1.
    pub rank: u32,
    /// The scale is `alpha / rank`.
    pub alpha: f64,
    /// Whether the scale is `alpha / sqrt(rank)` instead (Kalajdzievski 2023).
    pub rslora: bool,
    /// The projections that have adapters, as the ends of their names (`q_proj`), or [`ALL_LINEAR`] alone.
    pub target_modules: Vec<String>,
    /// Seed of the first values of `A`, unless the model's directory is an adapter that goes on.
    pub seed: u64,
}

impl OpenOptions {
    /// The option [`LORA`].
    ///
    /// # Errors
    /// [`crate::ErrorCode::InvalidArgument`] when it is not a [`Lora`].
    pub fn lora(&self) -> Result<Option<Lora>, BackendError> {
        let parse = |value: &Value| {
            Lora::deserialize(value)
                .map_err(|error| BackendError::invalid_argument(format!("backend option `{LORA}`: {error}")))
        };
        self.others.get(LORA).map(parse).transpose()
    }

    /// The same options with adapters to train.
    #[must_use]
    pub fn with_lora(mut self, lora: &Lora) -> Self {
        let value = serde_json::to_value(lora).expect("numbers and texts are JSON");
        self.others.insert(LORA.to_owned(), value);
        self
    }
}

/// The base model's directory, where `dir` is an adapter directory: what its `base_model_name_or_path` names, absolute,
/// relative to `dir`, or relative to the working directory.
///
/// # Errors
/// When the adapter's configuration can't be read, or names no directory that is there (a name on a model hub, for example).
pub fn adapter_base(dir: &Path) -> Result<Option<PathBuf>, BackendError> {
    let path = dir.join(ADAPTER_CONFIG);
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read(&path)
        .map_err(|error| BackendError::io(format!("cannot read `{}`: {error}", path.display())))?;
    let config: Value = serde_json::from_slice(&text)
        .map_err(|error| BackendError::invalid_model(format!("`{}` is not JSON: {error}", path.display())))?;
    let name = config["base_model_name_or_path"].as_str().unwrap_or_default();
    let places = [dir.join(name), PathBuf::from(name)];
    match places
        .into_iter()
        .find(|place| !name.is_empty() && place.is_dir())
    {
        Some(place) => Ok(Some(place)),
        None => Err(BackendError::invalid_model(format!(
            "the adapter `{}` belongs to the base model `{name}`, which is no directory here\n  hint: set \
             `base_model_name_or_path` in `{}` to the base model's directory",
            dir.display(),
            path.display()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_survives_the_crossing() {
        let lora = Lora {
            rank: 16,
            alpha: 32.0,
            rslora: false,
            target_modules: vec![ALL_LINEAR.to_owned()],
            seed: u64::MAX,
        };
        let options = OpenOptions::default().with_lora(&lora);
        let crossed = OpenOptions::from_json(&options.to_json()).unwrap();
        assert_eq!(crossed.lora().unwrap(), Some(lora));
        assert_eq!(OpenOptions::default().lora().unwrap(), None);
        let wrong = OpenOptions::from_json(r#"{"lora": {"r": 8}}"#).unwrap();
        let error = wrong.lora().unwrap_err().message;
        assert!(
            error.starts_with("backend option `lora`: unknown field `r`"),
            "{error}"
        );
    }

    #[test]
    fn the_base_is_found_from_the_adapter() {
        let folder = tempfile::tempdir().unwrap();
        let (base, adapter) = (folder.path().join("base"), folder.path().join("adapter"));
        std::fs::create_dir(&base).unwrap();
        std::fs::create_dir(&adapter).unwrap();
        assert_eq!(adapter_base(&base).unwrap(), None);
        let write = |name: &str| {
            let text = serde_json::json!({"base_model_name_or_path": name}).to_string();
            std::fs::write(adapter.join(ADAPTER_CONFIG), text).unwrap();
        };
        write("../base");
        assert_eq!(adapter_base(&adapter).unwrap(), Some(adapter.join("../base")));
        write(base.to_str().unwrap());
        assert_eq!(adapter_base(&adapter).unwrap(), Some(base));
        write("some-org/some-model");
        let message = adapter_base(&adapter).unwrap_err().message;
        assert_eq!(
            message.replace(&folder.path().display().to_string(), "…"),
            "the adapter `…/adapter` belongs to the base model `some-org/some-model`, which is no directory here\n  hint: set \
             `base_model_name_or_path` in `…/adapter/adapter_config.json` to the base model's directory"
        );
    }
}
