//! What the end-to-end tests stand on: the built `restem` binary and a world small enough to learn in seconds.
//!
//! `cargo xtask test` builds the binary and the plugins and names them in the environment ([`RESTEM_BIN`] and
//! `RESTEM_PLUGIN_DIR`); the tests are ignored without it.

#[cfg(doctest)]
mod book;
mod tiny_llama;
mod world;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

pub use tiny_llama::write_tiny_llama;
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

/// What a command that succeeds writes to standard output.
///
/// # Panics
/// With what it wrote to standard error, when it fails.
pub fn written(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Runs `restem` with these arguments and this standard input.
///
/// # Panics
/// When [`RESTEM_BIN`] is not set or can't be started.
#[must_use]
pub fn with_input(args: &[&str], input: &str) -> Output {
    let mut child = restem()
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("restem starts");
    let mut stdin = child.stdin.take().expect("its standard input is a pipe");
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("restem ends");
    // A refused command line reads nothing: the pipe may be closed early then.
    let _ = writer.join().expect("writing does not panic");
    output
}
