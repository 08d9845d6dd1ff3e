//! Majority voting over canonical answers (maj@k; Wang et al. 2022, self-consistency).

use std::collections::BTreeMap;

/// One vote: the canonical answer, where there is one, and whether the verifier accepted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vote<'a> {
    /// Canonical answer; a completion without one does not vote.
    pub answer: Option<&'a str>,
    /// Accepted by the verifier.
    pub correct: bool,
}

/// Expected correctness of the most frequent answer, in [0, 1].
///
/// Ties are broken at random, so the result is the share of tied answers that are correct. Nobody voting counts
/// as wrong.
#[must_use]
pub fn majority(votes: &[Vote<'_>]) -> f64 {
    let mut counts: BTreeMap<&str, (u32, bool)> = BTreeMap::new();
    for vote in votes {
        if let Some(answer) = vote.answer {
            let entry = counts.entry(answer).or_default();
            entry.0 += 1;
            entry.1 |= vote.correct;
        }
    }
    let most = counts.values().map(|(n, _)| *n).max().unwrap_or(0);
    let tied: Vec<bool> = counts
        .values()
        .filter(|(n, _)| *n == most)
        .map(|(_, ok)| *ok)
        .collect();
    if tied.is_empty() {
        return 0.0;
    }
    tied.iter().filter(|ok| **ok).count() as f64 / tied.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(list: &[(&'static str, bool)]) -> Vec<Vote<'static>> {
        list.iter()
            .map(|(answer, correct)| Vote {
                answer: (!answer.is_empty()).then_some(*answer),
                correct: *correct,
            })
            .collect()
    }

    #[test]
    fn the_most_frequent_answer_wins() {
        assert_eq!(majority(&votes(&[("7", false), ("5", true), ("7", false)])), 0.0);
        assert_eq!(majority(&votes(&[("7", false), ("5", true), ("5", true)])), 1.0);
    }

    #[test]
    fn a_tie_counts_by_share() {
        assert_eq!(majority(&votes(&[("7", false), ("5", true)])), 0.5);
    }

    #[test]
    fn completions_without_an_answer_do_not_vote() {
        assert_eq!(majority(&votes(&[("", false), ("", false), ("5", true)])), 1.0);
        assert_eq!(majority(&votes(&[("", false)])), 0.0);
    }
}
