//! Selection: which samples become training rows (the paper's E-step filter, section 3).

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{Digest, Judged, ProblemId, RewardKind, Seed};

/// What a sample's reward does to its training row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Weighting {
    /// Every kept row counts 1.
    #[default]
    Uniform,
    /// A kept row's loss is multiplied by its reward (the paper's eq. 3).
    Reward,
}

/// How to select.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectOptions {
    /// Keep rewards of at least this. Binary verifiers need none; graded ones must have it.
    pub threshold: Option<f64>,
    /// At most so many rows per problem (the paper: 10).
    pub max_per_problem: u32,
    /// Loss weights.
    pub weighting: Weighting,
}

/// Selection can't be done as configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SelectError {
    /// Partial credit must not train on failing solutions by default.
    #[error(
        "the verifier's rewards are graded, so `select.threshold` must say which of them count as correct"
    )]
    GradedWithoutThreshold,
}

/// What selection kept, and what it dropped.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection<'a> {
    /// Kept samples with their weights, in problem and sample order.
    pub kept: Vec<(&'a Judged, f32)>,
    /// Samples below the threshold.
    pub wrong: u32,
    /// Samples that could not be judged.
    pub faults: u32,
    /// Correct samples dropped as duplicates of one of the same problem.
    pub duplicates: u32,
    /// Correct, distinct samples dropped by the cap.
    pub over_cap: u32,
}

/// Whether a reward counts as correct: at least the threshold, or 1 for binary verifiers.
///
/// # Errors
/// [`SelectError::GradedWithoutThreshold`].
pub fn correct_from(kind: RewardKind, threshold: Option<f64>) -> Result<f64, SelectError> {
    match (kind, threshold) {
        (_, Some(threshold)) => Ok(threshold),
        (RewardKind::Binary, None) => Ok(1.0),
        (RewardKind::Graded, None) => Err(SelectError::GradedWithoutThreshold),
    }
}

/// Keeps correct samples, drops duplicates per problem (by `key` of the completion; the lowest k stands), then
/// takes a seeded random choice of at most `max_per_problem`.
///
/// # Errors
/// [`SelectError`].
pub fn select<'a>(
    judged: &'a [Judged],
    kind: RewardKind,
    options: &SelectOptions,
    key: &dyn Fn(&str) -> Digest,
    seed: Seed,
) -> Result<Selection<'a>, SelectError> {
    let threshold = correct_from(kind, options.threshold)?;
    let mut selection = Selection {
        kept: Vec::new(),
        wrong: 0,
        faults: 0,
        duplicates: 0,
        over_cap: 0,
    };
    let mut by_problem: BTreeMap<&ProblemId, Vec<(&Judged, f64)>> = BTreeMap::new();
    let mut order: Vec<&ProblemId> = Vec::new();
    let mut seen: BTreeSet<(&ProblemId, Digest)> = BTreeSet::new();
    let mut sorted: Vec<&Judged> = judged.iter().collect();
    sorted.sort_by_key(|row| row.sample.k);
    for row in judged {
        if !by_problem.contains_key(&row.sample.problem) {
            by_problem.insert(&row.sample.problem, Vec::new());
            order.push(&row.sample.problem);
        }
    }
    for row in sorted {
        let Some(score) = row.verdict.score() else {
            selection.faults += 1;
            continue;
        };
        if score.reward < threshold {
            selection.wrong += 1;
        } else if !seen.insert((&row.sample.problem, key(&row.sample.completion))) {
            selection.duplicates += 1;
        } else if let Some(rows) = by_problem.get_mut(&row.sample.problem) {
            rows.push((row, score.reward));
        }
    }
    for problem in order {
        let Some(mut rows) = by_problem.remove(problem) else {
            continue;
        };
        rows.sort_by_key(|(row, _)| seed.order_key(&format!("{problem}\u{0}{}", row.sample.k)));
        let cap = options.max_per_problem as usize;
        selection.over_cap += rows.len().saturating_sub(cap) as u32;
        rows.truncate(cap);
        rows.sort_by_key(|(row, _)| row.sample.k);
        selection
            .kept
            .extend(rows.into_iter().map(|(row, reward)| match options.weighting {
                Weighting::Uniform => (row, 1.0),
                Weighting::Reward => (row, reward as f32),
            }));
    }
    Ok(selection)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judged::tests::judged;
    use crate::{FaultClass, Verdict};

    fn options() -> SelectOptions {
        SelectOptions {
            threshold: None,
            max_per_problem: 2,
            weighting: Weighting::Uniform,
        }
    }

    fn run(
        rows: &[Judged],
        kind: RewardKind,
        options: &SelectOptions,
    ) -> Result<Vec<(String, u32)>, SelectError> {
        let selection = select(rows, kind, options, &|text| Digest::of(text), Seed(1))?;
        Ok(selection
            .kept
            .iter()
            .map(|(row, _)| (row.sample.problem.to_string(), row.sample.k))
            .collect())
    }

    #[test]
    fn wrong_faulty_and_repeated_samples_are_dropped() {
        let mut rows = vec![
            judged("a", 0, "x", 1.0),
            judged("a", 1, "x", 1.0),
            judged("a", 2, "y", 0.0),
        ];
        rows.push(Judged {
            verdict: Verdict::fault(FaultClass::Trap, "boom"),
            ..judged("a", 3, "z", 0.0)
        });
        let selection = select(
            &rows,
            RewardKind::Binary,
            &options(),
            &|text| Digest::of(text),
            Seed(1),
        )
        .unwrap();
        assert_eq!(selection.kept.len(), 1);
        assert_eq!(
            (selection.wrong, selection.faults, selection.duplicates),
            (1, 1, 1)
        );
    }

    #[test]
    fn the_cap_is_seeded_and_does_not_depend_on_order() {
        let mut rows: Vec<Judged> = (0..8)
            .map(|k| judged("a", k, &format!("text {k}"), 1.0))
            .collect();
        let kept = run(&rows, RewardKind::Binary, &options()).unwrap();
        assert_eq!(kept.len(), 2);
        rows.reverse();
        assert_eq!(run(&rows, RewardKind::Binary, &options()).unwrap(), kept);
    }

    #[test]
    fn graded_rewards_need_a_threshold() {
        let rows = [judged("a", 0, "x", 0.6)];
        assert_eq!(
            run(&rows, RewardKind::Graded, &options()),
            Err(SelectError::GradedWithoutThreshold)
        );
        let with = SelectOptions {
            threshold: Some(0.5),
            weighting: Weighting::Reward,
            ..options()
        };
        let selection = select(
            &rows,
            RewardKind::Graded,
            &with,
            &|text| Digest::of(text),
            Seed(1),
        )
        .unwrap();
        assert_eq!(selection.kept[0].1, 0.6);
    }
}
