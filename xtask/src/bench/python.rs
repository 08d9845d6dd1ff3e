//! `cargo xtask bench python`: isolated tests in the Python sandbox beside native ways to run them, the same tests in one
//! run.
//!
//! Every side is a program that reads jobs, gets ready, waits, runs test after test and reports: ours is an example of
//! `core/python`, the others are the scripts in `peers/`.

mod aims;
mod apps;
mod check;
mod check_programs;
mod cpu_bound;
mod groups;
mod job;
mod labels;
mod ladder;
mod load;
mod machine;
mod measured;
mod native;
mod packages;
mod plot;
mod results;
mod row;
mod side;
mod statistics;
mod steadiness;
mod table;
mod throughput;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::Args;

use crate::cache::Cache;
use crate::say;
use crate::workspace::Workspace;

use results::Results;
use side::{Sides, Wanted};

/// What is measured and where it goes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Don't measure: check that 1,000 programs end alike on 1 and on several workers, with idle and with busy cores
    #[arg(long, conflicts_with_all = ["out", "plot", "quick"])]
    check: bool,
    /// Don't measure: judge the programs that other graders labelled, and print where the verdicts differ
    #[arg(long, conflicts_with_all = ["check", "out", "plot", "quick"])]
    labels: bool,
    /// Write the tables there as well
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draw throughput over native CPU time there, as SVG
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Hardly repeat anything: shows that it works, the figures mean little
    #[arg(long)]
    quick: bool,
    /// Processes at once, one per core
    #[arg(long, value_name = "N", default_value_t = 2)]
    cores: usize,
    /// Build and install what is needed, and stop
    #[arg(long)]
    prepare: bool,
}

/// Measures every side and prints the tables, or checks.
///
/// # Errors
/// When something can't be had, a side fails, or the check finds a difference.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, options: &Options) -> Result<()> {
    if options.labels {
        return labels::run(workspace, cache);
    }
    let wanted = if options.check {
        Wanted::Sandbox
    } else {
        Wanted::All
    };
    let sides = Sides::prepare(workspace, cache, wanted)?;
    if options.prepare {
        return Ok(());
    }
    if options.check {
        return check::run(workspace, &sides, options.cores);
    }
    let results = measure(workspace, &sides, options)?;
    let tables = table::all(&results);
    if let Some(path) = &options.out {
        write(path, &format!("{tables}\n"))?;
    }
    if let Some(path) = &options.plot {
        let names = ladder::SIDES.map(|side| side.name().replace('`', ""));
        write(path, &plot::draw(&results.rungs, &names, results.cores))?;
    }
    say::data(tables);
    Ok(())
}

fn measure(workspace: &Workspace, sides: &Sides, options: &Options) -> Result<Results> {
    let (cores, quick) = (options.cores, options.quick);
    let load_before = machine::load_average();
    let mut groups = Vec::new();
    for mut group in groups::all(workspace)? {
        groups.push(throughput::measure(sides, &mut group, cores, quick)?);
    }
    say::step("bench", "CPU-bound programs against native interpreters");
    let slowdowns = cpu_bound::measure(sides, quick)?;
    say::step("bench", "one program at growing lengths");
    let rungs = ladder::measure(sides, cores, quick)?;
    say::step("bench", "fuel and wall clock with busy cores");
    let steadiness = steadiness::measure(sides, cores, quick)?;
    Ok(Results {
        cores,
        machine: machine::description(cores),
        load_before,
        plain: sides.plain.name.clone(),
        system: sides.system.as_ref().map(|system| system.name.clone()),
        groups,
        slowdowns,
        rungs,
        steadiness,
    })
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
