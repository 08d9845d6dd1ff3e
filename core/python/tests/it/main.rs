//! What programs can do, and can't, in an installed interpreter.
//!
//! These tests need one: `cargo xtask test --python`, or `restem python install` and then `RESTEM_PYTHON_CACHE=<its cache> cargo test -p restem-python -- --ignored`.

mod hack;
mod setup;
mod with_python;
