//! Llama 3.1's rotary scaling, recognised from the table of factors that a GGUF file holds instead of its parameters.

use std::f64::consts::TAU;

use serde_json::{Map, Value, json};

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::values::read_all;

/// The tensor of factors: one per pair of dimensions, by which its frequency is divided.
pub(super) const FACTORS: &str = "rope_freqs.weight";

/// Parameters that every Llama 3.1, 3.2 and 3.3 model has; the factor differs and is read from the table.
const LOW_FREQUENCY: f64 = 1.0;
const HIGH_FREQUENCY: f64 = 4.0;
const ORIGINAL_CONTEXT: f64 = 8192.0;

/// The scaling fields of a file that has the table, or `None`.
///
/// # Errors
/// [`ImportError::UnsupportedFeature`] when the table is not what Llama 3's parameters give.
pub(super) fn scaling(
    gguf: &GgufFile,
    head: u64,
    base: f64,
) -> Result<Option<Map<String, Value>>, ImportError> {
    let Some(entry) = gguf.tensors.get(FACTORS) else {
        return Ok(None);
    };
    if entry.shape != [head / 2] {
        return Err(ImportError::TensorShape {
            name: FACTORS.into(),
            expected: vec![head / 2],
            found: entry.shape.clone(),
        });
    }
    let factors = read_all(&gguf.file, FACTORS, entry)?;
    let factor = f64::from(factors.iter().copied().fold(1.0, f32::max));
    let matches = factors.iter().enumerate().all(|(pair, found)| {
        let expected = divisor(pair as f64 * 2.0 / head as f64, base, factor);
        (f64::from(*found) / expected - 1.0).abs() < 1e-3
    });
    if !matches || !factor.is_finite() {
        return Err(ImportError::UnsupportedFeature {
            architecture: "llama",
            what: format!("its `{FACTORS}` are not those of Llama 3's rotary scaling"),
        });
    }
    if factor == 1.0 {
        return Ok(None);
    }
    let fields = json!({
        "rope_type": "llama3",
        "factor": factor,
        "low_freq_factor": LOW_FREQUENCY,
        "high_freq_factor": HIGH_FREQUENCY,
        "original_max_position_embeddings": ORIGINAL_CONTEXT as u64,
    });
    Ok(match fields {
        Value::Object(fields) => Some(fields),
        _ => None,
    })
}

/// What the frequency `base^-exponent` is divided by: 1 for short waves, `factor` for long ones, between them smoothly.
fn divisor(exponent: f64, base: f64, factor: f64) -> f64 {
    let turns = ORIGINAL_CONTEXT / (TAU * base.powf(exponent));
    if turns > HIGH_FREQUENCY {
        1.0
    } else if turns < LOW_FREQUENCY {
        factor
    } else {
        let smooth = (turns - LOW_FREQUENCY) / (HIGH_FREQUENCY - LOW_FREQUENCY);
        1.0 / ((1.0 - smooth) / factor + smooth)
    }
}
