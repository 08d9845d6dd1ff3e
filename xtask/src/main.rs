//! `cargo xtask`: one command each for set-up, build, demo, tests, benchmarks, conformance and packaging.
//!
//! Everything is incremental: what a command needs and finds done, it does not do again.

mod artifacts;
mod backend_links;
mod bench;
mod book;
mod cache;
mod conformance;
mod demo;
mod dist;
mod env_vars;
mod exports;
mod libtorch;
mod model;
mod polyglot;
mod process;
mod python;
mod say;
mod sdk_source;
mod setup;
mod test_run;
mod transcript;
mod wasm_std;
mod wheel;
mod workspace;

use std::path::PathBuf;
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
    /// Set up, build and test; ends with the test runner's closing line
    Test {
        /// Also the suites that read ../shared/data
        #[arg(long)]
        data: bool,
        /// Also the suites that run the demo's real model
        #[arg(long)]
        model: bool,
        /// Also the suites that run Python in its sandbox
        #[arg(long)]
        python: bool,
        /// Also the suites of plugins in Python and JavaScript; installs the tools that build them
        #[arg(long)]
        polyglot: bool,
    },
    /// Go a newcomer's way from `restem plugin new` to a scored dataset, and show each command, its output and its time
    Transcript {
        /// Also write it to this file, as Markdown
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Self-train a real model on word problems and show that it got better
    Demo {
        /// A few minutes instead of half an hour; shows that it works, not that it learns
        #[arg(long)]
        fast: bool,
        /// Where the run goes [default: a new directory below runs/]
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// Measure speed
    #[command(subcommand)]
    Bench(bench::Subject),
    /// Compare with reference implementations
    #[command(subcommand)]
    Conformance(Conformance),
    /// Write the book about reward plugins to target/book
    Book,
    /// Pack binary, plugins and backend into target/dist
    Dist,
    /// Print the variables that cargo and restem need, for `eval "$(cargo xtask env)"`
    Env,
}

#[derive(Subcommand)]
enum Conformance {
    /// The torch backend and imported tokenizers against transformers: logits, greedy tokens, one training step, 10,000 lines
    Policy {
        /// Write the committed goldens anew
        #[arg(long)]
        bless: bool,
    },
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
        Task::Test {
            data,
            model,
            python,
            polyglot,
        } => {
            let extras = test_run::Extras {
                data,
                model,
                python,
                polyglot,
            };
            test_run::run(&workspace, &cache, &extras)
        }
        Task::Transcript { out } => transcript::run(&workspace, &cache, out.as_deref()),
        Task::Demo { fast, out } => {
            let size = if fast { demo::Size::Fast } else { demo::Size::Full };
            demo::run(&workspace, &cache, size, out)
        }
        Task::Bench(subject) => bench::run(&workspace, &cache, &subject),
        Task::Conformance(Conformance::Policy { bless }) => {
            let goldens = if bless {
                conformance::Goldens::Bless
            } else {
                conformance::Goldens::Check
            };
            conformance::policy(&workspace, &cache, goldens)
        }
        Task::Book => book::build(&workspace, &cache),
        Task::Dist => dist::run(&workspace, &cache),
        Task::Env => exports::print(&workspace, &cache),
    }
}
