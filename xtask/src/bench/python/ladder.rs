//! The same program at growing lengths: where isolation stops to matter and interpretation begins to.

use anyhow::{Context, Result};

use super::job::Job;
use super::measured::Test;
use super::side::{Side, Sides};
use super::statistics;

/// Turns of the program's loop.
const TURNS: [u32; 10] = [1, 4, 10, 20, 40, 80, 160, 400, 1_000, 2_000];

/// Sides that climb it; the first is the sandbox.
pub(crate) const SIDES: [Side; 4] = [Side::Sandbox, Side::Fork, Side::SystemFork, Side::ForkEach];

/// One length.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rung {
    /// CPU milliseconds in `python3` without isolation.
    pub(crate) native: f64,
    /// Milliseconds of a core per test, with all cores busy, by side as in [`SIDES`]; median.
    pub(crate) milliseconds: [Option<f64>; 4],
}

impl Rung {
    /// A side's time over the sandbox's.
    pub(crate) fn ratio(&self, side: usize) -> Option<f64> {
        Some(self.milliseconds[side]? / self.milliseconds[0]?)
    }
}

/// Measures every side on every length, one process per core.
///
/// # Errors
/// When a side fails.
pub(crate) fn measure(sides: &Sides, cores: usize, quick: bool) -> Result<Vec<Rung>> {
    let source = include_str!("workloads/ladder.py");
    let jobs: Vec<_> = TURNS
        .iter()
        .map(|turns| {
            // Short ones are noisier and cheaper.
            let repeats = (10_000 / turns).clamp(20, 250) as usize;
            Job::new(format!("turns {turns}"), source, vec![format!("{turns}\n")]).times(if quick {
                2
            } else {
                repeats
            })
        })
        .collect();
    let tests: Vec<Test> = jobs.iter().map(|job| (job.id.clone(), 0)).collect();
    let native = sides
        .measure(Side::Warm, &[&jobs])?
        .context("no python3")?
        .cpu_milliseconds();
    let mut rungs: Vec<_> = tests
        .iter()
        .map(|test| Rung {
            native: native[test],
            milliseconds: [None; 4],
        })
        .collect();
    for (number, side) in SIDES.into_iter().enumerate() {
        let Some(measured) = sides.measure(side, &vec![jobs.as_slice(); cores])? else {
            continue;
        };
        let times = measured.per_test(|row| row.nanoseconds as f64 / 1e6, statistics::median);
        for (rung, test) in rungs.iter_mut().zip(&tests) {
            rung.milliseconds[number] = Some(times[test]);
        }
    }
    Ok(rungs)
}

/// CPU milliseconds of a test at which the sandbox stops to be `factor` times as fast as a side, by straight lines between
/// the rungs: with 1, where the side breaks even. None when that is not between two rungs.
pub(crate) fn crossing(rungs: &[Rung], side: usize, factor: f64) -> Option<f64> {
    let lead = |rung: &Rung| Some(rung.milliseconds[side]? - factor * rung.milliseconds[0]?);
    for pair in rungs.windows(2) {
        let (before, after) = (lead(&pair[0])?, lead(&pair[1])?);
        if before > 0.0 && after <= 0.0 {
            let share = before / (before - after);
            return Some(pair[0].native + share * (pair[1].native - pair[0].native));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rung(native: f64, sandbox: f64, fork: f64) -> Rung {
        Rung {
            native,
            milliseconds: [Some(sandbox), Some(fork), None, None],
        }
    }

    #[test]
    fn lines_cross_between_the_rungs_around_the_break_even_point() {
        let rungs = [rung(0.1, 0.5, 1.5), rung(1.0, 2.0, 2.5), rung(2.0, 4.5, 3.5)];
        let found = crossing(&rungs, 1, 1.0).unwrap();
        assert!((found - (1.0 + 1.0 / 3.0)).abs() < 1e-12, "{found}");
        let twice = crossing(&rungs, 1, 2.0).unwrap();
        assert!((twice - 0.325).abs() < 1e-12, "{twice}");
    }

    #[test]
    fn a_side_that_never_catches_up_has_no_break_even_point() {
        let rungs = [rung(0.1, 0.5, 1.5), rung(1.0, 2.0, 2.5)];
        assert_eq!((crossing(&rungs, 1, 1.0), crossing(&rungs, 2, 1.0)), (None, None));
    }
}
