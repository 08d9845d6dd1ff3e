//! `cargo xtask bench`: the project's benchmarks, each a program of the crate that it measures.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;

use crate::cache::Cache;
use crate::workspace::{TORCH_BACKEND, Workspace};
use crate::{artifacts, env_vars, process, say, setup};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// reward calls per second through the wasm host
    Reward,
    /// tokens per second of sampling and training on the demo model
    Policy,
}

/// Builds what the benchmark needs and runs it alone; further arguments are its own.
///
/// # Errors
/// When a build or the benchmark fails.
pub(crate) fn run(
    workspace: &Workspace,
    cache: &Cache,
    subject: Subject,
    arguments: &[String],
) -> Result<()> {
    let mut command = match subject {
        Subject::Reward => {
            artifacts::build_plugins(workspace, cache)?;
            let mut command = example(workspace, "restem-reward");
            command.arg(workspace.home().join("plugins").join("exact-match.wasm"));
            command
        }
        Subject::Policy => {
            let libtorch = setup::libtorch(cache)?;
            let mut command = example(workspace, TORCH_BACKEND);
            command.env(env_vars::LD_LIBRARY_PATH, libtorch.directory.join("lib"));
            command.env(env_vars::LIBTORCH, libtorch.directory);
            command.arg(setup::demo_model(workspace, cache)?);
            command
        }
    };
    say::step(
        "bench",
        "two busy processes disturb each other: let nothing else run",
    );
    process::run(command.args(arguments))
}

/// The crate's own benchmark, whose first argument is what it measures.
fn example(workspace: &Workspace, package: &str) -> Command {
    let mut command = process::cargo(workspace.root());
    command.args([
        "run",
        "--release",
        "--package",
        package,
        "--example",
        "throughput",
        "--",
    ]);
    command
}
