//! `config.json` of a scripted model.

use std::path::Path;

use restem_policy_abi::BackendError;
use serde::{Deserialize, Serialize};

use crate::tokenizer::{BEGIN, END, VOCABULARY};

/// What makes a directory one of ours.
const MODEL_TYPE: &str = "scripted";

/// The model's shape.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Config {
    model_type: String,
    /// How many tokens back the model looks.
    pub(crate) context: usize,
    /// Longest sequence.
    pub(crate) max_position_embeddings: usize,
    vocab_size: usize,
    bos_token_id: u32,
    eos_token_id: u32,
}

impl Config {
    pub(crate) fn new(context: usize) -> Self {
        Self {
            model_type: MODEL_TYPE.to_owned(),
            context,
            max_position_embeddings: 4096,
            vocab_size: VOCABULARY,
            bos_token_id: BEGIN,
            eos_token_id: END,
        }
    }

    pub(crate) fn read(dir: &Path) -> Result<Self, BackendError> {
        let path = dir.join("config.json");
        let text = std::fs::read_to_string(&path)
            .map_err(|error| BackendError::io(format!("cannot read {}: {error}", path.display())))?;
        let config: Self = serde_json::from_str(&text)
            .map_err(|error| BackendError::invalid_model(format!("{}: {error}", path.display())))?;
        if config.model_type != MODEL_TYPE || config.context == 0 {
            return Err(BackendError::invalid_model(format!(
                "{}: model_type `{MODEL_TYPE}` and a context above 0 are expected",
                path.display()
            )));
        }
        Ok(config)
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<(), BackendError> {
        let path = dir.join("config.json");
        let text =
            serde_json::to_string_pretty(self).map_err(|error| BackendError::internal(error.to_string()))?;
        std::fs::write(&path, text)
            .map_err(|error| BackendError::io(format!("cannot write {}: {error}", path.display())))
    }
}
