//! `cargo xtask bench`: the project's benchmarks, each a program of the crate that it measures.

use anyhow::{Context, Result};
use clap::ValueEnum;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, env_vars, exports, process, say, setup};

/// What can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// reward calls per second through the wasm host
    Reward,
    /// tokens per second of sampling and training on the demo model
    Policy,
}

struct Benchmark {
    subject: Subject,
    package: &'static str,
    example: &'static str,
}

const BENCHMARKS: [Benchmark; 2] = [
    Benchmark {
        subject: Subject::Reward,
        package: "restem-reward",
        example: "throughput",
    },
    Benchmark {
        subject: Subject::Policy,
        package: "restem-torch",
        example: "throughput",
    },
];

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
    let benchmark = BENCHMARKS
        .iter()
        .find(|entry| entry.subject == subject)
        .context("no benchmark of that name")?;
    let mut command = process::cargo(workspace.root());
    command.args([
        "run",
        "--release",
        "--package",
        benchmark.package,
        "--example",
        benchmark.example,
    ]);
    command.envs(exports::of_home(workspace));
    match subject {
        Subject::Reward => artifacts::build_plugins(workspace, cache)?,
        Subject::Policy => {
            let libtorch = setup::libtorch(cache)?;
            command.env(env_vars::LD_LIBRARY_PATH, libtorch.directory.join("lib"));
            command.env(env_vars::LIBTORCH, libtorch.directory);
            command.env(env_vars::DEMO_MODEL, setup::demo_model(workspace, cache)?);
        }
    }
    say::step(
        "bench",
        "two busy processes disturb each other: let nothing else run",
    );
    process::run(command.arg("--").args(arguments))
}
