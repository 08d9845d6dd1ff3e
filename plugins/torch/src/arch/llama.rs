//! Llama: the plain pre-norm decoder that most others are variations of.

use crate::arch::Architecture;
use crate::config::{Activation, AttentionScale, Biases, Fields, ModelConfig, Rope, Span, single_rope};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "LlamaForCausalLM",
    model_type: "llama",
    configure,
};

fn configure(fields: &Fields) -> Result<ModelConfig> {
    let attention_bias = fields.flag("attention_bias", false)?;
    let bias = Biases {
        qkv: attention_bias,
        out: attention_bias,
        mlp: fields.flag("mlp_bias", false)?,
    };
    plain_decoder(fields, bias)
}

/// What Llama and its close relatives share.
pub(super) fn plain_decoder(fields: &Fields, bias: Biases) -> Result<ModelConfig> {
    plain_decoder_with(fields, bias, |fields, _| single_rope(fields))
}

/// The same with a way of its own to read the rotary embedding, given the width of a head.
pub(super) fn plain_decoder_with(
    fields: &Fields,
    bias: Biases,
    rope: fn(&Fields, i64) -> Result<Rope>,
) -> Result<ModelConfig> {
    let hidden_size = fields.size("hidden_size")?;
    let heads = fields.size("num_attention_heads")?;
    let head_dim = match fields.size_if_present("head_dim")? {
        Some(head_dim) => head_dim,
        None if hidden_size % heads == 0 => hidden_size / heads,
        None => return Err(fields.missing("head_dim")),
    };
    let rope = rope(fields, head_dim)?;
    Ok(ModelConfig {
        architecture: fields.architecture(),
        vocab_size: fields.size("vocab_size")?,
        hidden_size,
        mlp_size: fields.size("intermediate_size")?,
        heads,
        kv_heads: fields.size_if_present("num_key_value_heads")?.unwrap_or(heads),
        head_dim,
        layers: vec![Span::Full; fields.size("num_hidden_layers")? as usize],
        window: None,
        norm_eps: fields.positive("rms_norm_eps")?.unwrap_or(1e-6),
        norm_offset: 0.0,
        sandwich_norms: false,
        qk_norm: false,
        stacked_in_file: false,
        bias,
        activation: fields.activation("hidden_act", Activation::Silu)?,
        embed_scale: None,
        attention_scale: AttentionScale::of_width(head_dim),
        logit_cap: None,
        tied: fields.flag("tie_word_embeddings", false)?,
        rope_full: rope.clone(),
        rope_sliding: rope,
        max_positions: fields.size_if_present("max_position_embeddings")?.unwrap_or(2048),
        stop_tokens: fields.token_ids("eos_token_id")?,
    })
}
