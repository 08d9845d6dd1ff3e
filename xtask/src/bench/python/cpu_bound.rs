//! What the sandbox costs on CPU-bound programs.

use anyhow::{Context, Result};

use super::groups::CPU_BOUND;
use super::job::Job;
use super::side::{Side, Sides};
use super::statistics;

/// Runs of each program; the best counts, on every side.
const RUNS: usize = 5;

/// One program.
pub(crate) struct Slowdown {
    /// Its name.
    pub(crate) name: &'static str,
    /// Milliseconds of a run in the sandbox, instance included.
    pub(crate) sandbox: f64,
    /// CPU milliseconds in `python3`.
    pub(crate) plain: f64,
    /// CPU milliseconds in the system's interpreter, if that is another one.
    pub(crate) system: Option<f64>,
    /// Fuel of a run.
    pub(crate) fuel: u64,
}

/// Measures all seven programs, one process after the other.
///
/// # Errors
/// When a side fails.
pub(crate) fn measure(sides: &Sides, quick: bool) -> Result<Vec<Slowdown>> {
    let runs = if quick { 1 } else { RUNS };
    let jobs: Vec<_> = CPU_BOUND
        .iter()
        .map(|(name, source)| Job::new(*name, *source, vec![String::new()]).times(runs))
        .collect();
    let sandbox = sides.measure(Side::Sandbox, &[&jobs])?.context("no sandbox")?;
    let plain = sides.measure(Side::Warm, &[&jobs])?.context("no python3")?;
    let system = sides.measure(Side::SystemWarm, &[&jobs])?;
    let wall = sandbox.per_test(|row| row.nanoseconds as f64 / 1e6, statistics::smallest);
    let cpu = |measured: &super::measured::Measured| {
        measured.per_test(
            |row| row.cpu_nanoseconds.unwrap_or_default() as f64 / 1e6,
            statistics::smallest,
        )
    };
    let (plain, system) = (cpu(&plain), system.as_ref().map(cpu));
    let firsts = sandbox.firsts();
    Ok(CPU_BOUND
        .iter()
        .map(|(name, _)| {
            let test = ((*name).to_owned(), 0);
            Slowdown {
                name,
                sandbox: wall[&test],
                plain: plain[&test],
                system: system.as_ref().map(|system| system[&test]),
                fuel: firsts[&test].fuel.unwrap_or_default(),
            }
        })
        .collect())
}

/// Geometric means of the factors over `python3` and over the system's interpreter.
pub(crate) fn means(slowdowns: &[Slowdown]) -> (f64, Option<f64>) {
    let plain: Vec<_> = slowdowns.iter().map(|one| one.sandbox / one.plain).collect();
    let system: Option<Vec<_>> = slowdowns
        .iter()
        .map(|one| Some(one.sandbox / one.system?))
        .collect();
    (
        statistics::geometric_mean(&plain),
        system.as_deref().map(statistics::geometric_mean),
    )
}
