//! The `restem` command.
//!
//! Exit status: 0 done; 1 an error; 2 a wrong command line; 3 too many faults (`score`) or a changed verdict
//! (`replay`); 130 stopped on request, to be continued with `--resume`. `math` tells like `diff`: 0 equal, 1 not equal,
//! 2 an error.

mod args;
mod breakdown;
mod closed_output;
mod command;
mod config;
mod env;
mod error_text;
mod interrupt;
mod judge_items;
mod memory;
mod numbers;
mod policy;
mod prepare;
mod progress;
mod reward;
mod settings;
mod shared_dir;
mod summary;
mod watch;

use std::process::ExitCode;

use clap::Parser as _;

use args::{Cli, Command};
use closed_output::unless_output_closed;

fn main() -> ExitCode {
    // A worker is this program started by itself; it must not touch the terminal.
    if let Some(code) = restem_reward::worker::run_if_asked() {
        return code;
    }
    #[expect(unsafe_code, reason = "setting an environment variable")]
    // SAFETY: nothing has started a thread yet.
    unsafe {
        restem_policy::native::prefer_huge_pages();
    }
    let cli = Cli::parse();
    match dispatch(cli) {
        Ok(code) => code,
        Err(error) => error_text::report(&error),
    }
}

fn dispatch(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        None => command::run(&cli.run),
        Some(Command::Run(args)) => command::run(&args),
        Some(Command::Generate(args)) => command::generate(&args),
        Some(Command::Train(args)) => command::train(&args),
        Some(Command::Eval(args)) => command::eval(&args),
        Some(Command::Score(args)) => command::score(&args),
        Some(Command::Math(args)) => Ok(command::math(&args)),
        Some(Command::Replay(args)) => command::replay(&args),
        Some(Command::Report(args)) => command::report(&args).or_else(unless_output_closed),
        Some(Command::Model(args)) => command::model(&args),
        Some(Command::Plugin(args)) => command::plugin(&args),
        Some(Command::Python(args)) => command::python(&args),
        Some(Command::Config(args)) => command::config(&args),
    }
}
