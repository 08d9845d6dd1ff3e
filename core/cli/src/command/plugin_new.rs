//! `restem plugin new`: a project that builds, tests and runs as it is.

mod name;
mod project;
mod sdk;
mod template;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use restem_reward::Capability;

use name::PluginName;
use sdk::Sdk;
use template::Template;

/// The rows that every template has.
const ROWS: &str = "rows.jsonl";

/// What `restem plugin new` takes.
#[derive(Debug, Args)]
pub(crate) struct PluginNewArgs {
    /// Name of the plugin, which is its crate's too: a-z, 0-9, `-` and `_`.
    name: PluginName,
    /// What it begins as.
    #[arg(long, value_name = "TEMPLATE", default_value = template::DEFAULT, value_parser = template::parser())]
    template: &'static Template,
    /// Where it goes; default: a directory of that name.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Directory of the crate `restem-sdk` to build with; default: the one beside this program, else crates.io's.
    #[arg(long, value_name = "DIR", env = crate::env::SDK_DIR)]
    sdk: Option<PathBuf>,
}

pub(crate) fn plugin_new(args: &PluginNewArgs) -> anyhow::Result<ExitCode> {
    let dir = args
        .dir
        .clone()
        .unwrap_or_else(|| PathBuf::from(args.name.as_str()));
    let sdk = Sdk::find(args.sdk.as_deref())?;
    let written = project::write(&dir, args.template, &args.name, &sdk)?;

    let mut out = std::io::stdout().lock();
    writeln!(out, "wrote `{}`: {}", args.name, args.template.about)?;
    for path in written {
        writeln!(out, "  {}", path.display())?;
    }
    if args.template.is_rust() {
        writeln!(out, "restem-sdk: {sdk}")?;
    }
    writeln!(out, "next:")?;
    let mut grants = String::new();
    for capability in args.template.capabilities {
        grants.push_str(&format!(" --grant {capability}"));
    }
    if args.template.capabilities.contains(&Capability::Python) {
        writeln!(out, "  restem python install")?;
    }
    let here = dir.display();
    if let Some(set_up) = args.template.set_up() {
        writeln!(out, "  (cd {here} && {set_up})")?;
    }
    writeln!(out, "  restem plugin build {here}")?;
    writeln!(out, "  restem plugin test {here}{grants}")?;
    // A path without a separator would be a plugin's name.
    let plugin = if dir.components().count() > 1 {
        dir.clone()
    } else {
        PathBuf::from(".").join(&dir)
    };
    writeln!(
        out,
        "  restem score --plugin {}{grants} --input {}",
        plugin.display(),
        dir.join(ROWS).display()
    )?;
    Ok(ExitCode::SUCCESS)
}
