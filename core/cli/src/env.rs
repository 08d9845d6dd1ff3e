//! Every environment variable that `restem` itself reads; the libraries declare theirs in their own files.

use std::path::{Path, PathBuf};

/// `RESTEM__SECTION__KEY=value` sets `section.key` of the configuration, over the file and under flags.
pub(crate) const CONFIG_PREFIX: &str = "RESTEM__";

/// Where restem keeps what it can make again. Default: `$XDG_CACHE_HOME/restem`, else `~/.cache/restem`.
const CACHE: &str = "RESTEM_CACHE";

/// The directory of the crate `restem-sdk` that `restem plugin new` makes projects depend on. Default: the one beside the
/// program, else crates.io's.
pub(crate) const SDK_DIR: &str = "RESTEM_SDK_DIR";

/// Where restem keeps what it can't make again: installed plugins. Default: `$XDG_DATA_HOME/restem`, else
/// `~/.local/share/restem`.
const DATA: &str = "RESTEM_DATA";

/// Base of per-user data (XDG base directory specification).
const XDG_DATA_HOME: &str = "XDG_DATA_HOME";

/// Base of per-user caches (XDG base directory specification).
const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";

/// The user's home directory.
const HOME: &str = "HOME";

/// Where the Python interpreter is installed.
pub(crate) fn python_dir(cache: &Path) -> PathBuf {
    cache.join("python")
}

/// The cache directory, where the environment names one.
pub(crate) fn cache_dir() -> Option<PathBuf> {
    path(CACHE)
        .or_else(|| path(XDG_CACHE_HOME).map(|dir| dir.join("restem")))
        .or_else(|| path(HOME).map(|dir| dir.join(".cache/restem")))
}

/// The data directory, where the environment names one.
pub(crate) fn data_dir() -> Option<PathBuf> {
    path(DATA)
        .or_else(|| path(XDG_DATA_HOME).map(|dir| dir.join("restem")))
        .or_else(|| path(HOME).map(|dir| dir.join(".local/share/restem")))
}

fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|value| !value.is_empty())
        .map(PathBuf::from)
}
