//! Qwen 3, dense: Llama with normalised queries and keys and a head width of its own.

use crate::arch::{Architecture, llama, qwen2};
use crate::config::{AttentionScale, Biases, Fields, ModelConfig};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "Qwen3ForCausalLM",
    model_type: "qwen3",
    configure,
};

fn configure(fields: &Fields) -> Result<ModelConfig> {
    let attention_bias = fields.flag("attention_bias", false)?;
    let bias = Biases {
        qkv: attention_bias,
        out: attention_bias,
        mlp: false,
    };
    let head_dim = fields.size_if_present("head_dim")?.unwrap_or(128);
    let mut model = ModelConfig {
        head_dim,
        attention_scale: AttentionScale::of_width(head_dim),
        qk_norm: true,
        ..llama::plain_decoder(fields, bias)?
    };
    qwen2::slide(fields, &mut model)?;
    Ok(model)
}
