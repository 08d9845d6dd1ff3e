//! LongRoPE: two tables of factors, one per pair of dimensions, that stretch the wavelengths of short and long sequences.

use serde_json::{Map, Value, json};

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::values::read_all;

/// The table for sequences up to the original context.
pub(super) const SHORT: &str = "rope_factors_short.weight";
/// The table for longer ones.
pub(super) const LONG: &str = "rope_factors_long.weight";

/// The scaling fields of a file that has the tables, or `None`; `rotated` dimensions of each head are rotated.
///
/// The factor on queries and keys is stated only where it is not the one that transformers derives from the two context
/// lengths.
///
/// # Errors
/// One table without the other, of another length, or with a factor that is not positive.
pub(super) fn read(
    architecture: &'static str,
    gguf: &GgufFile,
    rotated: u64,
    context: u64,
    original: u64,
) -> Result<Option<Map<String, Value>>, ImportError> {
    if [SHORT, LONG].iter().all(|name| gguf.tensors.get(name).is_none()) {
        return Ok(None);
    }
    let [short, long] = [SHORT, LONG].map(|name| table(architecture, gguf, name, rotated / 2));
    let mut fields = Map::from_iter([
        ("rope_type".to_owned(), json!("longrope")),
        ("short_factor".to_owned(), json!(short?)),
        ("long_factor".to_owned(), json!(long?)),
        ("original_max_position_embeddings".to_owned(), json!(original)),
    ]);
    let stated = gguf
        .metadata
        .positive(&format!("{architecture}.rope.scaling.attn_factor"))?;
    if let Some(stated) = stated
        && (stated / derived_magnitude(context, original) - 1.0).abs() > 1e-6
    {
        fields.insert("attention_factor".into(), json!(stated));
    }
    Ok(Some(fields))
}

/// The same as transformers 4 reads it.
pub(super) fn older_spelling(mut fields: Map<String, Value>) -> Map<String, Value> {
    fields.remove("original_max_position_embeddings");
    if let Some(kind) = fields.remove("rope_type") {
        fields.insert("type".into(), kind);
    }
    fields
}

fn derived_magnitude(context: u64, original: u64) -> f64 {
    let (context, original) = (context as f64, original as f64);
    if context <= original {
        1.0
    } else {
        (1.0 + (context / original).ln() / original.ln()).sqrt()
    }
}

fn table(
    architecture: &'static str,
    gguf: &GgufFile,
    name: &'static str,
    pairs: u64,
) -> Result<Vec<f32>, ImportError> {
    let entry = gguf.tensors.get(name).ok_or_else(|| ImportError::MissingTensor {
        architecture,
        name: name.into(),
    })?;
    if entry.shape != [pairs] {
        return Err(ImportError::TensorShape {
            name: name.into(),
            expected: vec![pairs],
            found: entry.shape.clone(),
        });
    }
    let factors = read_all(&gguf.file, name, entry)?;
    match factors
        .iter()
        .find(|factor| !(factor.is_finite() && **factor > 0.0))
    {
        None => Ok(factors),
        Some(factor) => Err(ImportError::Malformed {
            what: format!("tensor `{name}` holds {factor}, which is no positive factor"),
        }),
    }
}
