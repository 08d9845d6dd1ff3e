//! Qwen3 (dense): Llama's shape with norms of queries and keys and a head width of its own.

use serde_json::{Value, json};

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::plan::Transform;
use super::dimensions::Dimensions;
use super::{Architecture, Imported, rope};

const NAME: &str = "qwen3";

/// The `qwen3` architecture.
pub(super) struct Qwen3;

impl Architecture for Qwen3 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError> {
        let sizes = Dimensions::read(NAME, gguf)?;
        let base = rope::base(NAME, &gguf.metadata)?;
        let scaling = rope::scaling(NAME, &gguf.metadata)?;

        let mut config = sizes.config("qwen3", "Qwen3ForCausalLM");
        for (key, value) in [
            ("attention_bias", json!(false)),
            ("hidden_act", json!("silu")),
            ("max_window_layers", json!(sizes.layers)),
            ("sliding_window", Value::Null),
            ("use_sliding_window", json!(false)),
        ] {
            config.insert(key.into(), value);
        }
        rope::configure(&mut config, base, scaling);

        let mut weights = sizes.outer_weights(Transform::Keep);
        for layer in 0..sizes.layers {
            sizes.layer_matrices(&mut weights, layer, Transform::Keep);
            for (names, length) in [
                (("attn_norm.weight", "input_layernorm.weight"), sizes.hidden),
                (
                    ("ffn_norm.weight", "post_attention_layernorm.weight"),
                    sizes.hidden,
                ),
                (("attn_q_norm.weight", "self_attn.q_norm.weight"), sizes.head),
                (("attn_k_norm.weight", "self_attn.k_norm.weight"), sizes.head),
            ] {
                Dimensions::layer_vector(&mut weights, layer, names, length, Transform::Keep);
            }
        }
        Ok(Imported {
            config,
            weights,
            vocabulary: sizes.vocabulary,
        })
    }
}
