//! Rotary position embedding: the parts of its configuration that families share.

use serde_json::{Map, Value, json};

use super::super::error::ImportError;
use super::super::gguf::Metadata;

/// Base frequency that llama.cpp assumes where a file states none.
const DEFAULT_BASE: f64 = 10_000.0;

/// The base frequency of `architecture`'s rotary embedding.
pub(super) fn base(architecture: &str, metadata: &Metadata) -> Result<f64, ImportError> {
    Ok(metadata
        .positive(&format!("{architecture}.rope.freq_base"))?
        .unwrap_or(DEFAULT_BASE))
}

/// The scaling fields that the metadata states: none, or linear with its factor.
///
/// # Errors
/// [`ImportError::UnsupportedFeature`] for any other kind.
pub(super) fn scaling(
    architecture: &'static str,
    metadata: &Metadata,
) -> Result<Option<Map<String, Value>>, ImportError> {
    let key = |name: &str| format!("{architecture}.rope.{name}");
    let factor = match metadata.positive(&key("scaling.factor"))? {
        Some(factor) => Some(factor),
        None => metadata.positive(&key("scale_linear"))?,
    };
    let kind = metadata.text(&key("scaling.type"))?;
    match (kind, factor) {
        (Some("none"), _) | (None, None) => Ok(None),
        (Some("linear") | None, Some(factor)) => {
            let mut fields = Map::new();
            if factor == 1.0 {
                return Ok(None);
            }
            fields.insert("rope_type".into(), "linear".into());
            fields.insert("factor".into(), json!(factor));
            Ok(Some(fields))
        }
        (Some(kind), _) => Err(ImportError::UnsupportedFeature {
            architecture,
            what: format!(
                "its rotary embedding is scaled by {:?}",
                kind.chars().take(40).collect::<String>()
            ),
        }),
    }
}

/// One `rope_parameters` object, as transformers 5 writes it.
pub(super) fn parameters(base: f64, scaling: Option<&Map<String, Value>>) -> Value {
    let mut fields = scaling
        .cloned()
        .unwrap_or_else(|| Map::from_iter([("rope_type".to_owned(), Value::from("default"))]));
    fields.insert("rope_theta".into(), json!(base));
    Value::Object(fields)
}

/// Sets the fields of a model with one rotary embedding, in the spelling of transformers 5 and in that of 4.
pub(super) fn configure(config: &mut Map<String, Value>, base: f64, scaling: Option<Map<String, Value>>) {
    config.insert("rope_parameters".into(), parameters(base, scaling.as_ref()));
    config.insert("rope_theta".into(), json!(base));
    config.insert("rope_scaling".into(), scaling.map_or(Value::Null, Value::Object));
}
