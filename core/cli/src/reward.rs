//! The configured verifier: a reward plugin in worker processes.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use restem_reward::{
    Lock, Plugin, PluginOptions, PluginStore, Pool, PoolOptions, RewardError, resolve, search_dirs,
};
use serde_json::Value;

use crate::config::{Config, RewardSection};
use crate::env;

/// Opens the one configured plugin.
pub(crate) fn open(config: &Config) -> anyhow::Result<Pool> {
    match &config.reward[..] {
        [reward] => pool(&plugin(reward)?, reward.workers),
        [] => bail!(
            "no verifier: add `[[reward]]` with `plugin = \"math-equivalence\"`, or give `--plugin NAME`"
        ),
        several => bail!(
            "{} `[[reward]]` tables: a run has one verifier; keep one of them",
            several.len()
        ),
    }
}

/// Loads a plugin and checks its configuration.
pub(crate) fn plugin(section: &RewardSection) -> anyhow::Result<Plugin> {
    if section.plugin.is_empty() {
        bail!("a `[[reward]]` table without `plugin`: name one, such as `plugin = \"math-equivalence\"`");
    }
    let path = file(&section.plugin)?;
    let mut options = PluginOptions::default()
        .with_config(Value::Object(section.config.clone()))
        .with_grants(section.grant.iter().cloned())
        .with_limits(section.limits.clone())
        .with_isolation(section.isolation);
    if let Some(cache) = env::cache_dir() {
        options = options
            .with_cache_dir(compiled_dir(&cache))
            .with_python_dir(env::python_dir(&cache));
    }
    let plugin = Plugin::from_file(&path, &options)?;
    if let Some(lock_file) = &section.lock {
        let identity = plugin.identity();
        Lock::read(lock_file)?.check(
            lock_file,
            &section.plugin,
            &path,
            &identity.name,
            &identity.sha256,
        )?;
    }
    Ok(plugin)
}

/// The file of a plugin: a path, one that came with restem, or an installed one.
pub(crate) fn file(named: &str) -> anyhow::Result<PathBuf> {
    match resolve(named, &search_dirs()) {
        Err(RewardError::NotFound { name, looked }) if Path::new(named).components().count() == 1 => {
            match store().ok().map(|store| store.find(named)).transpose()?.flatten() {
                Some(path) => Ok(path),
                None => Err(RewardError::NotFound { name, looked }.into()),
            }
        }
        found => Ok(found?),
    }
}

/// The directory of installed plugins.
pub(crate) fn store() -> anyhow::Result<PluginStore> {
    let dir = env::data_dir().context(
        "nobody knows where plugins are installed\n  hint: set RESTEM_DATA, XDG_DATA_HOME or HOME to a directory",
    )?;
    Ok(PluginStore::new(dir.join("plugins")))
}

/// Where compiled plugins are kept.
pub(crate) fn compiled_dir(cache: &Path) -> PathBuf {
    cache.join("compiled-plugins")
}

/// A plugin's worker processes; 0 is one per core.
pub(crate) fn pool(plugin: &Plugin, workers: usize) -> anyhow::Result<Pool> {
    let mut options = PoolOptions::new()?;
    if let Some(workers) = NonZeroUsize::new(workers) {
        options = options.with_workers(workers);
    }
    Ok(Pool::new(plugin, options)?)
}
