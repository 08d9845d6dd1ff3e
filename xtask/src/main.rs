//! `cargo xtask`: one command each for set-up, build, demo, tests, benchmarks, conformance and packaging.
//!
//! Everything is incremental: what a command needs and finds done, it does not do again.

mod artifacts;
mod cache;
mod env_vars;
mod exports;
mod libtorch;
mod model;
mod process;
mod python;
mod say;
mod setup;
mod wasm_std;
mod wheel;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::cache::Cache;
use crate::workspace::Workspace;

/// Tasks of the restem workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Find or install libtorch, the wasm standard library and the demo model
    Setup {
        /// Provide only these parts
        #[arg(long, value_enum)]
        only: Vec<setup::Part>,
    },
    /// Build the binary, the wasm plugins and the torch backend into target/restem
    Build {
        /// Build the wasm plugins only (needs no libtorch)
        #[arg(long)]
        plugins: bool,
    },
    /// Print the variables that cargo and restem need, for `eval "$(cargo xtask env)"`
    Env,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::step("error", format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let workspace = Workspace::find()?;
    let cache = Cache::locate()?;
    match arguments.task {
        Task::Setup { only } => setup::run(&workspace, &cache, &only),
        Task::Build { plugins: true } => artifacts::build_plugins(&workspace, &cache),
        Task::Build { plugins: false } => artifacts::build(&workspace, &cache),
        Task::Env => exports::print(&workspace, &cache),
    }
}
