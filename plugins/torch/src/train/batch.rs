//! How the sequences of one forward pass lie in memory.
//!
//! Few-shot examples begin with the same tokens. Causal attention makes the states of that common prefix equal in all of
//! them, so it is computed once: a pass holds the prefix's rows, followed by the own rows of each sequence, padded to the
//! longest.

use restem_policy_abi::{Sequence, micro_batches};
use tch::{Device, Tensor};

use crate::config::ModelConfig;
use crate::error::{Result, TorchError};

/// Shorter common prefixes are not worth a second attention call per layer.
const SHORTEST_SHARED: usize = 16;

/// The rows of one forward pass.
pub struct Batch {
    /// Token ids `[rows]`: `shared` of the common prefix, then `count` times `own`.
    pub tokens: Tensor,
    /// Positions `[rows]`.
    pub positions: Tensor,
    /// Length of the common prefix, or 0.
    pub shared: i64,
    /// Number of sequences.
    pub count: i64,
    /// Padded length of each sequence's own part.
    pub own: i64,
    /// Rows `[targets]` whose states predict a target; sequence by sequence, each row once.
    pub predicting: Tensor,
    /// Token ids `[targets]` to predict.
    pub targets: Tensor,
}

impl Batch {
    /// Lays out `sequences`, of which there is at least one.
    pub fn new(sequences: &[Sequence<'_>], device: Device) -> Self {
        let shared = shared_prefix(sequences);
        let longest = sequences.iter().map(|sequence| sequence.tokens.len()).max();
        let own = longest.unwrap_or(shared) - shared;
        let prefix = sequences.first().map_or(&[][..], |first| &first.tokens[..shared]);
        let mut tokens: Vec<i64> = prefix.iter().map(|&token| i64::from(token)).collect();
        let mut positions: Vec<i64> = (0..shared as i64).collect();
        let (mut predicting, mut targets) = (Vec::new(), Vec::new());
        for sequence in sequences {
            let row_of = tokens.len() as i64 - shared as i64;
            let end = tokens.len() + own;
            tokens.extend(sequence.tokens[shared..].iter().map(|&token| i64::from(token)));
            tokens.resize(end, 0);
            positions.extend(shared as i64..(shared + own) as i64);
            for target in sequence.target_from..sequence.tokens.len() {
                predicting.push(row_of + target as i64 - 1);
                targets.push(i64::from(sequence.tokens[target]));
            }
        }
        let place = |ids: &[i64]| Tensor::from_slice(ids).to_device(device);
        Self {
            tokens: place(&tokens),
            positions: place(&positions),
            shared: shared as i64,
            count: sequences.len() as i64,
            own: own as i64,
            predicting: place(&predicting),
            targets: place(&targets),
        }
    }
}

/// Splits sequences into passes of at most `tokens` padded tokens, similar lengths together: lists of indices.
///
/// # Errors
/// [`TorchError::Limit`] for tokens outside the vocabulary, sequences beyond the model's context, and sequences whose
/// first target is not preceded by a token or does not exist.
pub fn passes(sequences: &[Sequence<'_>], tokens: u64, config: &ModelConfig) -> Result<Vec<Vec<usize>>> {
    for sequence in sequences {
        check(sequence, config)?;
    }
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    order.sort_by_key(|&index| sequences[index].tokens.len());
    let sorted: Vec<Sequence<'_>> = order.iter().map(|&index| sequences[index]).collect();
    let runs = micro_batches(&sorted, tokens).into_iter();
    Ok(runs.map(|run| order[run].to_vec()).collect())
}

fn check(sequence: &Sequence<'_>, config: &ModelConfig) -> Result<()> {
    let refuse = |what, requested: String, limit| {
        Err(TorchError::Limit {
            what,
            requested,
            limit,
        })
    };
    let length = sequence.tokens.len();
    if length as i64 > config.max_positions {
        let limit = format!("the model's context is {} tokens", config.max_positions);
        return refuse("tokens of a sequence", length.to_string(), limit);
    }
    if !(1..length).contains(&sequence.target_from) {
        let limit = format!("targets of {length} tokens begin after the first and before the end");
        return refuse(
            "index of the first target",
            sequence.target_from.to_string(),
            limit,
        );
    }
    let outside = |&&token: &&u32| i64::from(token) >= config.vocab_size;
    match sequence.tokens.iter().find(outside) {
        None => Ok(()),
        Some(token) => {
            let limit = format!("the vocabulary has {} tokens", config.vocab_size);
            refuse("token", token.to_string(), limit)
        }
    }
}

/// Length of the prefix to compute once. It ends before the first row that predicts a target, so that no such row is shared.
fn shared_prefix(sequences: &[Sequence<'_>]) -> usize {
    let [first, others @ ..] = sequences else {
        return 0;
    };
    if others.is_empty() {
        return 0;
    }
    let most = sequences.iter().map(|sequence| sequence.target_from - 1).min();
    let equal = |other: &Sequence<'_>| {
        let pairs = first.tokens.iter().zip(other.tokens);
        pairs.take_while(|(a, b)| a == b).count()
    };
    let common = others.iter().map(equal).min();
    let shared = most.into_iter().chain(common).min().unwrap_or(0);
    if shared < SHORTEST_SHARED { 0 } else { shared }
}
