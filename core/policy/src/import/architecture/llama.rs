//! Llama and the models that share its shape (Mistral, SmolLM, TinyLlama), which GGUF files call by the same name.

use serde_json::json;

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::plan::Transform;
use super::dimensions::Dimensions;
use super::{Architecture, Imported, llama3_rope, rope};

const NAME: &str = "llama";

/// The `llama` architecture.
pub(super) struct Llama;

impl Architecture for Llama {
    fn name(&self) -> &'static str {
        NAME
    }

    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError> {
        let sizes = Dimensions::read(NAME, gguf)?;
        let base = rope::base(NAME, &gguf.metadata)?;
        let factors = llama3_rope::scaling(gguf, sizes.head, base)?;
        let scaling = match factors {
            Some(scaling) => Some(scaling),
            None => rope::scaling(NAME, &gguf.metadata)?,
        };

        // A window makes it a Mistral, the only one of them whose configuration has a field for it. Files say 0 for none.
        let window = gguf.metadata.integer("llama.attention.sliding_window")?;
        let mut config = match window.filter(|window| *window > 0 && *window < sizes.context) {
            Some(window) => {
                let mut config = sizes.config("mistral", "MistralForCausalLM");
                config.insert("sliding_window".into(), json!(window));
                config
            }
            None => {
                let mut config = sizes.config("llama", "LlamaForCausalLM");
                config.insert("attention_bias".into(), json!(false));
                config.insert("mlp_bias".into(), json!(false));
                config
            }
        };
        config.insert("hidden_act".into(), json!("silu"));
        rope::configure(&mut config, base, scaling);

        let mut weights = sizes.outer_weights(Transform::Keep);
        weights.ignore(llama3_rope::FACTORS);
        for layer in 0..sizes.layers {
            sizes.layer_matrices(
                &mut weights,
                layer,
                Transform::SplitRotaryPairs {
                    head_rows: sizes.head,
                },
            );
            for names in [
                ("attn_norm.weight", "input_layernorm.weight"),
                ("ffn_norm.weight", "post_attention_layernorm.weight"),
            ] {
                Dimensions::layer_vector(&mut weights, layer, names, sizes.hidden, Transform::Keep);
            }
        }
        Ok(Imported {
            config,
            weights,
            vocabulary: sizes.vocabulary,
        })
    }
}
