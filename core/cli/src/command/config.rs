//! `restem config`.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use restem_report::{Align, Table};
use restem_reward::LOCK_FILE;

use crate::args::{ConfigArgs, ConfigCommand};
use crate::config::{Config, Layers, Origin, Resolved};

/// Reads the configuration that `args` name.
pub(crate) fn load(args: &ConfigArgs) -> anyhow::Result<Resolved> {
    let mut layers = Layers::default()
        .file(&args.config)?
        .environment(std::env::vars())?;
    if let Some(plugin) = &args.plugin {
        let quoted = toml::Value::String(plugin.clone()).to_string();
        layers.set("reward.plugin", &quoted, &Origin::Flag("--plugin".into()))?;
    }
    if !args.grant.is_empty() {
        // The run keeps its configuration elsewhere: a directory must be found from there, too.
        let here = std::env::current_dir()?;
        let grants: Vec<_> = args
            .grant
            .iter()
            .map(|grant| grant.clone().beneath(&here))
            .collect();
        let names = toml::Value::try_from(&grants)?.to_string();
        layers.set("reward.grant", &names, &Origin::Flag("--grant".into()))?;
    }
    for pair in &args.set {
        let (key, value) = pair
            .split_once('=')
            .ok_or_else(|| anyhow::anyhow!("`--set {pair}`: write `--set section.key=value`"))?;
        layers.set(key.trim(), value.trim(), &Origin::Flag("--set".into()))?;
    }
    let mut resolved = layers.resolve()?;
    let tables = resolved.config.reward.len();
    for (flag, key, given) in [
        ("--plugin", "plugin", args.plugin.is_some()),
        ("--grant", "grant", !args.grant.is_empty()),
    ] {
        if given && tables > 1 {
            bail!(
                "{flag} means the one `[[reward]]` table, and {} has {tables}\n  hint: write `--set reward.0.{key}=…`, `--set \
                 reward.1.{key}=…`",
                args.config.display()
            );
        }
    }
    let lock = args.config.with_file_name(LOCK_FILE);
    for reward in &mut resolved.config.reward {
        reward.lock = Some(lock.clone());
    }
    Ok(resolved)
}

pub(crate) fn config(command: &ConfigCommand) -> anyhow::Result<ExitCode> {
    let text = match command {
        ConfigCommand::Show {
            config,
            origin: false,
        } => load(config)?.to_toml()?,
        ConfigCommand::Show { config, origin: true } => {
            let mut table = Table::new([
                ("key", Align::Left),
                ("value", Align::Left),
                ("from", Align::Left),
            ]);
            for (key, value, origin) in load(config)?.rows()? {
                table.row(vec![key, value, origin.to_string()]);
            }
            table.to_text()
        }
        ConfigCommand::Schema => serde_json::to_string_pretty(&schemars::schema_for!(Config))?,
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
