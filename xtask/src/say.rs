//! The only place of this crate that prints.
#![expect(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a command-line tool talks to its user"
)]

use std::fmt::Display;

/// Progress, on stderr: one line that starts with what it is about.
pub(crate) fn step(topic: &str, message: impl Display) {
    eprintln!("xtask {topic}: {message}");
}

/// Results, on stdout: what another program may read.
pub(crate) fn data(line: impl Display) {
    println!("{line}");
}
