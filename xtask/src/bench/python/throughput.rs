//! Isolated tests per second of every side, on every group.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::say;

use super::groups::Group;
use super::measured::{Measured, Test};
use super::side::{Side, Sides};

/// The first is what the others are compared with.
const SIDES: [Side; 8] = [
    Side::Sandbox,
    Side::SandboxEach,
    Side::Fork,
    Side::SystemFork,
    Side::ForkEach,
    Side::Isolated,
    Side::Evalplus,
    Side::HumanEval,
];

/// A group's results.
pub(crate) struct GroupResult {
    /// The group's name.
    pub(crate) name: &'static str,
    /// Programs in the group.
    pub(crate) programs: usize,
    /// CPU milliseconds that each test needs in `python3` without isolation.
    pub(crate) native: BTreeMap<Test, f64>,
    /// One entry per side; the sandbox's is the first.
    pub(crate) sides: Vec<SideResult>,
}

/// A side's results on one group.
pub(crate) struct SideResult {
    /// Which.
    pub(crate) side: Side,
    /// In one process.
    pub(crate) alone: Measured,
    /// In one process per core, each of which runs all of the group's tests.
    pub(crate) together: Measured,
    /// Tests that end differently in the sandbox.
    pub(crate) disagreements: Vec<Test>,
}

impl GroupResult {
    /// The sandbox's result.
    pub(crate) fn sandbox(&self) -> &SideResult {
        &self.sides[0]
    }

    /// Tests per second on all cores over those of `side`.
    pub(crate) fn ratio(&self, side: Side) -> Option<f64> {
        let other = self.sides.iter().find(|result| result.side == side)?;
        Some(self.sandbox().together.per_second() / other.together.per_second())
    }
}

/// Runs every side on the group.
///
/// # Errors
/// When a side fails.
pub(crate) fn measure(sides: &Sides, group: &mut Group, cores: usize, quick: bool) -> Result<GroupResult> {
    let mut results: Vec<SideResult> = Vec::new();
    for side in SIDES {
        let jobs = group.jobs(side, quick);
        let Some(alone) = sides.measure(side, &[&jobs])? else {
            continue;
        };
        let together = sides
            .measure(side, &vec![jobs.as_slice(); cores])?
            .context("a side went away")?;
        say::step(
            "bench",
            format!(
                "{}: {}: {:.0} tests/s",
                group.name,
                side.name(),
                together.per_second()
            ),
        );
        let disagreements = match results.first() {
            Some(sandbox) => alone.disagreements(&sandbox.alone),
            None => {
                let firsts = alone.firsts();
                group.expect(|id, test| firsts[&(id.to_owned(), test)].digest.clone());
                Vec::new()
            }
        };
        results.push(SideResult {
            side,
            alone,
            together,
            disagreements,
        });
    }
    let native = sides
        .measure(Side::Warm, &[&group.jobs(Side::Warm, quick)])?
        .context("no python3")?
        .cpu_milliseconds();
    Ok(GroupResult {
        name: group.name,
        programs: group.programs(),
        native,
        sides: results,
    })
}
