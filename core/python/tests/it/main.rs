//! What programs can do, and can't, in an installed interpreter.
//!
//! These tests need one: `restem python install`, then `RESTEM_PYTHON_CACHE=<its cache> cargo test -p restem-python -- --ignored`.

mod checks;
mod determinism;
mod hack;
mod hacks;
mod limits;
mod setup;
mod values;
