//! Phi-3, 3.5 and 4 (dense): Llama's shape with stacked projections and, perhaps, partly rotated heads and LongRoPE.

use serde_json::{Value, json};

use super::super::error::ImportError;
use super::super::gguf::{GgufFile, Metadata};
use super::super::plan::{Transform, WeightPlan};
use super::dimensions::Dimensions;
use super::{Architecture, Imported, SpacePrefix, long_rope, rope};

const NAME: &str = "phi3";
/// Files from before the window was written down: the models with this context have that window, the others none.
const WINDOWED_CONTEXT: u64 = 4096;
const DEFAULT_WINDOW: u64 = 2047;

/// The `phi3` architecture.
pub(super) struct Phi3;

impl Architecture for Phi3 {
    fn name(&self) -> &'static str {
        NAME
    }

    fn space_prefix(&self) -> SpacePrefix {
        SpacePrefix::EveryPart
    }

    fn swallows_spaces(&self, token: &str) -> bool {
        !["<unk>", "<s>", "<|endoftext|>"].contains(&token)
    }

    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError> {
        let metadata = &gguf.metadata;
        let (sizes, rotated) = Dimensions::read_partly_rotated(NAME, gguf)?;
        sizes.check_heads_make_up_hidden(NAME)?;
        let base = rope::base(NAME, metadata)?;
        let original = metadata
            .size("phi3.rope.scaling.original_context_length", 1 << 32)?
            .unwrap_or(sizes.context);
        let long = long_rope::read(NAME, gguf, rotated, sizes.context, original)?;
        let share = rotated as f64 / sizes.head as f64;

        let mut config = sizes.config("phi3", "Phi3ForCausalLM");
        let mut parameters = rope::parameters(base, long.as_ref());
        parameters["partial_rotary_factor"] = json!(share);
        for (key, value) in [
            ("embd_pdrop", json!(0.0)),
            ("hidden_act", json!("silu")),
            ("original_max_position_embeddings", json!(original)),
            ("partial_rotary_factor", json!(share)),
            ("resid_pdrop", json!(0.0)),
            // transformers 5 reads `rope_parameters`, transformers 4 the other names.
            ("rope_parameters", parameters),
            ("rope_theta", json!(base)),
            (
                "rope_scaling",
                long.map_or(Value::Null, |long| Value::Object(long_rope::older_spelling(long))),
            ),
            ("sliding_window", json!(window(metadata, sizes.context)?)),
        ] {
            config.insert(key.into(), value);
        }

        let mut weights = sizes.outer_weights(Transform::Keep);
        for factors in [long_rope::SHORT, long_rope::LONG] {
            weights.ignore(factors);
        }
        for layer in 0..sizes.layers {
            layer_weights(&sizes, &mut weights, layer);
        }
        Ok(Imported {
            config,
            weights,
            vocabulary: sizes.vocabulary,
        })
    }
}

/// Positions that a layer sees, where that is not all of them. Files say 0 for all.
fn window(metadata: &Metadata, context: u64) -> Result<Option<u64>, ImportError> {
    Ok(match metadata.integer("phi3.attention.sliding_window")? {
        Some(window) => Some(window).filter(|window| *window > 0 && *window < context),
        None => (context == WINDOWED_CONTEXT).then_some(DEFAULT_WINDOW),
    })
}

fn layer_weights(sizes: &Dimensions, weights: &mut WeightPlan, layer: u64) {
    for (source, target, shape) in [
        (
            "attn_qkv",
            "self_attn.qkv_proj",
            [sizes.query_rows() + 2 * sizes.key_rows(), sizes.hidden],
        ),
        (
            "attn_output",
            "self_attn.o_proj",
            [sizes.hidden, sizes.query_rows()],
        ),
        (
            "ffn_up",
            "mlp.gate_up_proj",
            [2 * sizes.intermediate, sizes.hidden],
        ),
        ("ffn_down", "mlp.down_proj", [sizes.hidden, sizes.intermediate]),
    ] {
        weights.add(
            format!("blk.{layer}.{source}.weight"),
            format!("model.layers.{layer}.{target}.weight"),
            &shape,
            Transform::Keep,
        );
    }
    for names in [
        ("attn_norm.weight", "input_layernorm.weight"),
        ("ffn_norm.weight", "post_attention_layernorm.weight"),
    ] {
        Dimensions::layer_vector(weights, layer, names, sizes.hidden, Transform::Keep);
    }
}
