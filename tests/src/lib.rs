//! What the end-to-end tests stand on: the built `restem` binary and a world small enough to learn in seconds.
//!
//! `cargo xtask test` builds the binary and the plugins and names them in the environment ([`RESTEM_BIN`] and
//! `RESTEM_PLUGIN_DIR`); the tests are ignored without it.

mod world;

use std::path::PathBuf;
use std::process::Command;

pub use world::World;

/// Environment variable with the path of the `restem` binary under test.
pub const RESTEM_BIN: &str = "RESTEM_BIN";

/// The `restem` binary under test.
///
/// # Panics
/// When [`RESTEM_BIN`] is not set: run `cargo xtask test`.
#[must_use]
pub fn restem() -> Command {
    let path = std::env::var_os(RESTEM_BIN).map(PathBuf::from);
    Command::new(path.expect("RESTEM_BIN names the restem binary: run `cargo xtask test`"))
}
