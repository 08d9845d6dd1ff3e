//! Qwen2 and Qwen2.5: Llama's shape with biases on queries, keys and values.

use serde_json::{Value, json};

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::plan::Transform;
use super::dimensions::Dimensions;
use super::{Architecture, Imported, rope};

const NAME: &str = "qwen2";

/// The `qwen2` architecture.
pub(super) struct Qwen2;

impl Architecture for Qwen2 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError> {
        let sizes = Dimensions::read(NAME, gguf)?;
        sizes.check_heads_make_up_hidden(NAME)?;
        let base = rope::base(NAME, &gguf.metadata)?;
        let scaling = rope::scaling(NAME, &gguf.metadata)?;

        let mut config = sizes.config("qwen2", "Qwen2ForCausalLM");
        for (key, value) in [
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
                (("attn_q.bias", "self_attn.q_proj.bias"), sizes.query_rows()),
                (("attn_k.bias", "self_attn.k_proj.bias"), sizes.key_rows()),
                (("attn_v.bias", "self_attn.v_proj.bias"), sizes.key_rows()),
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
