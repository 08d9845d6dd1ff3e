//! A compiler with a standard library for [`TARGET`].

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::paths::Paths;
use crate::{RUSTC, ToolchainError, cargo, forget_outer_cargo};

/// The target of reward plugins: it has no WASI, so a plugin has no clock, files or network to begin with.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// The compiler of the system's packages.
pub const SYSTEM_RUSTC: &str = "/usr/bin/rustc";

/// The cargo of the system's packages.
pub const SYSTEM_CARGO: &str = "/usr/bin/cargo";

/// Vectors of 128 bits, which the host has and which are as deterministic as the rest: searches in long completions use them.
const FEATURES: &str = "-Ctarget-feature=+simd128";

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
            Ok(()) => return Ok(Self::Active),
            Err(why) => looked.push(format!("the active rustc: {why}")),
        }
        match library(&mut Command::new(SYSTEM_RUSTC)) {
            Ok(()) if succeeds(Command::new("wasm-ld").arg("--version")) => return Ok(Self::System),
            Ok(()) => looked.push(format!("{SYSTEM_RUSTC}: there is no wasm-ld (package lld)")),
            Err(why) => looked.push(format!("{SYSTEM_RUSTC}: {why}")),
        }
        if let Some(entry) = cache.zip(sysroot_entry()).map(|(cache, entry)| cache.join(entry)) {
            if entry.is_dir() && succeeds(Command::new("wasm-ld").arg("--version")) {
                return Ok(Self::Sysroot(entry));
            }
            looked.push(format!("{}: not there", entry.display()));
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

    /// What `cargo metadata` says of the project in `dir`, with all packages that it needs for [`TARGET`]. cargo's own
    /// messages go to standard error.
    ///
    /// # Errors
    /// [`ToolchainError::NoCargo`], and [`ToolchainError::Cargo`] when it can't read the project.
    pub fn metadata(&self, dir: &Path) -> Result<Value, ToolchainError> {
        let mut cargo = self.plain_cargo(dir);
        let program = cargo.get_program().to_string_lossy().into_owned();
        let output = cargo
            .args(["metadata", "--format-version", "1", "--filter-platform", TARGET])
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|source| ToolchainError::NoCargo {
                program: program.clone(),
                source,
            })?;
        let refuse = |what: String| ToolchainError::Metadata {
            dir: dir.to_owned(),
            what,
        };
        if !output.status.success() {
            return Err(refuse(format!(
                "`{program} metadata` ended with {}",
                output.status
            )));
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|error| refuse(format!("`{program} metadata` wrote no JSON: {error}")))
    }

    /// A cargo command in `dir`, up to and without the subcommand, that compiles for [`TARGET`] when given `--target`.
    /// `metadata` is what [`metadata`](Self::metadata) gave: the directories in it don't appear in what is built.
    ///
    /// Flags of the user's own configuration for that target stay; those of the environment go, because they are meant
    /// for native code.
    #[must_use]
    pub fn cargo(&self, dir: &Path, metadata: &Value) -> Command {
        let mut paths = Paths::of(metadata);
        if let Some((sources, name)) = self.library_sources(dir) {
            paths.add(sources, name);
        }
        self.cargo_with(dir, &paths)
    }

    fn cargo_with(&self, dir: &Path, paths: &Paths) -> Command {
        let mut command = self.plain_cargo(dir);
        for name in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS"] {
            command.env_remove(name);
        }
        let mut flags = vec![FEATURES.to_owned()];
        if let Self::Sysroot(sysroot) = self {
            // Build scripts and macros run on the host and keep the ordinary library: with `--target`, these flags
            // reach the target's crates only.
            flags.push(format!("--sysroot={}", sysroot.display()));
        }
        flags.extend(paths.flags());
        // A list of strings in JSON is one in TOML.
        let flags = Value::from(flags);
        command
            .arg("--config")
            .arg(format!("target.{TARGET}.rustflags={flags}"));
        if *self != Self::Active {
            command
                .arg("--config")
                .arg(format!("target.{TARGET}.linker=\"wasm-ld\""));
        }
        command
    }

    fn plain_cargo(&self, dir: &Path) -> Command {
        match self {
            Self::Active => cargo(dir),
            Self::System | Self::Sysroot(_) => system_cargo(dir),
        }
    }

    /// Where the compiler has the standard library's sources, if it brings them, and the name they have without.
    fn library_sources(&self, dir: &Path) -> Option<(PathBuf, String)> {
        let rustc = || match self {
            Self::Active => active_rustc(dir),
            Self::System | Self::Sysroot(_) => Command::new(SYSTEM_RUSTC),
        };
        let sysroot = output(rustc().args(["--print", "sysroot"])).ok()?;
        let sources = Path::new(&sysroot).join("lib/rustlib/src/rust");
        if !sources.exists() {
            return None;
        }
        let version = output(rustc().arg("-vV")).ok()?;
        let commit = field(&version, "commit-hash:").unwrap_or("unknown");
        Some((sources, format!("/rustc/{commit}")))
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

/// The system's cargo and compiler in `dir`, whatever toolchain is active.
#[must_use]
pub fn system_cargo(dir: &Path) -> Command {
    let mut command = Command::new(SYSTEM_CARGO);
    forget_outer_cargo(&mut command);
    // `cargo run` and rustup point these at their own toolchain.
    command
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTFLAGS");
    command.env(RUSTC, SYSTEM_RUSTC).current_dir(dir);
    command
}

/// Where in restem's cache the library lies that was built for the system's compiler; None without one.
///
/// A library fits one compiler only, down to its commit.
#[must_use]
pub fn sysroot_entry() -> Option<String> {
    let version = output(Command::new(SYSTEM_RUSTC).arg("-vV")).ok()?;
    Some(format!("wasm-std/{}", key_of(&version)?))
}

fn key_of(version: &str) -> Option<String> {
    let release = field(version, "release:")?;
    let commit = field(version, "commit-hash:").unwrap_or("unknown");
    Some(format!("{release}-{}", commit.get(..9).unwrap_or(commit)))
}

/// A field of what `rustc -vV` prints.
fn field<'a>(version: &'a str, name: &str) -> Option<&'a str> {
    version
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

