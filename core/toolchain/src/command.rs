//! cargo, called for the target.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::paths::Paths;
use crate::rustc::{active_rustc, field, output};
use crate::{
    RUSTC, SYSTEM_CARGO, SYSTEM_RUSTC, TARGET, Toolchain, ToolchainError, cargo, forget_outer_cargo,
};

/// Vectors of 128 bits, which the host has and which are as deterministic as the rest: searches in long completions use them.
const FEATURES: &str = "-Ctarget-feature=+simd128";

impl Toolchain {
    /// What `cargo metadata` says of the project in `dir`, with all packages that it needs for [`TARGET`]. cargo's own
    /// messages go to standard error.
    ///
    /// # Errors
    /// [`ToolchainError::NoCargo`], and [`ToolchainError::Metadata`] when it can't read the project.
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
    #[must_use]
    pub fn library_sources(&self, dir: &Path) -> Option<(PathBuf, String)> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
