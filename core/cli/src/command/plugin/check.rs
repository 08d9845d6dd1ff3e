//! `restem plugin check`: whether a plugin can be used, and what it can and can't do.

use std::io::Write as _;
use std::process::ExitCode;

use restem_reward::{Probe, api_versions};
use serde_json::Value;

use super::subject;
use super::words::{can, cannot, rewards, size};

/// Something is wrong with the plugin.
const WRONG: u8 = 1;

/// A component beyond this is slow to compile and to send to workers; those of the SDK have a few hundred KiB.
const LARGE: u64 = 40 << 20;

pub(super) fn check(plugin: &str) -> anyhow::Result<ExitCode> {
    let probe = subject::probe(&subject::find(plugin)?.wasm)?;
    let complaints = complaints(&probe);
    let mut out = std::io::stdout().lock();
    out.write_all(text(&probe, &complaints).as_bytes())?;
    Ok(if complaints.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(WRONG)
    })
}

fn text(probe: &Probe, complaints: &[String]) -> String {
    let info = &probe.info;
    let mut text = format!(
        "{} {} (sha256 {}, {})\n",
        info.name,
        info.version,
        probe.sha256.short(),
        size(probe.file_bytes)
    );
    text.push_str(&format!(
        "  API      restem:reward@{}; this restem speaks {}\n",
        built_for(probe),
        api_versions().join(", ")
    ));
    text.push_str(&format!("  rewards  {}\n", rewards(info)));
    text.push_str(&format!("  options  {}\n", options(probe)));
    let mut section = |title: &str, lines: &[String]| {
        text.push_str(&format!("{title}\n"));
        lines
            .iter()
            .for_each(|line| text.push_str(&format!("  - {}\n", line.replace('\n', "\n    "))));
    };
    section("It can", &can(probe));
    section("It can't", &cannot());
    if complaints.is_empty() {
        text.push_str("No complaints. Next: `restem plugin test` judges its examples.\n");
    } else {
        section("To be mended", complaints);
    }
    text
}

/// The version in the name of its export.
fn built_for(probe: &Probe) -> &str {
    probe
        .exports
        .iter()
        .find_map(|export| export.strip_prefix("restem:reward/scorer@"))
        .unwrap_or(probe.api)
}

fn options(probe: &Probe) -> String {
    let schema: Value = serde_json::from_str(&probe.info.config_schema).unwrap_or_default();
    match schema["properties"].as_object() {
        Some(properties) if !properties.is_empty() => {
            let names: Vec<&str> = properties.keys().map(String::as_str).collect();
            names.join(", ")
        }
        _ => "none".to_owned(),
    }
}

/// What keeps the plugin from being a good one. What keeps it from being one at all is an error before this.
fn complaints(probe: &Probe) -> Vec<String> {
    let info = &probe.info;
    let mut wrong = Vec::new();
    if semver::Version::parse(&info.version).is_err() {
        wrong.push(format!(
            "its version `{}` is not semver, such as `1.0.0`",
            info.version
        ));
    }
    let schema: Value = serde_json::from_str(&info.config_schema).unwrap_or_default();
    if !schema.is_object() {
        wrong.push("its configuration schema is no JSON Schema object".to_owned());
    }
    if probe.file_bytes > LARGE {
        wrong.push(format!(
            "its file is larger than {}: build it with `opt-level = \"s\"`, `strip = true` and `lto = true`",
            size(LARGE)
        ));
    }
    let Some((path, manifest)) = &probe.manifest else {
        wrong.push(
            "no manifest lies beside it: a `plugin.toml` names it, asks for capabilities and has examples"
                .to_owned(),
        );
        return wrong;
    };
    let path = path.display();
    if manifest.name != info.name {
        wrong.push(format!(
            "{path} calls it `{}`, it calls itself `{}`",
            manifest.name, info.name
        ));
    }
    if manifest
        .version
        .as_ref()
        .is_some_and(|version| *version != info.version)
    {
        wrong.push(format!(
            "{path} says version {}, the plugin says {}",
            manifest.version.as_deref().unwrap_or_default(),
            info.version
        ));
    }
    if manifest.examples.is_empty() {
        wrong.push(format!(
            "{path} has no `[[example]]`: two rows, one right and one wrong, show users what it does and are its first test"
        ));
    }
    let needs = probe.needs();
    for capability in needs.iter().filter(|need| !manifest.capabilities.contains(need)) {
        wrong.push(format!(
            "it imports `{capability}`, which {path} does not ask for: add it to `capabilities`"
        ));
    }
    for capability in manifest
        .capabilities
        .iter()
        .filter(|asked| !needs.contains(asked))
    {
        wrong.push(format!(
            "{path} asks for `{capability}`, which it does not import: ask for nothing that isn't used"
        ));
    }
    let reads_files = probe
        .imports
        .iter()
        .any(|import| import.starts_with("wasi:filesystem/"));
    if !reads_files && let Some(name) = manifest.directories.keys().next() {
        wrong.push(format!(
            "{path} asks for the directory `{name}`, and it does not import `wasi:filesystem`: it could not read it"
        ));
    }
    wrong
}
