//! Gemma 2: sliding and full attention in turn, norms on both sides, soft caps on attention scores and logits.

use crate::arch::{Architecture, llama};
use crate::config::{Activation, AttentionScale, Biases, Fields, ModelConfig, Span};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "Gemma2ForCausalLM",
    model_type: "gemma2",
    configure,
};

/// Caps and window of a config that does not mention them; `null` means none.
const ATTENTION_CAP: f64 = 50.0;
const LOGIT_CAP: f64 = 30.0;
const WINDOW: i64 = 4096;

fn configure(fields: &Fields) -> Result<ModelConfig> {
    fields.must_be_absent_or("use_bidirectional_attention", &[false.into()])?;
    let attention_bias = fields.flag("attention_bias", false)?;
    let bias = Biases {
        qkv: attention_bias,
        out: attention_bias,
        mlp: false,
    };
    let plain = llama::plain_decoder(fields, bias)?;
    let layers = plain.layers.len() as i64;
    let in_turn = |layer: i64| match layer % 2 {
        0 => Span::Sliding,
        _ => Span::Full,
    };
    Ok(ModelConfig {
        head_dim: fields.size_if_present("head_dim")?.unwrap_or(256),
        layers: fields
            .layer_types(layers)?
            .unwrap_or_else(|| (0..layers).map(in_turn).collect()),
        window: fields.size_or("sliding_window", WINDOW)?,
        norm_offset: 1.0,
        sandwich_norms: true,
        activation: fields.activation("hidden_activation", Activation::GeluTanh)?,
        embed_scale: Some((plain.hidden_size as f64).sqrt()),
        attention_scale: AttentionScale {
            factor: fields
                .positive("query_pre_attn_scalar")?
                .unwrap_or(256.0)
                .powf(-0.5),
            cap: fields.positive_or("attn_logit_softcapping", ATTENTION_CAP)?,
        },
        logit_cap: fields.positive_or("final_logit_softcapping", LOGIT_CAP)?,
        tied: fields.flag("tie_word_embeddings", true)?,
        max_positions: fields.size_if_present("max_position_embeddings")?.unwrap_or(8192),
        ..plain
    })
}
