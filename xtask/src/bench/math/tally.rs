//! Verdicts counted against labels.

use super::verdict::{Outcome, Verdict};

/// How a grader fares on a data set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Rows judged.
    pub(crate) rows: usize,
    /// Accepted rows whose label is wrong.
    pub(crate) false_accepts: usize,
    /// Rejected rows whose label is right.
    pub(crate) false_rejects: usize,
    /// Rejected because neither could be shown.
    pub(crate) undecided: usize,
    /// Rejected because no answer was found.
    pub(crate) no_answer: usize,
    /// Rejected because the reference can't be read.
    pub(crate) bad_reference: usize,
}

impl Tally {
    /// Counts one verdict.
    pub(crate) fn add(&mut self, verdict: &Verdict, label: bool) {
        self.rows += 1;
        match (verdict.accepts(), label) {
            (true, false) => self.false_accepts += 1,
            (false, true) => self.false_rejects += 1,
            _ => {}
        }
        match verdict.outcome {
            Outcome::Undecided => self.undecided += 1,
            Outcome::NoAnswer => self.no_answer += 1,
            Outcome::BadReference => self.bad_reference += 1,
            Outcome::Equal | Outcome::Different => {}
        }
    }

    /// Share of rows on which grader and label agree; of no rows, 1.
    pub(crate) fn agreement(&self) -> f64 {
        if self.rows == 0 {
            return 1.0;
        }
        1.0 - (self.false_accepts + self.false_rejects) as f64 / self.rows as f64
    }
}

/// Times of single checks, in nanoseconds, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Times(Vec<u64>);

impl Times {
    /// Of some verdicts.
    pub(crate) fn of<'v>(verdicts: impl Iterator<Item = &'v Verdict>) -> Self {
        let mut times: Vec<_> = verdicts.map(|verdict| verdict.nanoseconds).collect();
        times.sort_unstable();
        Self(times)
    }

    /// The time that `permille` thousandths of the checks don't exceed (nearest rank); of no checks, 0.
    pub(crate) fn quantile(&self, permille: usize) -> f64 {
        let rank = (self.0.len() * permille).div_ceil(1000);
        self.0.get(rank.saturating_sub(1)).copied().unwrap_or_default() as f64
    }

    /// The mean; of no checks, 0.
    pub(crate) fn mean(&self) -> f64 {
        self.0.iter().sum::<u64>() as f64 / self.0.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undecided_and_missing_answers_are_rejections() {
        let mut tally = Tally::default();
        tally.add(&Verdict::of(Outcome::Equal, 1), true);
        tally.add(&Verdict::of(Outcome::Equal, 1), false);
        tally.add(&Verdict::of(Outcome::Undecided, 1), true);
        tally.add(&Verdict::of(Outcome::NoAnswer, 1), false);
        assert_eq!((tally.false_accepts, tally.false_rejects), (1, 1));
        assert_eq!((tally.undecided, tally.no_answer), (1, 1));
        assert_eq!(tally.agreement(), 0.5);
    }

    #[test]
    fn quantiles_are_times_that_were_measured() {
        let verdicts: Vec<_> = (1..=1000).rev().map(|n| Verdict::of(Outcome::Equal, n)).collect();
        let times = Times::of(verdicts.iter());
        assert_eq!([500, 990, 999].map(|p| times.quantile(p)), [500.0, 990.0, 999.0]);
        assert_eq!(times.mean(), 500.5);
        assert_eq!(Times::default().quantile(500), 0.0);
    }
}
