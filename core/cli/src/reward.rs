//! The configured verifier: a reward plugin in worker processes.

use std::num::NonZeroUsize;

use anyhow::bail;
use restem_reward::{Plugin, PluginOptions, Pool, PoolOptions, resolve, search_dirs};
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
    let path = resolve(&section.plugin, &search_dirs())?;
    let mut options = PluginOptions::default()
        .with_config(Value::Object(section.config.clone()))
        .with_grants(section.grant.iter().cloned())
        .with_limits(section.limits.clone())
        .with_isolation(section.isolation);
    if let Some(cache) = env::cache_dir() {
        options = options
            .with_cache_dir(cache.join("compiled-plugins"))
            .with_python_dir(env::python_dir(&cache));
    }
    Ok(Plugin::from_file(path, &options)?)
}

/// A plugin's worker processes; 0 is one per core.
pub(crate) fn pool(plugin: &Plugin, workers: usize) -> anyhow::Result<Pool> {
    let mut options = PoolOptions::new()?;
    if let Some(workers) = NonZeroUsize::new(workers) {
        options = options.with_workers(workers);
    }
    Ok(Pool::new(plugin, options)?)
}
