//! Gemma 2: sliding and full attention in turn, norms on both sides, soft caps on attention scores and logits.

use serde_json::json;

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::plan::Transform;
use super::dimensions::Dimensions;
use super::{Architecture, Imported, MergeOrder, rope};

const NAME: &str = "gemma2";
/// What the first converted files do not state, as llama.cpp assumes it for them.
const DEFAULT_WINDOW: u64 = 4096;
const DEFAULT_ATTENTION_CAP: f64 = 50.0;
const DEFAULT_LOGIT_CAP: f64 = 30.0;
/// Layers of the 27B model, the only one whose attention is scaled by `hidden / heads` and not by the head's width.
const LAYERS_27B: u64 = 46;

/// The `gemma2` architecture.
pub(super) struct Gemma2;

impl Architecture for Gemma2 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn merge_order(&self) -> MergeOrder {
        // As for Gemma 3, whose vocabulary is made in the same way.
        MergeOrder::Position
    }

    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError> {
        let metadata = &gguf.metadata;
        let sizes = Dimensions::read(NAME, gguf)?;
        let base = rope::base(NAME, metadata)?;
        let scaling = rope::scaling(NAME, metadata)?;
        let window = metadata
            .size("gemma2.attention.sliding_window", sizes.context)?
            .unwrap_or(DEFAULT_WINDOW);
        let attention_cap = metadata
            .positive("gemma2.attn_logit_softcapping")?
            .unwrap_or(DEFAULT_ATTENTION_CAP);
        let logit_cap = metadata
            .positive("gemma2.final_logit_softcapping")?
            .unwrap_or(DEFAULT_LOGIT_CAP);
        let attention_scale = match sizes.layers {
            LAYERS_27B => sizes.hidden / sizes.heads,
            _ => sizes.head,
        };
        let layer_types: Vec<&str> = (0..sizes.layers)
            .map(|layer| match layer % 2 {
                0 => "sliding_attention",
                _ => "full_attention",
            })
            .collect();

        let mut config = sizes.config("gemma2", "Gemma2ForCausalLM");
        for (key, value) in [
            ("attention_bias", json!(false)),
            ("attn_logit_softcapping", json!(attention_cap)),
            ("final_logit_softcapping", json!(logit_cap)),
            ("hidden_activation", json!("gelu_pytorch_tanh")),
            ("layer_types", json!(layer_types)),
            ("query_pre_attn_scalar", json!(attention_scale)),
            ("sliding_window", json!(window)),
        ] {
            config.insert(key.into(), value);
        }
        rope::configure(&mut config, base, scaling);

        let mut weights = sizes.outer_weights(Transform::SubtractOne);
        for layer in 0..sizes.layers {
            sizes.layer_matrices(&mut weights, layer, Transform::Keep);
            for names in [
                ("attn_norm.weight", "input_layernorm.weight"),
                ("post_attention_norm.weight", "post_attention_layernorm.weight"),
                ("ffn_norm.weight", "pre_feedforward_layernorm.weight"),
                ("post_ffw_norm.weight", "post_feedforward_layernorm.weight"),
            ] {
                Dimensions::layer_vector(&mut weights, layer, names, sizes.hidden, Transform::SubtractOne);
            }
        }
        Ok(Imported {
            config,
            weights,
            vocabulary: sizes.vocabulary,
        })
    }
}
