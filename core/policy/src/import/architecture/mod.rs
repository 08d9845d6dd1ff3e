//! The architectures that can be imported: one file each, listed here.
//!
//! An architecture knows two things: what its `config.json` says, given the metadata, and which tensor becomes which
//! weight. Adding one is a file that implements [`Architecture`] and a line in [`ARCHITECTURES`].

mod dimensions;
mod gemma2;
mod gemma3;
mod llama;
mod llama3_rope;
mod long_rope;
mod phi3;
mod qwen2;
mod qwen3;
mod rope;

use serde_json::{Map, Value};

use super::error::ImportError;
use super::gguf::GgufFile;
use super::plan::WeightPlan;

/// How the merges of a SentencePiece vocabulary that lists none are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MergeOrder {
    /// By the score of the piece that a merge makes, best first.
    Score,
    /// By the place in the vocabulary of the piece that a merge makes, first first.
    Position,
}

/// Where SentencePiece vocabularies that begin texts with a space put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SpacePrefix {
    /// Before the text, unless it begins with one.
    First,
    /// Before the text and before each part of it that follows an added token, always.
    EveryPart,
}

/// What `config.json` and `model.safetensors` hold for one model.
pub(super) struct Imported {
    /// The fields of `config.json`, without token ids and dtype.
    pub(super) config: Map<String, Value>,
    /// The weights.
    pub(super) weights: WeightPlan,
    /// Rows of the embedding matrix.
    pub(super) vocabulary: u64,
}

/// One family of models.
pub(super) trait Architecture: Sync {
    /// Its name in `general.architecture`.
    fn name(&self) -> &'static str;

    /// How its SentencePiece vocabularies order merges.
    fn merge_order(&self) -> MergeOrder {
        MergeOrder::Score
    }

    /// Where its SentencePiece vocabularies put the space before a text.
    fn space_prefix(&self) -> SpacePrefix {
        SpacePrefix::First
    }

    /// Whether spaces that follow the added token `token` of its SentencePiece vocabularies belong to it.
    fn swallows_spaces(&self, _token: &str) -> bool {
        false
    }

    /// Reads the configuration and lists the weights.
    fn import(&self, gguf: &GgufFile) -> Result<Imported, ImportError>;
}

static ARCHITECTURES: &[&dyn Architecture] = &[
    &gemma2::Gemma2,
    &gemma3::Gemma3,
    &llama::Llama,
    &phi3::Phi3,
    &qwen2::Qwen2,
    &qwen3::Qwen3,
];

/// The architecture that `general.architecture` names.
///
/// # Errors
/// [`ImportError::UnsupportedArchitecture`] with the list of those that work.
pub(super) fn find(gguf: &GgufFile) -> Result<&'static dyn Architecture, ImportError> {
    let found = gguf.metadata.require_text("general.architecture")?;
    ARCHITECTURES
        .iter()
        .find(|architecture| architecture.name() == found)
        .copied()
        .ok_or_else(|| ImportError::UnsupportedArchitecture {
            found: found.chars().take(64).collect(),
            supported: ARCHITECTURES
                .iter()
                .map(|architecture| architecture.name())
                .collect::<Vec<_>>()
                .join(", "),
        })
}
