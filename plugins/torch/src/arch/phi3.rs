//! Phi-3, 3.5 and 4 (dense): Llama with stacked projections in the file and, perhaps, part of each head rotated.

use crate::arch::{Architecture, llama};
use crate::config::{Biases, Fields, ModelConfig, RopeScaling, phi_original_positions, phi_rope};
use crate::error::Result;

pub(super) const ARCHITECTURE: Architecture = Architecture {
    class: "Phi3ForCausalLM",
    model_type: "phi3",
    configure,
};

/// Context length of a config that does not state it.
const POSITIONS: i64 = 4096;

fn configure(fields: &Fields) -> Result<ModelConfig> {
    for bias in ["attention_bias", "mlp_bias", "lm_head_bias"] {
        fields.must_be_absent_or(bias, &[false.into()])?;
    }
    let mut model = llama::plain_decoder_with(fields, Biases::default(), phi_rope)?;
    model.stacked_in_file = true;
    model.norm_eps = fields.positive("rms_norm_eps")?.unwrap_or(1e-5);
    if fields.get("max_position_embeddings").is_none() {
        model.max_positions = POSITIONS;
    }
    if matches!(model.rope_full.scaling, RopeScaling::Long { .. }) {
        // Beyond, transformers computes every position with other factors: cached keys would no longer fit.
        model.max_positions = model.max_positions.min(phi_original_positions(fields)?);
    }
    model.slide_everywhere(fields.size_if_present("sliding_window")?);
    Ok(model)
}
