//! `restem plugin`: look at plugins, test them, pin them, keep them.

mod bench;
mod check;
mod examples;
mod inspect;
mod install;
mod lock;
mod native;
mod subject;
mod test;
mod words;

use std::io::Write as _;
use std::process::ExitCode;

use super::plugin_build::plugin_build;
use super::plugin_new::plugin_new;
use crate::args::PluginCommand;
use crate::closed_output::unless_output_closed;

pub(crate) fn plugin(command: &PluginCommand) -> anyhow::Result<ExitCode> {
    answer(command).or_else(unless_output_closed)
}

fn answer(command: &PluginCommand) -> anyhow::Result<ExitCode> {
    match command {
        PluginCommand::New(args) => plugin_new(args),
        PluginCommand::Build(args) => plugin_build(args),
        PluginCommand::Inspect { plugin } => inspect::inspect(plugin),
        PluginCommand::Check { plugin } => check::check(plugin),
        PluginCommand::Test(args) => test::test(args),
        PluginCommand::Bench(args) => bench::bench(args),
        PluginCommand::Lock(args) => lock::lock(args),
        PluginCommand::Install { source, name } => install::install(source, name.as_deref()),
        PluginCommand::List => install::list(),
        PluginCommand::Remove { name } => install::remove(name),
        PluginCommand::Schema => schema(),
    }
}

fn schema() -> anyhow::Result<ExitCode> {
    let schema = schemars::schema_for!(restem_reward::Manifest);
    writeln!(std::io::stdout(), "{}", serde_json::to_string_pretty(&schema)?)?;
    Ok(ExitCode::SUCCESS)
}
