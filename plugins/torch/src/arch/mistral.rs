//! Mistral: Llama whose layers all see a sliding window, where the config names one.

use crate::arch::{Architecture, llama};
use crate::config::{Biases, Fields, ModelConfig};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "MistralForCausalLM",
    model_type: "mistral",
    configure,
};

/// Window of a config that does not mention one; `null` means none.
const WINDOW: i64 = 4096;

fn configure(fields: &Fields) -> Result<ModelConfig> {
    let mut model = llama::plain_decoder(fields, Biases::default())?;
    model.slide_everywhere(fields.size_or("sliding_window", WINDOW)?);
    Ok(model)
}
