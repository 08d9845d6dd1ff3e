//! Why plugins can't be built here.

use std::io;
use std::path::PathBuf;

use crate::TARGET;

/// No compiler for plugins can be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ToolchainError {
    /// There is no cargo.
    #[error(
        "`{program}` can't be started: {source}\n  hint: install Rust (https://rustup.rs), or put `cargo` on the PATH"
    )]
    NoCargo {
        /// What was to be started.
        program: String,
        /// Why it did not start.
        source: io::Error,
    },
    /// No compiler has the target's library.
    #[error("no Rust compiler here has a standard library for {TARGET}; looked at\n{}\n  hint: {}", list(.looked), hint(*.rustup))]
    NoTarget {
        /// What was looked at, and why it will not do.
        looked: Vec<String>,
        /// Whether rustup manages the active compiler.
        rustup: bool,
    },
    /// cargo can't read a project.
    #[error("the project in {} can't be read: {what}", dir.display())]
    Metadata {
        /// The project.
        dir: PathBuf,
        /// What went wrong; cargo's own words went to standard error.
        what: String,
    },
}

fn list(looked: &[String]) -> String {
    let lines: Vec<_> = looked.iter().map(|line| format!("  {line}")).collect();
    lines.join("\n")
}

fn hint(rustup: bool) -> String {
    let add = format!("rustup target add {TARGET}");
    if rustup {
        format!("run `{add}`")
    } else {
        format!(
            "install Rust from https://rustup.rs and run `{add}`, or on Debian run `apt-get install libstd-rust-dev-wasm32 lld`"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_fits_how_rust_was_installed() {
        let error = |rustup| ToolchainError::NoTarget {
            looked: vec![
                "rustc 1.95.0: no library in /r/lib".to_owned(),
                "/usr/bin/rustc: not there".to_owned(),
            ],
            rustup,
        };
        insta::assert_snapshot!(error(true), @r"
        no Rust compiler here has a standard library for wasm32-unknown-unknown; looked at
          rustc 1.95.0: no library in /r/lib
          /usr/bin/rustc: not there
          hint: run `rustup target add wasm32-unknown-unknown`
        ");
        insta::assert_snapshot!(error(false), @r"
        no Rust compiler here has a standard library for wasm32-unknown-unknown; looked at
          rustc 1.95.0: no library in /r/lib
          /usr/bin/rustc: not there
          hint: install Rust from https://rustup.rs and run `rustup target add wasm32-unknown-unknown`, or on Debian run `apt-get install libstd-rust-dev-wasm32 lld`
        ");
    }
}
