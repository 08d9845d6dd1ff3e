//! `restem plugin`.

use std::io::Write as _;
use std::process::ExitCode;

use restem_reward::Capability;

use super::plugin_build::plugin_build;
use super::plugin_new::plugin_new;
use crate::args::PluginCommand;
use crate::config::RewardSection;
use crate::reward;

pub(crate) fn plugin(command: &PluginCommand) -> anyhow::Result<ExitCode> {
    match command {
        PluginCommand::New(args) => plugin_new(args),
        PluginCommand::Build(args) => plugin_build(args),
        PluginCommand::Inspect { plugin, grant } => inspect(plugin, grant),
    }
}

fn inspect(plugin: &str, grant: &[Capability]) -> anyhow::Result<ExitCode> {
    let section = RewardSection {
        plugin: plugin.to_owned(),
        grant: grant.to_vec(),
        ..RewardSection::default()
    };
    let plugin = reward::plugin(&section)?;
    let (identity, info) = (plugin.identity(), plugin.info());
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} {}", identity.name, identity.version)?;
    writeln!(out, "  sha256:  {}", identity.sha256)?;
    writeln!(out, "  API:     restem:reward@{}", identity.api)?;
    writeln!(out, "  rewards: {:?}, {} to {}", info.kind, info.min, info.max)?;
    match plugin.imports() {
        [] => writeln!(out, "  imports: nothing: no clock, randomness, files or network")?,
        imports => writeln!(out, "  imports: {}", imports.join(", "))?,
    }
    writeln!(out, "  configuration (JSON Schema): {}", info.config_schema)?;
    Ok(ExitCode::SUCCESS)
}
