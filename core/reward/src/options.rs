//! How a plugin is used.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Capability, Compiler, DirectoryGrant, Grant, Limits};

/// What shares a store: the unit within which a plugin's memory lives on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// The completions of one task share a store. A call that traps or uses over half its fuel is run again alone.
    #[default]
    Task,
    /// Each completion has a store of its own: fuel is then equal however rows are grouped.
    Completion,
}

/// How a plugin is used: its configuration, what it may use, and where compiled code is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PluginOptions {
    /// The plugin's configuration, a JSON object; `null` is its default.
    pub config: Value,
    /// What it may use.
    pub limits: Limits,
    /// What shares a store.
    pub isolation: Isolation,
    /// What the user grants it.
    pub grants: Vec<Grant>,
    /// Directory of the installed Python interpreter, for plugins that are granted [`Capability::Python`].
    pub python_dir: Option<PathBuf>,
    /// Where its code is compiled.
    pub compiler: Compiler,
    /// Directory of compiled code, which restem makes with mode 0700; `None` compiles anew each time.
    pub cache_dir: Option<PathBuf>,
}

impl PluginOptions {
    /// With a configuration.
    #[must_use]
    pub fn with_config(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    /// With limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// With an isolation.
    #[must_use]
    pub const fn with_isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = isolation;
        self
    }

    /// With these grants.
    #[must_use]
    pub fn with_grants<G: Into<Grant>>(mut self, grants: impl IntoIterator<Item = G>) -> Self {
        self.grants = grants.into_iter().map(Into::into).collect();
        self
    }

    /// Whether the user grants this capability.
    pub(crate) fn grants_capability(&self, capability: Capability) -> bool {
        self.grants.contains(&Grant::Capability(capability))
    }

    /// The directories that the user grants.
    pub(crate) fn granted_directories(&self) -> impl Iterator<Item = &DirectoryGrant> {
        self.grants.iter().filter_map(|grant| match grant {
            Grant::Directory(directory) => Some(directory),
            Grant::Capability(_) => None,
        })
    }

    /// With the Python interpreter in `dir`.
    #[must_use]
    pub fn with_python_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.python_dir = Some(dir.into());
        self
    }

    /// With its code compiled there.
    #[must_use]
    pub fn with_compiler(mut self, compiler: Compiler) -> Self {
        self.compiler = compiler;
        self
    }

    /// With a compile cache.
    #[must_use]
    pub fn with_cache_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.cache_dir = Some(dir.into());
        self
    }
}
