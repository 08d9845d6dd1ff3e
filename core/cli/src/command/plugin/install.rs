//! `restem plugin install`, `list` and `remove`: plugins by name, kept under their digest.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::bail;
use restem_reward::{Manifest, resolve, search_dirs};

use super::subject;
use super::words::size;
use crate::reward;

pub(super) fn install(source: &str, name: Option<&str>) -> anyhow::Result<ExitCode> {
    let subject = subject::find(source)?;
    let probe = subject::probe(&subject.wasm)?;
    let name = name.unwrap_or(&probe.info.name);
    if !is_plain(name) {
        bail!(
            "a plugin can't be installed as `{name}`: names have letters, digits, `-` and `_`\n  hint: choose one with `--name`"
        );
    }
    if let Ok(shipped) = resolve(name, &search_dirs()) {
        bail!(
            "`{name}` is already the name of {}, which would hide the installed one\n  hint: choose another with `--name`",
            shipped.display()
        );
    }
    let store = reward::store()?;
    let installed = store.install(name, &subject.wasm)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "installed {} {} as `{name}` (sha256 {}) in {}",
        probe.info.name,
        probe.info.version,
        installed.sha256.short(),
        store.dir().display()
    )?;
    for capability in probe.needs() {
        writeln!(out, "  it needs `--grant {capability}` where it is used")?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn list() -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    let store = reward::store()?;
    let installed = store.list()?;
    if installed.is_empty() {
        writeln!(out, "no plugin is installed in {}", store.dir().display())?;
    }
    for plugin in installed {
        let bytes = std::fs::metadata(&plugin.path).map_or(0, |file| file.len());
        let version = match Manifest::beside(&plugin.path) {
            Ok(Some((_, manifest))) => manifest.version.unwrap_or_else(|| "?".to_owned()),
            _ => "?".to_owned(),
        };
        writeln!(
            out,
            "{}  {version}  sha256 {}  {}",
            plugin.name,
            plugin.sha256.short(),
            size(bytes)
        )?;
    }
    // Two ways to one directory are one directory.
    let dirs: BTreeSet<_> = search_dirs()
        .iter()
        .filter_map(|dir| dir.canonicalize().ok())
        .collect();
    for dir in dirs {
        let mut names: Vec<_> = std::fs::read_dir(&dir)?
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
            .filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned()))
            .collect();
        names.sort();
        writeln!(out, "in {}: {}", dir.display(), names.join(", "))?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn remove(name: &str) -> anyhow::Result<ExitCode> {
    let store = reward::store()?;
    let Some(removed) = store.remove(name)? else {
        bail!("no plugin is installed as `{name}`\n  hint: `restem plugin list` shows the installed ones");
    };
    writeln!(
        std::io::stdout(),
        "removed `{name}` (sha256 {})",
        removed.sha256.short()
    )?;
    Ok(ExitCode::SUCCESS)
}

fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 100
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn a_name_can_not_be_a_path() {
        assert!(is_plain("my-reward_2"));
        for name in ["", "../x", "a/b", "a b", "ä"] {
            assert!(!is_plain(name), "{name}");
        }
    }
}
