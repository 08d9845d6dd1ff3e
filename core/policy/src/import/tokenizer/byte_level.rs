//! Byte-level BPE vocabularies: merges are listed, words are split off by a regular expression.

use serde_json::{Value, json};

use super::super::error::ImportError;
use super::super::gguf::Metadata;
use super::document::{Document, Parts};
use super::merges;
use super::vocabulary::Vocabulary;

/// How Llama 3 splits words: contractions, words with one leading mark, up to three digits, marks, line ends, spaces.
const LLAMA3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// How Qwen2 splits words: as Llama 3, one digit at a time.
const QWEN2: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// How GPT-4o (and Phi-4-mini) splits words: capitals begin a word, contractions end it.
const GPT4O: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";
/// How Mistral's Tekken splits words: as GPT-4o, contractions apart, one digit at a time.
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// The names that `tokenizer.ggml.pre` may have.
const SUPPORTED: &str = "default, gpt-2, llama-bpe, qwen2, deepseek-r1-qwen, smollm, dbrx, gpt-4o, tekken";

/// Builds the tokenizer.
///
/// # Errors
/// [`ImportError::UnsupportedTokenizer`] for another way of splitting words, missing or bad merges.
pub(super) fn build<'a>(
    metadata: &'a Metadata,
    vocabulary: &'a Vocabulary,
) -> Result<Document<'a>, ImportError> {
    let merges = merges::listed(metadata, vocabulary)?.ok_or_else(|| ImportError::MissingKey {
        key: "tokenizer.ggml.merges".into(),
    })?;
    let name = words(metadata, vocabulary.id(OF_LLAMA3).is_some())?.unwrap_or("default");
    let (normalizer, pre_tokenizer, ignore_merges) = match name {
        "default" | "gpt-2" => (Value::Null, byte_level(true), false),
        "llama-bpe" | "llama3" | "llama-v3" => (Value::Null, split(LLAMA3), true),
        "qwen2" | "deepseek-r1-qwen" => (json!({ "type": "NFC" }), split(QWEN2), false),
        // Phi-4 is converted under the name of DBRX, whose splitting is that of Llama 3.
        "dbrx" => (Value::Null, split(LLAMA3), false),
        "gpt-4o" => (Value::Null, split(GPT4O), false),
        "tekken" => (Value::Null, split(TEKKEN), true),
        "smollm" => {
            let digits = json!({ "type": "Digits", "individual_digits": true });
            (Value::Null, sequence([digits, byte_level(true)]), false)
        }
        found => {
            return Err(ImportError::UnsupportedTokenizer {
                key: "tokenizer.ggml.pre",
                found: found.chars().take(64).collect(),
                supported: SUPPORTED.into(),
            });
        }
    };
    Ok(Document::new(
        vocabulary,
        Parts {
            normalizer,
            pre_tokenizer,
            decoder: byte_level(true),
            unk_token: None,
            byte_fallback: false,
            ignore_merges,
            merges,
            swallows_spaces: &|_| false,
        },
    ))
}

/// A token that tells Llama 3's vocabulary.
pub(super) const OF_LLAMA3: &str = "<|begin_of_text|>";

/// How words are split. Files from before May 2024 don't say: those of Llama 3 and Qwen can be told by other marks.
pub(super) fn words(metadata: &Metadata, llama3: bool) -> Result<Option<&str>, ImportError> {
    let said = metadata.text("tokenizer.ggml.pre")?;
    Ok(match (said, metadata.text("general.architecture")?) {
        (Some(said), _) => Some(said),
        (None, Some("qwen2" | "qwen3")) => Some("qwen2"),
        (None, _) if llama3 => Some("llama-bpe"),
        (None, _) => None,
    })
}

fn byte_level(use_regex: bool) -> Value {
    json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": use_regex })
}

fn split(pattern: &str) -> Value {
    let words =
        json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false });
    sequence([words, byte_level(false)])
}

fn sequence(steps: [Value; 2]) -> Value {
    json!({ "type": "Sequence", "pretokenizers": steps })
}
