//! The configured verifier: a reward plugin in worker processes, or several in combination.

use std::fs::File;
use std::io::Read as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use restem_em::{Combined, Digest, RewardPart, Verifier};
use restem_reward::{
    Compiler, Lock, Plugin, PluginOptions, PluginStore, Pool, PoolOptions, RewardError, resolve, search_dirs,
};
use serde_json::Value;

use crate::config::{CombineSection, Config, RewardSection};
use crate::env;

/// The configured verifier.
pub(crate) enum Judge {
    /// One plugin.
    One(Pool),
    /// Several, whose pools work one after another.
    Several(Combined<'static>),
}

impl Judge {
    /// As the loop knows it.
    pub(crate) fn verifier(&mut self) -> &mut dyn Verifier {
        match self {
            Self::One(pool) => pool,
            Self::Several(combined) => combined,
        }
    }
}

/// Opens the configured plugins.
pub(crate) fn open(config: &Config) -> anyhow::Result<Judge> {
    match (&config.combine, &config.reward[..]) {
        (_, []) => bail!(
            "no verifier: add `[[reward]]` with `plugin = \"math-equivalence\"`, or give `--plugin NAME`"
        ),
        (None, [reward]) => {
            uncombined(reward)?;
            Ok(Judge::One(pool(&plugin(reward)?, reward.workers)?))
        }
        (None, several) => bail!(
            "{} `[[reward]]` tables, and nothing says how they make one reward\n  hint: add `[combine]` with `rule = \
             \"weighted-sum\"`, `\"all-of\"` or `\"gate\"`, or keep one table",
            several.len()
        ),
        (Some(combine), rewards) => Ok(Judge::Several(combined(combine, rewards)?)),
    }
}

/// Refuses what only a combination reads.
fn uncombined(reward: &RewardSection) -> anyhow::Result<()> {
    let key = match reward {
        RewardSection { weight: Some(_), .. } => "weight",
        RewardSection {
            threshold: Some(_), ..
        } => "threshold",
        RewardSection { gate: true, .. } => "gate",
        _ => return Ok(()),
    };
    bail!(
        "`{key}` in the only `[[reward]]` table means nothing without `[combine]`\n  hint: remove it; `select.threshold` says \
         which rewards count as correct"
    )
}

fn combined(combine: &CombineSection, rewards: &[RewardSection]) -> anyhow::Result<Combined<'static>> {
    let mut parts: Vec<(RewardPart, Box<dyn Verifier>)> = Vec::with_capacity(rewards.len());
    for reward in rewards {
        let plugin = plugin(reward)?;
        let name = reward
            .name
            .clone()
            .unwrap_or_else(|| plugin.identity().name.clone());
        let part = RewardPart {
            name,
            weight: reward.weight,
            threshold: reward.threshold,
            gate: reward.gate,
        };
        parts.push((part, Box::new(pool(&plugin, reward.workers)?)));
    }
    Ok(Combined::new(combine.rule, combine.answer.as_deref(), parts)?)
}

/// Loads a plugin and checks its configuration.
pub(crate) fn plugin(section: &RewardSection) -> anyhow::Result<Plugin> {
    if section.plugin.is_empty() {
        bail!("a `[[reward]]` table without `plugin`: name one, such as `plugin = \"math-equivalence\"`");
    }
    let path = file(&section.plugin)?;
    let options = options()?
        .with_config(Value::Object(section.config.clone()))
        .with_grants(section.grant.iter().cloned())
        .with_limits(section.limits.clone())
        .with_isolation(section.isolation);
    // A changed file is refused before any of it runs; under another name and path only its own word tells who it is.
    if let Some(lock_file) = &section.lock {
        // Of a file that is too large no more than that is read.
        let most = section.limits.component_bytes.saturating_add(1);
        let found = File::open(&path).and_then(|file| Digest::of_reader(file.take(most)));
        let found = found.with_context(|| format!("the plugin file {} can't be read", path.display()))?;
        Lock::read(lock_file)?.check(lock_file, &section.plugin, &path, "", &found)?;
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

/// How any plugin is looked at: compiled in a process of its own, with this user's cache.
pub(crate) fn options() -> anyhow::Result<PluginOptions> {
    let options = PluginOptions::default().with_compiler(Compiler::this_program()?);
    Ok(match env::cache_dir() {
        None => options,
        Some(cache) => options
            .with_cache_dir(cache.join("compiled-plugins"))
            .with_python_dir(env::python_dir(&cache)),
    })
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

/// A plugin's worker processes; 0 is one per core.
pub(crate) fn pool(plugin: &Plugin, workers: usize) -> anyhow::Result<Pool> {
    let mut options = PoolOptions::new()?;
    if let Some(workers) = NonZeroUsize::new(workers) {
        options = options.with_workers(workers);
    }
    Ok(Pool::new(plugin, options)?)
}
