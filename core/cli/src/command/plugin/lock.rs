//! `restem plugin lock`: pins the files of plugins in `restem.lock`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_reward::{LOCK_FILE, Lock, Pin};

use super::subject;
use crate::args::PluginLockArgs;
use crate::config::Layers;
use crate::reward;

pub(super) fn lock(args: &PluginLockArgs) -> anyhow::Result<ExitCode> {
    let path = lock_file(&args.config);
    let base = path.parent().unwrap_or(Path::new("")).to_owned();
    let plugins = if args.plugins.is_empty() {
        configured(&args.config)?
    } else {
        args.plugins.clone()
    };
    let mut lock = Lock::read(&path)?;
    let mut out = std::io::stdout().lock();
    for called in &plugins {
        let file = reward::file(called)?;
        let probe = subject::probe(&file)?;
        let pin = Pin {
            plugin: relative(called, &base),
            name: probe.info.name,
            version: probe.info.version,
            sha256: probe.sha256,
            api: probe.api.to_owned(),
        };
        let before = lock.pins.iter().find(|old| old.plugin == pin.plugin).cloned();
        let what = match before {
            None => "pinned".to_owned(),
            Some(old) if old.sha256 == pin.sha256 => "unchanged".to_owned(),
            Some(old) => format!("changed from {}", old.sha256.short()),
        };
        writeln!(
            out,
            "{} {} (sha256 {}): {what}",
            pin.name,
            pin.version,
            pin.sha256.short()
        )?;
        lock.pin(pin);
    }
    lock.write(&path)?;
    writeln!(out, "{} pins {} plugins", path.display(), lock.pins.len())?;
    Ok(ExitCode::SUCCESS)
}

/// The lock beside the configuration, which need not exist.
fn lock_file(config: &Path) -> PathBuf {
    config.with_file_name(LOCK_FILE)
}

/// The plugins that a configuration names.
fn configured(config: &Path) -> anyhow::Result<Vec<String>> {
    let resolved = Layers::default()
        .file(config)
        .context("name the plugins to pin: `restem plugin lock NAME…`")?
        .resolve()?;
    let plugins: Vec<_> = resolved
        .config
        .reward
        .into_iter()
        .map(|reward| reward.plugin)
        .collect();
    if plugins.is_empty() {
        bail!(
            "{} has no `[[reward]]`: name the plugins to pin",
            config.display()
        );
    }
    Ok(plugins)
}

/// A path below the lock's folder is written relative to it, so that the project can move.
fn relative(called: &str, base: &Path) -> String {
    let whole = std::path::absolute(base).unwrap_or_else(|_| base.to_owned());
    match Path::new(called).strip_prefix(&whole) {
        Ok(inner) => inner.to_string_lossy().into_owned(),
        Err(_) => called.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_in_the_project_are_relative_to_it() {
        let base = std::env::temp_dir().join("project");
        let inner = base.join("plugins/p.wasm");
        assert_eq!(relative(inner.to_str().unwrap(), &base), "plugins/p.wasm");
        assert_eq!(relative("exact-match", &base), "exact-match");
    }
}
