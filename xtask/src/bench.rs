//! `cargo xtask bench`: the project's benchmarks, each a program of the crate that it measures.

mod chart;
mod math;
mod policy;
mod python;
pub(crate) mod shared_data;

use std::process::Command;

use anyhow::Result;
use clap::Subcommand;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, process, say};

/// What can be measured.
#[derive(Debug, Subcommand)]
pub(crate) enum Subject {
    /// What the wasm host adds to a plugin's own work, and rows per second through worker processes
    Reward {
        /// Arguments of the benchmark itself
        #[arg(last = true)]
        arguments: Vec<String>,
    },
    /// Tokens per second of sampling and training on the demo model, alone or beside transformers and llama.cpp
    Policy(policy::Options),
    /// Verdicts and speed of math-equivalence beside Math-Verify's, on the same rows (needs ../shared/data)
    Math(math::Options),
    /// Isolated tests per second in the Python sandbox beside native ways to run them (needs ../shared/data)
    Python(python::Options),
}

/// Builds what the benchmark needs and runs it alone.
///
/// # Errors
/// When a build or the benchmark fails.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, subject: &Subject) -> Result<()> {
    say::step(
        "bench",
        "two busy processes disturb each other: let nothing else run",
    );
    match subject {
        Subject::Reward { arguments } => {
            artifacts::build_plugins(workspace, cache)?;
            let native = process::capture(&mut example(workspace, "exact-match", "native"))?;
            let mut command = example(workspace, "restem-reward", "overhead");
            command.arg(workspace.plugin("exact-match")).arg(native.trim());
            process::run(&mut command)?;
            let mut command = example(workspace, "restem-reward", "rows_per_second");
            command.arg(workspace.plugin("exact-match"));
            process::run(command.args(arguments))
        }
        Subject::Policy(options) => policy::run(workspace, cache, options),
        Subject::Math(options) => math::run(workspace, cache, options),
        Subject::Python(options) => python::run(workspace, cache, options),
    }
}

/// A crate's own program, built for speed.
fn example(workspace: &Workspace, package: &str, name: &str) -> Command {
    let mut command = process::cargo(workspace.root());
    command.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        package,
        "--example",
        name,
        "--",
    ]);
    command
}
