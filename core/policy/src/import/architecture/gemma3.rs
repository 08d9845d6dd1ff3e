//! Gemma 3 (text): sliding and full attention in turn, norms of queries and keys, two rotary bases.

use serde_json::{Value, json};

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::plan::Transform;
use super::dimensions::Dimensions;
use super::{Architecture, Imported, MergeOrder, rope};

const NAME: &str = "gemma3";
/// Every sixth layer attends to everything, the others to a window.
const DEFAULT_PATTERN: u64 = 6;
/// Rotary base of the windowed layers.
const DEFAULT_LOCAL_BASE: f64 = 10_000.0;
/// Rotary base of the full layers.
const DEFAULT_GLOBAL_BASE: f64 = 1_000_000.0;
/// Layers of the 27B model, the only one whose attention is scaled by `hidden / heads` and not by the head's width.
const LAYERS_27B: u64 = 62;

/// The `gemma3` architecture.
pub(super) struct Gemma3;

impl Architecture for Gemma3 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn merge_order(&self) -> MergeOrder {
        // Gemma's scores do not follow the order in which its merges were learned; its vocabulary does.
        MergeOrder::Position
    }

    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError> {
        let metadata = &gguf.metadata;
        let sizes = Dimensions::read(NAME, gguf)?;
        let window = metadata.require_size("gemma3.attention.sliding_window", sizes.context)?;
        let pattern = metadata
            .size("gemma3.attention.sliding_window_pattern", 1 << 20)?
            .unwrap_or(DEFAULT_PATTERN);
        let global_base = metadata
            .positive("gemma3.rope.freq_base")?
            .unwrap_or(DEFAULT_GLOBAL_BASE);
        let local_base = metadata
            .positive("gemma3.rope.freq_base_swa")?
            .unwrap_or(DEFAULT_LOCAL_BASE);
        let scaling = rope::scaling(NAME, metadata)?;
        let attention_scale = match sizes.layers {
            LAYERS_27B => sizes.hidden / sizes.heads,
            _ => sizes.head,
        };
        let layer_types: Vec<&str> = (1..=sizes.layers)
            .map(|layer| match layer % pattern {
                0 => "full_attention",
                _ => "sliding_attention",
            })
            .collect();

        let mut config = sizes.config("gemma3_text", "Gemma3ForCausalLM");
        for (key, value) in [
            ("attention_bias", json!(false)),
            ("attn_logit_softcapping", Value::Null),
            (
                "final_logit_softcapping",
                json!(metadata.positive("gemma3.final_logit_softcapping")?),
            ),
            ("hidden_activation", json!("gelu_pytorch_tanh")),
            ("layer_types", json!(layer_types)),
            ("query_pre_attn_scalar", json!(attention_scale)),
            ("sliding_window", json!(window)),
            // transformers 5 reads `rope_parameters`, transformers 4 the other names.
            (
                "rope_parameters",
                json!({
                    "full_attention": rope::parameters(global_base, scaling.as_ref()),
                    "sliding_attention": rope::parameters(local_base, None),
                }),
            ),
            ("rope_theta", json!(global_base)),
            ("rope_local_base_freq", json!(local_base)),
            ("rope_scaling", scaling.map_or(Value::Null, Value::Object)),
            ("sliding_window_pattern", json!(pattern)),
        ] {
            config.insert(key.into(), value);
        }

        let mut weights = sizes.outer_weights(Transform::SubtractOne);
        for layer in 0..sizes.layers {
            sizes.layer_matrices(&mut weights, layer, Transform::Keep);
            for (names, length) in [
                (("attn_norm.weight", "input_layernorm.weight"), sizes.hidden),
                (
                    ("post_attention_norm.weight", "post_attention_layernorm.weight"),
                    sizes.hidden,
                ),
                (
                    ("ffn_norm.weight", "pre_feedforward_layernorm.weight"),
                    sizes.hidden,
                ),
                (
                    ("post_ffw_norm.weight", "post_feedforward_layernorm.weight"),
                    sizes.hidden,
                ),
                (("attn_q_norm.weight", "self_attn.q_norm.weight"), sizes.head),
                (("attn_k_norm.weight", "self_attn.k_norm.weight"), sizes.head),
            ] {
                Dimensions::layer_vector(&mut weights, layer, names, length, Transform::SubtractOne);
            }
        }
        Ok(Imported {
            config,
            weights,
            vocabulary: sizes.vocabulary,
        })
    }
}
