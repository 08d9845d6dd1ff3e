//! Qwen 2 and 2.5: Llama with a bias on queries, keys and values.

use crate::arch::{Architecture, llama};
use crate::config::{Biases, Fields, ModelConfig, Span};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "Qwen2ForCausalLM",
    model_type: "qwen2",
    configure,
};

fn configure(fields: &Fields) -> Result<ModelConfig> {
    let mut model = llama::plain_decoder(
        fields,
        Biases {
            qkv: true,
            out: false,
            mlp: false,
        },
    )?;
    slide(fields, &mut model)?;
    Ok(model)
}

/// Gives the layers that the config says a sliding window, as Qwen 2 and 3 spell it.
pub(super) fn slide(fields: &Fields, model: &mut ModelConfig) -> Result<()> {
    if fields.flag("use_sliding_window", false)? {
        model.window = fields.size_if_present("sliding_window")?;
        let layers = model.layers.len() as i64;
        let first_sliding = fields.size_if_present("max_window_layers")?.unwrap_or(28);
        let by_depth = |layer: i64| {
            if layer >= first_sliding {
                Span::Sliding
            } else {
                Span::Full
            }
        };
        model.layers = fields
            .layer_types(layers)?
            .unwrap_or_else(|| (0..layers).map(by_depth).collect());
    }
    Ok(())
}
