//! Rotary embeddings in a `config.json`: `rope_parameters` (transformers 5) or `rope_theta` + `rope_scaling` (before).

use crate::config::{Fields, Rope, RopeScaling};
use crate::error::{Result, TorchError};

/// Base when a Llama-like config states none.
const DEFAULT_THETA: f64 = 10_000.0;
/// Context length of Phi-3 before its extension when the config states none.
const PHI_ORIGINAL_POSITIONS: i64 = 4096;
/// Gemma 3's base for full attention when the config states none.
const GEMMA_GLOBAL_THETA: f64 = 1_000_000.0;

/// The one rotary embedding of a model whose layers are alike.
pub(crate) fn single_rope(fields: &Fields) -> Result<Rope> {
    let theta = fields.positive("rope_theta")?;
    rope(
        description(fields)?.as_ref(),
        fields,
        theta.unwrap_or(DEFAULT_THETA),
    )
}

fn description<'a>(fields: &Fields<'a>) -> Result<Option<Fields<'a>>> {
    match fields.object("rope_parameters")? {
        Some(described) => Ok(Some(described)),
        None => fields.object("rope_scaling"),
    }
}

/// Phi-3's: part of each head may be rotated, and LongRoPE goes by three names.
///
/// transformers uses the long factors for all positions of a sequence longer than the original context. Here it is the
/// short ones always, so that context is the limit ([`phi_original_positions`]).
pub(crate) fn phi_rope(fields: &Fields, head_dim: i64) -> Result<Rope> {
    let described = description(fields)?;
    let nested = |name| match &described {
        Some(described) => described.positive(name),
        None => Ok(None),
    };
    let either = |name| Ok::<_, TorchError>(nested(name)?.or(fields.positive(name)?));
    let mut rope = Rope {
        theta: either("rope_theta")?.unwrap_or(DEFAULT_THETA),
        share: either("partial_rotary_factor")?.unwrap_or(1.0),
        scaling: RopeScaling::None,
    };
    let Some(described) = &described else {
        return Ok(rope);
    };
    rope.scaling = match kind(described)? {
        None | Some("default") => RopeScaling::None,
        Some("longrope" | "su" | "yarn") => RopeScaling::Long {
            factors: described.positives("short_factor", rope.rotated(head_dim) / 2)?,
            magnitude: long_magnitude(fields, described)?,
        },
        Some(other) => {
            return Err(described.wrong("rope_type", &other.into(), "`default` or `longrope`"));
        }
    };
    Ok(rope)
}

/// The context of Phi-3 before its extension.
pub(crate) fn phi_original_positions(fields: &Fields) -> Result<i64> {
    let stated = fields.size_if_present("original_max_position_embeddings")?;
    Ok(stated.unwrap_or(PHI_ORIGINAL_POSITIONS))
}

/// What LongRoPE multiplies queries and keys by: stated, or what its authors derive from the extension.
fn long_magnitude(fields: &Fields, described: &Fields) -> Result<f64> {
    if let Some(stated) = described.positive("attention_factor")? {
        return Ok(stated);
    }
    let original = phi_original_positions(fields)? as f64;
    let extension = match described.positive("factor")? {
        Some(factor) => factor,
        None => fields.size("max_position_embeddings")? as f64 / original,
    };
    Ok(if extension <= 1.0 {
        1.0
    } else {
        (1.0 + extension.ln() / original.ln()).sqrt()
    })
}

fn kind<'a>(described: &Fields<'a>) -> Result<Option<&'a str>> {
    match described.text("rope_type")? {
        Some(kind) => Ok(Some(kind)),
        None => described.text("type"),
    }
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
    Ok((full, plain(sliding_theta)))
}

fn rope(described: Option<&Fields>, config: &Fields, theta: f64) -> Result<Rope> {
    let Some(described) = described else {
        return Ok(plain(theta));
    };
    let theta = described.positive("rope_theta")?.unwrap_or(theta);
    described.must_be_absent_or("partial_rotary_factor", &[1.0.into(), 1.into()])?;
    let scaling = match kind(described)? {
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
    Ok(Rope {
        theta,
        share: 1.0,
        scaling,
    })
}

fn plain(theta: f64) -> Rope {
    Rope {
        theta,
        share: 1.0,
        scaling: RopeScaling::None,
    }
}
