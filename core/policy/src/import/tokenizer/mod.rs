//! The tokenizer, rebuilt from the vocabulary that a GGUF file carries.
//!
//! Two kinds exist: SentencePiece vocabularies (`tokenizer.ggml.model = "llama"`), whose merges follow from the pieces,
//! and byte-level BPE (`"gpt2"`), whose merges are listed. Both become a `tokenizer.json` for the `tokenizers` library.

mod added_tokens;
mod byte_level;
mod document;
mod merges;
mod sentencepiece;
mod settings;
mod vocabulary;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

pub(super) use settings::{generation_config, tokenizer_config};
pub(super) use vocabulary::Vocabulary;

use super::architecture::Architecture;
use super::error::ImportError;
use super::gguf::Metadata;
use document::Document;

/// The kinds of vocabulary that can be rebuilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Pieces with scores, spaces written as U+2581, bytes as `<0xNN>`.
    SentencePiece,
    /// Pieces in the byte alphabet of GPT-2, merges listed.
    ByteLevel,
}

impl Kind {
    /// The kind that the metadata states.
    ///
    /// # Errors
    /// [`ImportError::UnsupportedTokenizer`] for any other.
    pub(super) fn of(metadata: &Metadata) -> Result<Self, ImportError> {
        match metadata.require_text("tokenizer.ggml.model")? {
            "llama" => Ok(Self::SentencePiece),
            "gpt2" => Ok(Self::ByteLevel),
            found => Err(ImportError::UnsupportedTokenizer {
                key: "tokenizer.ggml.model",
                found: found.chars().take(64).collect(),
                supported: "llama (SentencePiece), gpt2 (byte-level BPE)".into(),
            }),
        }
    }
}

/// Builds `tokenizer.json` for the `vocabulary` of a model of `architecture`.
///
/// # Errors
/// A kind, a pre-tokenizer or a vocabulary that cannot be rebuilt.
pub(super) fn build<'a>(
    metadata: &'a Metadata,
    vocabulary: &'a Vocabulary,
    architecture: &dyn Architecture,
) -> Result<Document<'a>, ImportError> {
    match vocabulary.kind() {
        Kind::SentencePiece => sentencepiece::build(metadata, vocabulary, architecture),
        Kind::ByteLevel => byte_level::build(metadata, vocabulary),
    }
}

/// Writes `document` to the new file `path`.
///
/// # Errors
/// [`ImportError::Io`].
pub(super) fn write(document: &Document<'_>, path: &Path) -> Result<(), ImportError> {
    let failed = |source| ImportError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    };
    let mut file = BufWriter::with_capacity(1 << 20, File::create_new(path).map_err(failed)?);
    serde_json::to_writer(&mut file, document)
        .map_err(std::io::Error::from)
        .and_then(|()| file.flush())
        .map_err(failed)
}
