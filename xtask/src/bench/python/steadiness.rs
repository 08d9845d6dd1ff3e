//! Fuel and wall clock of the same run, with more and more else going on.

use std::collections::BTreeSet;

use anyhow::{Context, Result};

use super::groups::CPU_BOUND;
use super::job::Job;
use super::load::Load;
use super::side::{Side, Sides};
use super::statistics;

/// One program under one load.
pub(crate) struct Steadiness {
    /// The program.
    pub(crate) program: String,
    /// Cores that something else kept busy.
    pub(crate) busy: usize,
    /// Runs.
    pub(crate) runs: usize,
    /// Each fuel that was seen.
    pub(crate) fuel: BTreeSet<u64>,
    /// Smallest, median and largest milliseconds.
    pub(crate) milliseconds: [f64; 3],
}

/// Repeats a short and a long program with no, one, and all cores busy.
///
/// # Errors
/// When the sandbox fails.
pub(crate) fn measure(sides: &Sides, cores: usize, quick: bool) -> Result<Vec<Steadiness>> {
    let trivial = Job::new(
        "trivial",
        include_str!("workloads/trivial.py"),
        vec!["41\n".to_owned()],
    );
    let (name, source) = CPU_BOUND[1];
    let jobs = [
        trivial.times(if quick { 5 } else { 300 }),
        Job::new(name, source, vec![String::new()]).times(if quick { 2 } else { 15 }),
    ];
    let mut found = Vec::new();
    for busy in BTreeSet::from([0, 1, cores]) {
        let load = Load::on(busy);
        let measured = sides.measure(Side::Sandbox, &[&jobs])?.context("no sandbox")?;
        drop(load);
        for job in &jobs {
            let rows: Vec<_> = measured.rows.iter().filter(|row| row.id == job.id).collect();
            let times: Vec<_> = rows.iter().map(|row| row.nanoseconds as f64 / 1e6).collect();
            found.push(Steadiness {
                program: job.id.clone(),
                busy,
                runs: rows.len(),
                fuel: rows.iter().filter_map(|row| row.fuel).collect(),
                milliseconds: [
                    statistics::smallest(&times),
                    statistics::median(&times),
                    statistics::largest(&times),
                ],
            });
        }
    }
    found.sort_by(|a, b| (&b.program, a.busy).cmp(&(&a.program, b.busy)));
    Ok(found)
}

/// Whether each program used the same fuel in every run, whatever else went on.
pub(crate) fn is_fuel_the_same(found: &[Steadiness]) -> bool {
    let programs: BTreeSet<_> = found.iter().map(|one| &one.program).collect();
    programs.into_iter().all(|program| {
        let of_program = found.iter().filter(|one| one.program == *program);
        of_program
            .flat_map(|one| &one.fuel)
            .collect::<BTreeSet<_>>()
            .len()
            == 1
    })
}
