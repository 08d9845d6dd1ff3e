//! SentencePiece vocabularies as BPE with byte fallback.

use serde_json::{Value, json};

use super::super::architecture::{Architecture, SpacePrefix};
use super::super::error::ImportError;
use super::super::gguf::Metadata;
use super::document::{Document, Parts};
use super::merges;
use super::vocabulary::Vocabulary;

/// What SentencePiece writes for a space.
const SPACE: &str = "\u{2581}";

/// Builds the tokenizer.
///
/// Files with `add_space_prefix` (Llama 2; llama.cpp's default) put a space before the text, the others (Gemma) do not.
///
/// # Errors
/// [`ImportError::BadValue`] or [`ImportError::MissingKey`] for missing scores, [`ImportError::Malformed`] for bad merges.
pub(super) fn build<'a>(
    metadata: &'a Metadata,
    vocabulary: &'a Vocabulary,
    architecture: &dyn Architecture,
) -> Result<Document<'a>, ImportError> {
    let merges = match merges::listed(metadata, vocabulary)? {
        Some(merges) => merges,
        None => {
            let scores = metadata.require_floats("tokenizer.ggml.scores", vocabulary.len())?;
            merges::implied(vocabulary, scores, architecture.merge_order())
        }
    };
    let space_prefix = metadata.flag("tokenizer.ggml.add_space_prefix")?.unwrap_or(true);
    let mut decoders = vec![
        json!({ "type": "Replace", "pattern": { "String": SPACE }, "content": " " }),
        json!({ "type": "ByteFallback" }),
        json!({ "type": "Fuse" }),
    ];
    let spelled = json!({ "type": "Replace", "pattern": { "String": " " }, "content": SPACE });
    if space_prefix {
        decoders.push(json!({ "type": "Strip", "content": " ", "start": 1, "stop": 0 }));
    }
    let (normalizer, pre_tokenizer) = match (space_prefix, architecture.space_prefix()) {
        (false, _) => (spelled, Value::Null),
        (true, SpacePrefix::First) => (
            Value::Null,
            json!({ "type": "Metaspace", "replacement": SPACE, "prepend_scheme": "first", "split": false }),
        ),
        (true, SpacePrefix::EveryPart) => {
            let steps = [json!({ "type": "Prepend", "prepend": SPACE }), spelled];
            (json!({ "type": "Sequence", "normalizers": steps }), Value::Null)
        }
    };
    Ok(Document::new(
        vocabulary,
        Parts {
            normalizer,
            pre_tokenizer,
            decoder: json!({ "type": "Sequence", "decoders": decoders }),
            unk_token: vocabulary.special().unk.map(|id| vocabulary.token(id)),
            byte_fallback: true,
            ignore_merges: false,
            merges,
            swallows_spaces: &|token| architecture.swallows_spaces(token),
        },
    ))
}
