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

pub(crate) fn plugin(command: &PluginCommand) -> anyhow::Result<ExitCode> {
    match answer(command) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(error) if is_closed_output(&error) => Ok(ExitCode::SUCCESS),
        outcome => outcome,
    }
}

fn is_closed_output(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
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

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::is_closed_output;

    #[test]
    fn only_a_closed_output_is_no_failure() {
        assert!(is_closed_output(&Error::from(ErrorKind::BrokenPipe).into()));
        assert!(!is_closed_output(&Error::from(ErrorKind::StorageFull).into()));
        assert!(!is_closed_output(&anyhow::anyhow!("Broken pipe")));
    }
}
