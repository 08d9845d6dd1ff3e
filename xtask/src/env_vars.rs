//! Every environment variable that `cargo xtask` reads or sets, declared once.

/// Read: where downloads and toolchain parts are kept. Default: `$XDG_CACHE_HOME/restem`, else `~/.cache/restem`.
pub(crate) const CACHE: &str = "RESTEM_CACHE";

/// Read: base of per-user caches (XDG base directory specification).
pub(crate) const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";

/// Read: the user's home directory, for the default cache.
pub(crate) const HOME: &str = "HOME";

/// Read: cargo's own directory. Default: `~/.cargo`.
pub(crate) const CARGO_HOME: &str = "CARGO_HOME";

/// Read and set: a libtorch 2.13.0 with `include/` and `lib/`. Wins over every other source.
pub(crate) const LIBTORCH: &str = "LIBTORCH";

/// Set: where `restem` finds reward plugins by name.
pub(crate) const PLUGIN_DIR: &str = "RESTEM_PLUGIN_DIR";

/// Set: where `restem` finds policy backends by name.
pub(crate) const POLICY_BACKEND_DIR: &str = "RESTEM_POLICY_BACKEND_DIR";

/// Set: the `restem` binary that end-to-end tests start.
pub(crate) const BIN: &str = "RESTEM_BIN";

/// Set: the imported demo model, a Hugging Face style directory.
pub(crate) const DEMO_MODEL: &str = "RESTEM_DEMO_MODEL";

/// Read and set: the directory of the installed Python sandbox.
pub(crate) const PYTHON_CACHE: &str = "RESTEM_PYTHON_CACHE";

/// Set: where the tests of `restem plugin new` build what it writes.
pub(crate) const TEMPLATE_BUILDS: &str = "RESTEM_TEMPLATE_BUILDS";

/// Set: the folder of the built example plugins in Python and JavaScript.
pub(crate) const POLYGLOT: &str = "RESTEM_POLYGLOT_DIR";

/// Set for tests: what OpenMP's threads do while they wait.
pub(crate) const OMP_WAIT_POLICY: &str = "OMP_WAIT_POLICY";

/// Read: an active Python virtual environment, whose `python` is asked first.
pub(crate) const VIRTUAL_ENV: &str = "VIRTUAL_ENV";

/// Set for programs of `plugins/torch` alone: they link libtorch directly, the `restem` binary does not.
pub(crate) const LD_LIBRARY_PATH: &str = "LD_LIBRARY_PATH";

/// Read: the folder of public data sets. Default: `../shared/data` beside the checkout.
pub(crate) const SHARED_DATA: &str = "RESTEM_SHARED_DATA";
