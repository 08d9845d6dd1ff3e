//! How the sequences of one forward pass lie in memory: each token that several of them begin with stands there once.
//!
//! Few-shot examples are the same in all sequences, a problem's prompt is the same in all of its solutions. Causal attention
//! makes the states of a common beginning equal, so a pass is a tree: the prefix that all sequences share, then for each
//! prompt its own rows (the trunk), followed by those of its continuations (the branches). There is no padding, and a
//! sequence's last token, which predicts nothing, has no row.

use std::collections::HashMap;

use restem_policy_abi::Sequence;
use tch::{Device, Kind, Tensor};

use crate::config::ModelConfig;
use crate::error::{Result, TorchError};
use crate::transfer::upload;

/// Shorter common prefixes are not worth a second attention call per layer.
const SHORTEST_SHARED: usize = 16;

/// Rows of a prompt's tree up to which it attends in one call, branches masked from one another. In larger trees that would
/// be mostly masked work.
const LARGEST_DENSE: i64 = 256;

/// The rows of one forward pass.
pub struct Batch {
    /// Token ids `[rows]`: `shared` of the common prefix, then those of each prompt's tree.
    pub tokens: Tensor,
    /// Positions `[rows]`.
    pub positions: Tensor,
    /// What the rows consist of, in their order.
    pub segments: Vec<Segment>,
    /// Rows `[targets]` whose states predict a target, sequence by sequence. Branches of one trunk share its last row.
    pub predicting: Tensor,
    /// Token ids `[targets]` to predict.
    pub targets: Tensor,
    /// One more than the last position.
    pub end: i64,
}

/// Consecutive rows that attend together: the prefix, a trunk, or branches, with or without their trunk.
#[derive(Default)]
pub struct Segment {
    /// Segments that every row of this one sees, which hold positions `0..before`.
    pub ancestors: Vec<usize>,
    /// Rows of the ancestors.
    pub before: i64,
    /// Positions `[rows]`.
    positions: Vec<i64>,
    /// 0 in prefix and trunk, the branch's number from 1 elsewhere, `[rows]`.
    branches: Vec<i64>,
}

impl Batch {
    /// Lays out `sequences`, of which there is at least one.
    pub fn new(sequences: &[Sequence<'_>], device: Device) -> Self {
        let shared = shared_prefix(sequences);
        let mut rows = Rows::default();
        let prefix: Vec<usize> = (shared > 0).then_some(0).into_iter().collect();
        if shared > 0 {
            rows.begin(&[]);
            rows.extend(&sequences[0].tokens[..shared], 0, 0);
        }
        let mut first_rows = vec![(0, 0); sequences.len()];
        for members in by_prompt(sequences) {
            let first = &sequences[members[0]];
            rows.begin(&prefix);
            rows.extend(&first.tokens[shared..first.target_from], shared, 0);
            let last_of_trunk = rows.tokens.len() as i64 - 1;
            let targets: usize = members.iter().map(|&index| sequences[index].targets()).sum();
            let trunk = rows.segments.len() - 1;
            let large = (first.target_from - shared + targets) as i64 > LARGEST_DENSE && members.len() > 1;
            let ancestors: Vec<usize> = prefix.iter().copied().chain([trunk]).collect();
            for (branch, &index) in (1..).zip(&members) {
                let Sequence { tokens, target_from } = sequences[index];
                let branch_tokens = &tokens[target_from..tokens.len() - 1];
                if large && !branch_tokens.is_empty() && rows.is_full(trunk, branch_tokens.len()) {
                    rows.begin(&ancestors);
                }
                first_rows[index] = (last_of_trunk, rows.tokens.len() as i64);
                rows.extend(branch_tokens, target_from, branch);
            }
        }
        let (mut predicting, mut targets) = (Vec::new(), Vec::new());
        for (sequence, &(last_of_trunk, first_of_branch)) in sequences.iter().zip(&first_rows) {
            predicting.push(last_of_trunk);
            predicting.extend((first_of_branch..).take(sequence.targets() - 1));
            let tokens = sequence.tokens[sequence.target_from..].iter();
            targets.extend(tokens.map(|&token| i64::from(token)));
        }
        let place = |ids: &[i64]| upload(ids, device);
        let positions: Vec<i64> = (rows.segments.iter())
            .flat_map(|segment| segment.positions.iter().copied())
            .collect();
        Self {
            tokens: place(&rows.tokens),
            end: positions.iter().max().map_or(0, |last| last + 1),
            positions: place(&positions),
            segments: rows.segments,
            predicting: place(&predicting),
            targets: place(&targets),
        }
    }
}

/// The rows of a pass, while they are laid out.
#[derive(Default)]
struct Rows {
    tokens: Vec<i64>,
    segments: Vec<Segment>,
}

impl Rows {
    fn begin(&mut self, ancestors: &[usize]) {
        self.segments.push(Segment {
            before: ancestors.iter().map(|&index| self.segments[index].rows()).sum(),
            ancestors: ancestors.to_vec(),
            ..Segment::default()
        });
    }