fn active_rustc(dir: &Path) -> Command {
    let mut command = Command::new(std::env::var_os(RUSTC).unwrap_or_else(|| "rustc".into()));
    command.current_dir(dir);
    command
}

/// Whether this rustc brings the target's library; if not, why.
fn library(rustc: &mut Command) -> Result<(), String> {
    let directory = output(rustc.args(["--print", "target-libdir", "--target", TARGET]))?;
    let found = fs::read_dir(&directory).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rlib")
        })
    });
    found
        .then_some(())
        .ok_or_else(|| format!("no library in {directory}"))
}

fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(stderr.lines().next().unwrap_or("it failed").to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_kept_per_compiler_commit() {
        let version = "rustc 1.96.0 (ac68faa20 2026-05-25)\nbinary: rustc\ncommit-hash: \
                       ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96\nrelease: 1.96.0\n";
        assert_eq!(key_of(version).as_deref(), Some("1.96.0-ac68faa20"));
    }

    #[test]
    fn a_compiler_built_without_git_still_has_a_key() {
        assert_eq!(
            key_of("commit-hash: unknown\nrelease: 1.96.0\n").as_deref(),
            Some("1.96.0-unknown")
        );
    }

    #[test]
    fn flags_reach_the_target_and_none_come_from_the_environment() {
        let toolchain = Toolchain::Sysroot(PathBuf::from("/cache/std"));
        let command = toolchain.cargo_with(Path::new("."), &Paths::default());
        let arguments: Vec<_> = command
            .get_args()
            .map(|argument| argument.to_string_lossy())
            .collect();
        assert_eq!(
            arguments,
            [
                "--config",
                "target.wasm32-unknown-unknown.rustflags=[\"-Ctarget-feature=+simd128\",\"--sysroot=/cache/std\"]",
                "--config",
                "target.wasm32-unknown-unknown.linker=\"wasm-ld\"",
            ]
        );
        assert!(
            command
                .get_envs()
                .any(|(name, value)| name == "RUSTFLAGS" && value.is_none())
        );
    }
}
