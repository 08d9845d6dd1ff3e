//! Rotary embeddings in a `config.json`: `rope_parameters` (transformers 5) or `rope_theta` + `rope_scaling` (before).

use crate::config::{Fields, Rope, RopeScaling};
use crate::error::Result;

/// Base when a Llama-like config states none.
const DEFAULT_THETA: f64 = 10_000.0;
/// Gemma 3's base for full attention when the config states none.
const GEMMA_GLOBAL_THETA: f64 = 1_000_000.0;

/// The one rotary embedding of a model whose layers are alike.
pub(crate) fn single_rope(fields: &Fields) -> Result<Rope> {
    let theta = fields.positive("rope_theta")?;
    let described = match fields.object("rope_parameters")? {
        Some(described) => Some(described),
        None => fields.object("rope_scaling")?,
    };
    rope(described.as_ref(), fields, theta.unwrap_or(DEFAULT_THETA))
}

/// Gemma 3's two: (full attention, sliding attention).
///
/// The older form is `rope_theta` and `rope_scaling` for full attention, `rope_local_base_freq` for sliding.
pub(crate) fn gemma_ropes(fields: &Fields) -> Result<(Rope, Rope)> {
    let full_theta = fields.positive("rope_theta")?.unwrap_or(GEMMA_GLOBAL_THETA);
    let sliding_theta = fields.positive("rope_local_base_freq")?.unwrap_or(DEFAULT_THETA);
    if let Some(both) = fields.object("rope_parameters")? {
        let full = rope(both.object("full_attention")?.as_ref(), fields, full_theta)?;
        let sliding = rope(both.object("sliding_attention")?.as_ref(), fields, sliding_theta)?;
        return Ok((full, sliding));
    }
    let full = rope(fields.object("rope_scaling")?.as_ref(), fields, full_theta)?;
    Ok((
        full,
        Rope {
            theta: sliding_theta,
            scaling: RopeScaling::None,
        },
    ))
}

fn rope(described: Option<&Fields>, config: &Fields, theta: f64) -> Result<Rope> {
    let Some(described) = described else {
        return Ok(Rope {
            theta,
            scaling: RopeScaling::None,
        });
    };
    let theta = described.positive("rope_theta")?.unwrap_or(theta);
    described.must_be_absent_or("partial_rotary_factor", &[1.0.into(), 1.into()])?;
    let kind = match described.text("rope_type")? {
        Some(kind) => Some(kind),
        None => described.text("type")?,
    };
    let scaling = match kind {
        None | Some("default") => RopeScaling::None,
        Some("linear") => RopeScaling::Linear {
            factor: described.positive_required("factor")?,
        },
        Some("llama3") => {
            let original = match described.positive("original_max_position_embeddings")? {
                Some(original) => original,
                None => config.positive_required("max_position_embeddings")?,
            };
            RopeScaling::Llama3 {
                factor: described.positive_required("factor")?,
                low: described.positive_required("low_freq_factor")?,
                high: described.positive_required("high_freq_factor")?,
                original_positions: original,
            }
        }
        Some(other) => {
            return Err(described.wrong("rope_type", &other.into(), "`default`, `linear` or `llama3`"));
        }
    };
    Ok(Rope { theta, scaling })
}
