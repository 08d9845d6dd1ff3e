//! `restem plugin inspect`: a plugin's world, imports, exports, digest and sizes.

use std::io::Write as _;
use std::process::ExitCode;

use restem_reward::{Format, Probe};

use super::subject;
use super::words::{rewards, size};

pub(super) fn inspect(plugin: &str) -> anyhow::Result<ExitCode> {
    let probe = subject::probe(&subject::find(plugin)?.wasm)?;
    let mut out = std::io::stdout().lock();
    out.write_all(text(&probe)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn text(probe: &Probe) -> anyhow::Result<String> {
    let info = &probe.info;
    let schema: serde_json::Value = serde_json::from_str(&info.config_schema)?;
    let rows = [
        ("file", probe.path.display().to_string()),
        ("sha256", probe.sha256.to_string()),
        (
            "size",
            match probe.format {
                Format::Component => format!("{}, a component", size(probe.file_bytes)),
                Format::CoreModule => format!(
                    "{}, a core module; {} as a component",
                    size(probe.file_bytes),
                    size(probe.component_bytes)
                ),
            },
        ),
        ("world", format!("restem:reward/reward-plugin@{}", probe.api)),
        ("imports", list(&probe.imports)),
        ("exports", list(&probe.exports)),
        ("rewards", rewards(info)),
        (
            "manifest",
            match &probe.manifest {
                Some((path, manifest)) => {
                    format!("{}, {} examples", path.display(), manifest.examples.len())
                }
                None => "none beside it".to_owned(),
            },
        ),
    ];
    let mut text = format!("{} {}\n", info.name, info.version);
    for (name, value) in rows {
        text.push_str(&format!("  {name:<9} {value}\n"));
    }
    text.push_str("  configuration (JSON Schema):\n");
    for line in serde_json::to_string_pretty(&schema)?.lines() {
        text.push_str(&format!("    {line}\n"));
    }
    Ok(text)
}

fn list(names: &[String]) -> String {
    if names.is_empty() {
        "nothing".to_owned()
    } else {
        names.join(", ")
    }
}
