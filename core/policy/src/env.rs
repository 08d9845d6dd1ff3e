//! Every environment variable that this crate reads.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Directory of policy backends, looked at before those beside the binary.
pub const BACKEND_DIR: &str = "RESTEM_POLICY_BACKEND_DIR";
/// A libtorch directory with `lib/`; nothing else is looked at when it is set.
pub const LIBTORCH: &str = "LIBTORCH";
/// Active Python virtual environment, whose torch package holds a libtorch.
pub const VIRTUAL_ENV: &str = "VIRTUAL_ENV";
/// Active conda environment, likewise.
pub const CONDA_PREFIX: &str = "CONDA_PREFIX";
/// Where set-up keeps what it downloads. Default: `$XDG_CACHE_HOME/restem`, else `~/.cache/restem`.
pub const CACHE: &str = "RESTEM_CACHE";
/// Base of per-user caches (XDG base directory specification).
pub const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";
/// The user's home directory.
pub const HOME: &str = "HOME";
/// Makes libtorch 2.13 ask the kernel for huge pages (`c10/core/impl/alloc_cpu.cpp`); read at its first allocation.
pub const HUGE_PAGES: &str = "THP_MEM_ALLOC_ENABLE";
/// Key sent to an OpenAI-compatible server.
pub const API_KEY: &str = "OPENAI_API_KEY";

/// Values of the variables, so that a search can be tested without changing those of the process.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    variables: Vec<(&'static str, OsString)>,
    /// The running binary, beside which backends are looked for.
    pub(crate) binary: Option<PathBuf>,
}

impl Environment {
    /// That of this process; a variable that is set to nothing counts as unset.
    #[must_use]
    pub fn of_process() -> Self {
        let names = [
            BACKEND_DIR,
            LIBTORCH,
            VIRTUAL_ENV,
            CONDA_PREFIX,
            CACHE,
            XDG_CACHE_HOME,
            HOME,
            API_KEY,
        ];
        let variables = names
            .into_iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        Self {
            variables: variables.filter(|(_, value)| !value.is_empty()).collect(),
            binary: std::env::current_exe().ok(),
        }
    }

    /// With one more variable.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<OsString>) -> Self {
        self.variables.push((name, value.into()));
        self
    }

    /// A variable's value.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.path(name)?.to_str()
    }

    /// A variable's value as a path.
    pub(crate) fn path(&self, name: &str) -> Option<&Path> {
        let found = self.variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| Path::new(value))
    }

    /// The directory where set-up keeps things, if one can be named.
    pub(crate) fn cache(&self) -> Option<PathBuf> {
        (self.path(CACHE).map(Path::to_owned))
            .or_else(|| self.path(XDG_CACHE_HOME).map(|base| base.join("restem")))
            .or_else(|| self.path(HOME).map(|home| home.join(".cache").join("restem")))
    }
}
