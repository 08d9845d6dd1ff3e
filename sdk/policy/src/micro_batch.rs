//! Splitting a step into forward passes.

use std::ops::Range;

use crate::{Sequence, TrainingExample};

/// Something that is padded to its batch's longest.
pub trait PaddedLength {
    /// Its own length in tokens.
    fn length(&self) -> usize;
}

impl PaddedLength for Sequence<'_> {
    fn length(&self) -> usize {
        self.tokens.len()
    }
}

impl PaddedLength for TrainingExample<'_> {
    fn length(&self) -> usize {
        self.sequence.tokens.len()
    }
}

/// Splits `items`, in their order, into runs whose padded size (`longest * count`) is at most `tokens`.
///
/// An item longer than that is a run of its own. The host hands over a step's examples sorted by length, so runs in
/// order waste little on padding.
pub fn micro_batches<T: PaddedLength>(items: &[T], tokens: u64) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let (mut start, mut longest) = (0, 0);
    for (index, item) in items.iter().enumerate() {
        let length = item.length() as u64;
        let padded = longest.max(length).saturating_mul((index - start + 1) as u64);
        if index > start && padded > tokens {
            runs.push(start..index);
            (start, longest) = (index, length);
        } else {
            longest = longest.max(length);
        }
    }
    if start < items.len() {
        runs.push(start..items.len());
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(lengths: &[usize], tokens: u64) -> Vec<Range<usize>> {
        let ids = vec![0; 100];
        let items: Vec<_> = lengths
            .iter()
            .map(|&length| Sequence {
                tokens: &ids[..length],
                target_from: 1,
            })
            .collect();
        micro_batches(&items, tokens)
    }

    #[test]
    fn padding_counts() {
        assert_eq!(split(&[2, 2, 5, 5], 10), [0..2, 2..4]);
        assert_eq!(split(&[5, 2, 2, 5], 15), [0..3, 3..4]);
    }

    #[test]
    fn a_sequence_over_the_budget_goes_alone() {
        assert_eq!(split(&[3, 50, 3], 10), [0..1, 1..2, 2..3]);
        assert_eq!(split(&[], 10), []);
    }
}
