//! Directories that hold an adapter instead of a whole model.

use std::path::{Path, PathBuf};

use restem_em::PolicyError;
use restem_policy_abi::adapter_base;

/// The directory whose tokenizer and chat template are those of the model in `dir`: `dir` itself, unless it is an adapter
/// that came without a tokenizer; then its base model's.
///
/// # Errors
/// When such an adapter's base model is not there.
pub fn tokenizer_dir(dir: &Path) -> Result<PathBuf, PolicyError> {
    if dir.join("tokenizer.json").exists() {
        return Ok(dir.to_owned());
    }
    Ok(base_dir(dir)?.unwrap_or_else(|| dir.to_owned()))
}

/// The base model's directory, where `dir` holds an adapter.
///
/// # Errors
/// When it is not there.
pub fn base_dir(dir: &Path) -> Result<Option<PathBuf>, PolicyError> {
    adapter_base(dir).map_err(|error| PolicyError::message(error.message))
}
