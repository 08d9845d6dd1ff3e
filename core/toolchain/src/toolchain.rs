//! A compiler with a standard library for [`TARGET`].

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::rustc::{active_rustc, brings_linker, library, succeeds, sysroot_entry};
use crate::{ToolchainError, cargo};

/// The target of reward plugins: it has no WASI, so a plugin has no clock, files or network to begin with.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The compiler of the system's packages.
pub const SYSTEM_RUSTC: &str = "/usr/bin/rustc";

/// The cargo of the system's packages.
pub const SYSTEM_CARGO: &str = "/usr/bin/cargo";

/// What keeps a compiler without a linker of its own from being used.
const NO_WASM_LD: &str = "there is no wasm-ld (package lld)";

/// How to call cargo for [`TARGET`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Toolchain {
    /// The active toolchain has the target installed.
    Active,
    /// The system's compiler has it (on Debian the package `libstd-rust-dev-wasm32`).
    System,
    /// The system's compiler with a standard library that `cargo xtask setup` built, in this directory.
    Sysroot(PathBuf),
}

impl Toolchain {
    /// The toolchain for a project in `dir`, which may choose its own compiler (`rust-toolchain.toml`).
    ///
    /// `cache` is restem's cache directory, where there is one.
    ///
    /// # Errors
    /// [`ToolchainError::NoTarget`] with all that was looked at, [`ToolchainError::NoCargo`] when there is no Rust at all.
    pub fn find(dir: &Path, cache: Option<&Path>) -> Result<Self, ToolchainError> {
        let mut looked = Vec::new();
        match library(&mut active_rustc(dir)) {
            Ok(library) if brings_linker(&library) => return Ok(Self::Active),
            Ok(_) => looked.push("the active rustc: it brings no rust-lld".to_owned()),
            Err(why) => looked.push(format!("the active rustc: {why}")),
        }
        match library(&mut Command::new(SYSTEM_RUSTC)) {
            Ok(_) if has_wasm_ld() => return Ok(Self::System),
            Ok(_) => looked.push(format!("{SYSTEM_RUSTC}: {NO_WASM_LD}")),
            Err(why) => looked.push(format!("{SYSTEM_RUSTC}: {why}")),
        }
        if let Some(entry) = cache.zip(sysroot_entry()).map(|(cache, entry)| cache.join(entry)) {
            match entry.is_dir() {
                true if has_wasm_ld() => return Ok(Self::Sysroot(entry)),
                true => looked.push(format!("{}: {NO_WASM_LD}", entry.display())),
                false => looked.push(format!("{}: not there", entry.display())),
            }
        }
        let mut cargo = cargo(dir);
        if let Err(source) = cargo.arg("--version").output() {
            return Err(ToolchainError::NoCargo {
                program: cargo.get_program().to_string_lossy().into_owned(),
                source,
            });
        }
        Err(ToolchainError::NoTarget {
            looked,
            rustup: succeeds(Command::new("rustup").arg("--version")),
        })
    }

    /// One line for people.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Active => format!("the active Rust toolchain has {TARGET}"),
            Self::System => format!("{SYSTEM_RUSTC} has {TARGET}"),
            Self::Sysroot(sysroot) => format!("{SYSTEM_RUSTC} with the library in {}", sysroot.display()),
        }
    }
}

fn has_wasm_ld() -> bool {
    succeeds(Command::new("wasm-ld").arg("--version"))
}
