//! The wasmtime host of reward plugins: load, inspect, limit, run.
//!
//! A plugin is a WebAssembly component built with `restem-sdk`; it sees problems and completions and nothing else.
//! [`Plugin`] runs one in this process; [`Pool`] runs it in single-threaded worker processes, one per core, and is what
//! the loop uses through [`restem_em::Verifier`]. A plugin's failure on a row is a [`restem_em::Fault`] of that row; a
//! [`RewardError`] says why a plugin can't be used at all.
//!
//! How the pieces meet: `load` makes a validated component of a file, `encode` one to be written, `effort` refuses what no
//! plugin needs, `compiler` says where the rest is compiled, `cache` keeps its compiled code, `inspect` reads
//! what it imports and which API version it speaks, `api` and `api_v0_1` call it, `guest_state` counts what it uses,
//! `capability`, `grant` and `manifest` say what it may be given, `python` is the one capability there is, `wasi` what guests
//! of other toolchains find instead of a system, `score_task` decides which calls share a store, `blame` turns failures into
//! sentences. `probe` looks at a file before anything is granted, `conformance` at what every plugin must keep; `lock` pins
//! files, `install` keeps them. `pool`, `batch` and
//! `worker_process` are the pool's side, `worker` and `sandbox` the worker's, `frame` and `protocol` the pipe between them.

mod access;
mod api;
mod api_v0_1;
mod api_v0_1_python;
mod batch;
mod blame;
mod cache;
mod canonical_json;
mod capability;
mod compiler;
mod conformance;
mod effort;
mod encode;
mod engine;
mod epoch;
mod error;
mod frame;
mod grant;
mod guest_state;
mod info;
mod inspect;
mod install;
mod limits;
mod load;
mod lock;
mod manifest;
mod options;
mod plugin;
mod pool;
mod printable;
mod probe;
mod program;
mod protocol;
mod python;
mod resolve;
mod sandbox;
mod score_task;
mod sealing;
mod wasi;
pub mod worker;
mod worker_process;

pub use batch::Item;
pub use capability::{Capability, UnknownCapability};
pub use compiler::Compiler;
pub use conformance::{Finding, Property, conformance};
pub use encode::{Encoded, component_of};
pub use error::RewardError;
pub use grant::{DirectoryGrant, Grant, UnreadableGrant};
pub use info::PluginInfo;
pub use install::{Installed, PluginStore};
pub use limits::{LimitExceeded, LimitOutOfRange, Limits, NOMINAL_FUEL_PER_SECOND, WALL_CLOCK_FACTOR};
pub use lock::{ChangedPlugin, LOCK_FILE, Lock, Pin};
pub use manifest::{Example, Manifest};
pub use options::{Isolation, PluginOptions};
pub use plugin::Plugin;
pub use pool::{Pool, PoolOptions};
pub use printable::printable_line;
pub use probe::{Format, Probe, api_versions};
pub use resolve::{PLUGIN_DIR_VARIABLE, built_in, resolve, search_dirs};
pub use worker_process::WorkerCommand;
