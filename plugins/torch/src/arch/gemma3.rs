//! Gemma 3, text only: alternating sliding and full attention, normalised queries and keys, norms on both sides.

use crate::arch::Architecture;
use crate::config::{Activation, AttentionScale, Biases, Fields, ModelConfig, Span, gemma_ropes};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "Gemma3ForCausalLM",
    model_type: "gemma3_text",
    configure,
};

/// Every sixth layer sees everything, unless `layer_types` says otherwise.
const FULL_EVERY: i64 = 6;

fn configure(fields: &Fields) -> Result<ModelConfig> {
    fields.must_be_absent_or("attn_logit_softcapping", &[])?;
    fields.must_be_absent_or("final_logit_softcapping", &[])?;
    fields.must_be_absent_or("use_bidirectional_attention", &[false.into()])?;
    let layers = fields.size("num_hidden_layers")?;
    let pattern = match fields.size_if_present("sliding_window_pattern")? {
        Some(pattern) => pattern,
        None => fields
            .size_if_present("_sliding_window_pattern")?
            .unwrap_or(FULL_EVERY),
    };
    let by_pattern = |layer: i64| {
        if (layer + 1) % pattern == 0 {
            Span::Full
        } else {
            Span::Sliding
        }
    };
    let spans = fields
        .layer_types(layers)?
        .unwrap_or_else(|| (0..layers).map(by_pattern).collect());
    let hidden_size = fields.size("hidden_size")?;
    let attention_bias = fields.flag("attention_bias", false)?;
    let (rope_full, rope_sliding) = gemma_ropes(fields)?;
    Ok(ModelConfig {
        architecture: fields.architecture(),
        vocab_size: fields.size("vocab_size")?,
        hidden_size,
        mlp_size: fields.size("intermediate_size")?,
        heads: fields.size("num_attention_heads")?,
        kv_heads: fields.size("num_key_value_heads")?,
        head_dim: fields.size_if_present("head_dim")?.unwrap_or(256),
        layers: spans,
        window: fields.size_if_present("sliding_window")?,
        norm_eps: fields.positive("rms_norm_eps")?.unwrap_or(1e-6),
        norm_offset: 1.0,
        sandwich_norms: true,
        qk_norm: true,
        stacked_in_file: false,
        bias: Biases {
            qkv: attention_bias,
            out: attention_bias,
            mlp: false,
        },
        activation: fields.activation("hidden_activation", Activation::GeluTanh)?,
        embed_scale: Some((hidden_size as f64).sqrt()),
        attention_scale: AttentionScale {
            factor: fields
                .positive("query_pre_attn_scalar")?
                .unwrap_or(256.0)
                .powf(-0.5),
            cap: None,
        },
        logit_cap: None,
        tied: fields.flag("tie_word_embeddings", true)?,
        rope_full,
        rope_sliding,
        max_positions: fields
            .size_if_present("max_position_embeddings")?
            .unwrap_or(131_072),
        stop_tokens: fields.token_ids("eos_token_id")?,
    })
}
