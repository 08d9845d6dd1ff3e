//! Untrusted Python: programs that run in CPython compiled to WebAssembly, inside wasmtime, never on the host.
//!
//! There are no files, network, threads, real clock or entropy: what a guest sees is in `wasi`. Time is fuel, so that the same
//! program with the same input and limits ends the same way, after the same fuel, on every machine.
//!
//! [`install`] gets the interpreter, starts it once, captures it while it is alive and compiles that snapshot;
//! [`Interpreter::open`] maps it; a [`Program`] is compiled once, in the sandbox, and each of its runs enters a fresh
//! instance of the snapshot: a new one, or one that was put back to what a new one is.
//!
//! How the pieces meet: `source` gets the interpreter's files, `rewrite` exports what a snapshot needs, `snapshot` starts
//! the interpreter with the Python of `harness` and captures an `image`, `c_stack` and `entry` find what they need in it,
//! `install` and `cache` keep the result, `entries` lists and removes what was kept. `instance` enters it, `drive` looks at the clock, `wasi` answers it, `guest` counts
//! what it uses, `report` says how it ended. `reset` makes it as it began for its next use, for which it waits in `rooms`; `page_map` and `faults` tell
//! what was written, `steady` that nothing else could change. `resident` leaves the memory of one that is dropped cheap to reset.

mod c_stack;
mod cache;
mod check;
mod drive;
mod encoding;
mod engine;
mod entries;
mod entry;
mod error;
mod execution;
mod faults;
mod function_cache;
mod guest;
mod harness;
mod image;
mod install;
mod instance;
mod interpreter;
mod limits;
mod page_map;
mod pages;
mod program;
mod report;
mod reset;
mod resident;
mod rewrite;
mod rooms;
mod seats;
mod snapshot;
mod source;
mod steady;
mod stop;
mod wasi;

pub use entries::{CacheEntry, EntryKind, Remove, clean, entries};
pub use error::PythonError;
pub use execution::{Execution, Outcome};
pub use install::{Installed, KEEP_FUNCTIONS_VARIABLE, Progress, Step, install};
pub use interpreter::{CACHE_VARIABLE, Identity, Interpreter};
pub use limits::{FUEL_PER_SECOND, RunLimits};
pub use program::{Input, Program};
pub use source::Source;
