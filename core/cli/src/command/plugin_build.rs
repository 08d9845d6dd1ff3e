//! `restem plugin build`: from a plugin's sources to the component beside its `plugin.toml`.

mod artifact;
mod builder;
mod componentize;
mod rust;

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Args;
use restem_em::Digest;
use restem_reward::{Capability, Encoded, Manifest, RewardError, component_of};

use crate::numbers::{duration, grouped};
use crate::reward;
use builder::{Builder, Built, Profile};

/// What `restem plugin build` takes.
#[derive(Debug, Args)]
pub(crate) struct PluginBuildArgs {
    /// The plugin's directory.
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Without optimisation, with debug information: quicker to build, slower to run.
    #[arg(long)]
    debug: bool,
}

pub(crate) fn plugin_build(args: &PluginBuildArgs) -> anyhow::Result<ExitCode> {
    let begun = Instant::now();
    let dir = args.dir.as_path();
    let manifest = Manifest::within(dir)?;
    let profile = if args.debug {
        Profile::Debug
    } else {
        Profile::Release
    };
    let built = Builder::of(dir)?.build(dir, profile)?;
    let wasm = match &manifest {
        Some(manifest) => manifest.wasm(dir),
        None => dir.join(format!("{}.wasm", built.name)),
    };
    let wasm = wasm.strip_prefix(".").unwrap_or(&wasm);
    let label = wasm
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let encoded = component_of(&label, &built.bytes, &reward::options()?)?;
    check_asked_for(&label, &encoded, dir, manifest.as_ref())?;
    replace(wasm, &encoded.bytes).with_context(|| format!("{} can't be written", wasm.display()))?;

    let mut out = std::io::stdout().lock();
    let Built {
        name, version, how, ..
    } = &built;
    writeln!(
        out,
        "built {name} {version} in {} ({how})",
        duration(begun.elapsed())
    )?;
    writeln!(out, "  file:    {}", wasm.display())?;
    writeln!(out, "  size:    {} bytes", grouped(encoded.bytes.len() as u64))?;
    writeln!(out, "  sha256:  {}", Digest::of(&encoded.bytes))?;
    writeln!(out, "  imports: {}", encoded.imports.join(", "))?;
    let has_examples = manifest.is_some_and(|manifest| !manifest.examples.is_empty());
    writeln!(out, "next: {}", next(dir, has_examples, &encoded))?;
    Ok(ExitCode::SUCCESS)
}

/// A component that imports a capability which its manifest does not ask for is refused by every host: its author is
/// told first.
fn check_asked_for(
    label: &str,
    encoded: &Encoded,
    dir: &Path,
    manifest: Option<&Manifest>,
) -> Result<(), RewardError> {
    let asked = |capability| manifest.is_some_and(|manifest| manifest.capabilities.contains(capability));
    match encoded.capabilities.iter().find(|capability| !asked(capability)) {
        None => Ok(()),
        Some(&capability) => Err(RewardError::NotAskedFor {
            plugin: label.to_owned(),
            capability,
            manifest: manifest.map(|_| dir.join("plugin.toml")),
        }),
    }
}

/// Writes beside and renames: whoever runs the old file keeps it, and nobody sees half of the new one.
fn replace(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("wasm.new");
    fs::write(&new, bytes)?;
    fs::rename(&new, path)
}

/// The command to go on with.
fn next(dir: &Path, has_examples: bool, encoded: &Encoded) -> String {
    let grants: String = encoded
        .capabilities
        .iter()
        .map(|capability: &Capability| format!(" --grant {capability}"))
        .collect();
    // They work where the user stands, as this command does.
    let dir = match dir.to_str() {
        Some(".") => String::new(),
        _ => format!(" {}", dir.display()),
    };
    if has_examples {
        format!("restem plugin test{dir}{grants}")
    } else {
        format!("restem plugin check{}", if dir.is_empty() { " ." } else { &dir })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn encoded(capabilities: &[Capability]) -> Encoded {
        Encoded {
            bytes: Vec::new(),
            api: "0.1.0".to_owned(),
            imports: Vec::new(),
            capabilities: capabilities.iter().copied().collect(),
        }
    }

    #[test]
    fn the_next_command_can_be_pasted() {
        let nothing = encoded(&[]);
        let python = encoded(&[Capability::Python]);
        assert_eq!(
            next(Path::new("mine"), true, &python),
            "restem plugin test mine --grant python"
        );
        assert_eq!(next(Path::new("."), true, &nothing), "restem plugin test");
        assert_eq!(next(Path::new("."), false, &python), "restem plugin check .");
    }

    #[test]
    fn an_author_who_forgot_to_ask_is_told() {
        let needs = encoded(&[Capability::Python]);
        let manifest = Manifest::default();
        let error = check_asked_for("mine.wasm", &needs, Path::new("mine"), Some(&manifest)).unwrap_err();
        insta::assert_snapshot!(error, @r#"
        `mine.wasm` imports `python`, but mine/plugin.toml does not ask for it
          hint: the plugin's author writes `capabilities = ["python"]` there
        "#);
        let asks = Manifest {
            capabilities: BTreeSet::from([Capability::Python]),
            ..Manifest::default()
        };
        assert!(check_asked_for("mine.wasm", &needs, Path::new("mine"), Some(&asks)).is_ok());
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mine.wasm");
        replace(&path, b"old").unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
