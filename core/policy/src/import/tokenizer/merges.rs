//! Byte-pair merges: listed by the file, or recovered from a vocabulary with scores.

use std::cmp::Ordering;

use super::super::architecture::MergeOrder;
use super::super::error::ImportError;
use super::super::gguf::Metadata;
use super::vocabulary::Vocabulary;

/// A merge of two pieces, in the order in which merges apply.
pub(super) type Merge<'a> = (&'a str, &'a str);

/// The merges that the file lists under `tokenizer.ggml.merges`, if it does.
///
/// # Errors
/// [`ImportError::Malformed`] for a merge that is not two tokens of the vocabulary that make up a third.
pub(super) fn listed<'a>(
    metadata: &'a Metadata,
    vocabulary: &Vocabulary,
) -> Result<Option<Vec<Merge<'a>>>, ImportError> {
    let Some(lines) = metadata.texts("tokenizer.ggml.merges")? else {
        return Ok(None);
    };
    let mut whole = String::new();
    let mut merges = Vec::with_capacity(lines.len());
    for (index, line) in lines.iter().enumerate() {
        let merge = line.split_once(' ').filter(|(left, right)| {
            whole.clear();
            whole.push_str(left);
            whole.push_str(right);
            [left, right, whole.as_str()]
                .iter()
                .all(|piece| vocabulary.id(piece).is_some())
        });
        let Some(merge) = merge else {
            return Err(ImportError::Malformed {
                what: format!(
                    "merge {index}, {:?}, does not join two tokens into a third",
                    line.chars().take(64).collect::<String>()
                ),
            });
        };
        merges.push(merge);
    }
    Ok(Some(merges))
}

struct Candidate<'a> {
    left: &'a str,
    right: &'a str,
    left_chars: usize,
    right_chars: usize,
    score: f32,
    ids: (u32, u32, u32),
}

/// The merges that a vocabulary implies: every way to cut a token into two others.
///
/// Best first by `scores` (or by position in the vocabulary), then longer left parts first, longer right parts first,
/// and at last by the ids of the token and of its parts: the order in which transformers builds them, so that both
/// cut every text alike.
pub(super) fn implied<'a>(vocabulary: &'a Vocabulary, scores: &[f32], order: MergeOrder) -> Vec<Merge<'a>> {
    let mut candidates = Vec::new();
    for ((id, token), score) in (0_u32..).zip(vocabulary.tokens()).zip(scores) {
        let chars = token.chars().count();
        for (left_chars, (cut, _)) in token.char_indices().enumerate().skip(1) {
            let (left, right) = token.split_at(cut);
            if let (Some(left_id), Some(right_id)) = (vocabulary.id(left), vocabulary.id(right)) {
                candidates.push(Candidate {
                    left,
                    right,
                    left_chars,
                    right_chars: chars - left_chars,
                    score: *score,
                    ids: (id, left_id, right_id),
                });
            }
        }
    }
    candidates.sort_unstable_by(|a, b| {
        let rank = match order {
            MergeOrder::Score => b.score.partial_cmp(&a.score).unwrap_or(Ordering::Equal),
            MergeOrder::Position => a.ids.0.cmp(&b.ids.0),
        };
        rank.then(b.left_chars.cmp(&a.left_chars))
            .then(b.right_chars.cmp(&a.right_chars))
            .then(a.ids.cmp(&b.ids))
    });
    candidates
        .into_iter()
        .map(|candidate| (candidate.left, candidate.right))
        .collect()
}