    /// Adds rows to the segment begun last.
    fn extend(&mut self, tokens: &[u32], position: usize, branch: i64) {
        self.tokens.extend(tokens.iter().map(|&token| i64::from(token)));
        if let Some(segment) = self.segments.last_mut() {
            segment.positions.extend((position as i64..).take(tokens.len()));
            segment.branches.resize(segment.positions.len(), branch);
        }
    }

    /// Whether a branch of this many rows needs another segment than the last one, in a tree that is split after its trunk.
    fn is_full(&self, trunk: usize, rows: usize) -> bool {
        let last = self.segments.len() - 1;
        last == trunk || self.segments[last].rows() + rows as i64 > LARGEST_DENSE
    }
}

impl Segment {
    /// Rows of this segment.
    pub const fn rows(&self) -> i64 {
        self.positions.len() as i64
    }

    /// Whether a plain causal mask is this segment's: nothing before it, one line of tokens.
    pub fn is_causal(&self) -> bool {
        self.before == 0 && self.branches.iter().all(|&branch| branch <= 1)
    }

    /// Additive mask `[rows, before + rows]`: each row sees the ancestors, the trunk and its own branch up to itself, at most
    /// `window` positions back where there is a window.
    pub fn mask(&self, window: Option<i64>, kind: Kind, device: Device) -> Tensor {
        let all = |before: &mut dyn Iterator<Item = i64>, own: &[i64]| {
            let all: Vec<i64> = before.chain(own.iter().copied()).collect();
            upload(&all, device)
        };
        let positions = all(&mut (0..self.before), &self.positions);
        let branches = all(&mut (0..self.before).map(|_| 0), &self.branches);
        let order = Tensor::arange(self.before + self.rows(), (Kind::Int64, device));
        let asking = |all: &Tensor| all.narrow(0, self.before, self.rows()).unsqueeze(1);
        let elsewhere = branches
            .not_equal_tensor(&asking(&branches))
            .logical_and(&branches.not_equal(0));
        let mut hidden = order.greater_tensor(&asking(&order)).logical_or(&elsewhere);
        if let Some(window) = window {
            let distance = asking(&positions) - &positions;
            hidden = hidden.logical_or(&distance.ge(window));
        }
        let visible = Tensor::zeros(hidden.size(), (kind, device));
        visible.masked_fill(&hidden, f64::NEG_INFINITY)
    }
}

/// Splits sequences into passes of at most `rows` rows each, those with a prompt in common together: lists of indices. A
/// sequence that is longer goes alone.
///
/// # Errors
/// [`TorchError::Limit`] for tokens outside the vocabulary, sequences beyond the model's context, and sequences whose
/// first target is not preceded by a token or does not exist.
pub fn passes(sequences: &[Sequence<'_>], rows: u64, config: &ModelConfig) -> Result<Vec<Vec<usize>>> {
    for sequence in sequences {
        check(sequence, config)?;
    }
    let mut order: Vec<usize> = (0..sequences.len()).collect();
    order.sort_by_key(|&index| {
        let Sequence { tokens, target_from } = sequences[index];
        (target_from, &tokens[..target_from], tokens.len())
    });
    let mut passes: Vec<Vec<usize>> = Vec::new();
    for index in order {
        if let Some(pass) = passes.last_mut() {
            pass.push(index);
            let together: Vec<Sequence<'_>> = pass.iter().map(|&index| sequences[index]).collect();
            if rows_of(&together) as u64 <= rows {
                continue;
            }
            pass.pop();
        }
        passes.push(vec![index]);
    }
    Ok(passes)
}

/// Rows that a [`Batch`] of `sequences` has.
fn rows_of(sequences: &[Sequence<'_>]) -> usize {
    let shared = shared_prefix(sequences);
    let trees = by_prompt(sequences).into_iter().map(|members| {
        let branches = members.iter().map(|&index| sequences[index].targets() - 1);
        sequences[members[0]].target_from - shared + branches.sum::<usize>()
    });
    shared + trees.sum::<usize>()
}

/// Indices of the sequences of each prompt; prompts in order of appearance.
fn by_prompt(sequences: &[Sequence<'_>]) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut places = HashMap::new();
    for (index, sequence) in sequences.iter().enumerate() {
        let prompt = &sequence.tokens[..sequence.target_from];
        let place = *places.entry(prompt).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
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
        let limit = format!(
            "the model's context is {0} tokens; max_length = {0} leaves such rows out",
            config.max_positions
        );
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

/// Length of the prefix that all prompts have in common and that is computed once. A prompt keeps its last token: the trunk
/// of its tree is never empty.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(tokens: &[u32], target_from: usize) -> Sequence<'_> {
        Sequence { tokens, target_from }
    }

    #[test]
    fn a_prompt_stands_once_and_the_last_token_of_a_solution_nowhere() {
        let (one, other) = ([5, 6, 7, 8, 9], [5, 6, 7, 4]);
        let batch = Batch::new(&[sequence(&one, 3), sequence(&other, 3)], Device::Cpu);
        let numbers = |tensor: &Tensor| Vec::<i64>::try_from(tensor).unwrap();
        assert_eq!(numbers(&batch.tokens), [5, 6, 7, 8]);
        assert_eq!(numbers(&batch.positions), [0, 1, 2, 3]);
        assert_eq!(numbers(&batch.predicting), [2, 3, 2]);
        assert_eq!(numbers(&batch.targets), [8, 9, 4]);
    }

    #[test]
    fn a_branch_sees_the_trunk_and_itself_within_the_window() {
        let (one, other) = ([5, 6, 7, 8, 9], [5, 6, 4, 3, 2]);
        let batch = Batch::new(&[sequence(&one, 2), sequence(&other, 2)], Device::Cpu);
        let seen = |window| {
            let mask = batch.segments[0].mask(window, Kind::Float, Device::Cpu);
            let rows = Vec::<Vec<f32>>::try_from(mask).unwrap();
            let row = |row: Vec<f32>| -> String {
                row.iter()
                    .map(|&score| if score == 0.0 { 'x' } else { '.' })
                    .collect()
            };
            rows.into_iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(
            seen(None),
            ["x.....", "xx....", "xxx...", "xxxx..", "xx..x.", "xx..xx"]
        );
        assert_eq!(
            seen(Some(2)),
            ["x.....", "xx....", ".xx...", "..xx..", ".x..x.", "....xx"]
        );
    }

    #[test]
    fn a_pass_counts_what_its_sequences_have_in_common_once() {
        let tokens: Vec<Vec<u32>> = (0..4).map(|last| [vec![7; 40], vec![last; 5]].concat()).collect();
        let sequences: Vec<_> = tokens.iter().map(|tokens| sequence(tokens, 40)).collect();
        assert_eq!(rows_of(&sequences), 40 + 4 * 4);
        assert_eq!(rows_of(&sequences[..1]), 40 + 4);
    }
}
