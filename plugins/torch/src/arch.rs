//! The registry of architectures: a new one is a small file beside the others and a line in [`ARCHITECTURES`].

mod gemma2;
mod gemma3;
mod llama;
mod mistral;
mod phi3;
mod qwen2;
mod qwen3;

use serde_json::Value;

use crate::config::{Fields, ModelConfig};
use crate::error::{Result, TorchError};

/// What the backend can run.
pub const ARCHITECTURES: &[Architecture] = &[
    gemma2::ARCHITECTURE,
    gemma3::ARCHITECTURE,
    llama::ARCHITECTURE,
    mistral::ARCHITECTURE,
    phi3::ARCHITECTURE,
    qwen2::ARCHITECTURE,
    qwen3::ARCHITECTURE,
];

/// One entry of the registry.
pub struct Architecture {
    /// Class name as in `architectures`.
    pub class: &'static str,
    /// `model_type`, used when `architectures` is absent.
    pub model_type: &'static str,
    /// Turns the fields of `config.json` into what the shared blocks understand.
    pub configure: fn(&Fields) -> Result<ModelConfig>,
}

/// The registry's entry for a parsed `config.json`.
///
/// # Errors
/// [`TorchError::Architecture`] with the list of supported ones.
pub fn find(config: &Value) -> Result<&'static Architecture> {
    let class = config["architectures"][0].as_str();
    let model_type = config["model_type"].as_str();
    let known = |entry: &&Architecture| match class {
        Some(class) => entry.class == class,
        None => Some(entry.model_type) == model_type,
    };
    ARCHITECTURES
        .iter()
        .find(known)
        .ok_or_else(|| TorchError::Architecture {
            found: class
                .or(model_type)
                .unwrap_or("(none named)")
                .chars()
                .take(80)
                .collect(),
            supported: ARCHITECTURES
                .iter()
                .map(|entry| entry.class)
                .collect::<Vec<_>>()
                .join(", "),
        })
}
