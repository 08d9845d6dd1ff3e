//! A compiler that can build reward plugins: rustc with a standard library for `wasm32-unknown-unknown`.
//!
//! The order is: the active toolchain has the target, `rustup target add`, and at last Debian's compiler with the
//! library's sources, from which the standard library is built once into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::Cache;
use crate::process;
use crate::say;

/// The target of reward plugins: it has no WASI, so a plugin has no clock, files or network to begin with.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Vectors of 128 bits, which the host has and which are as deterministic as the rest: searches in long completions use them.
const FEATURES: &str = "-Ctarget-feature=+simd128";

/// Debian's compiler, which has the library sources beside it (package rust-web-src).
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// How to call cargo for the wasm target.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum WasmToolchain {
    /// The active toolchain has the target installed.
    Active,
    /// Debian's compiler with a standard library of our making.
    Sysroot(PathBuf),
}

impl WasmToolchain {
    /// A cargo command, up to and without the subcommand, that compiles for [`TARGET`] when given `--target`.
    pub(crate) fn cargo(&self, root: &Path) -> Command {
        match self {
            Self::Active => {
                let mut command = process::cargo(root);
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", FEATURES);
                command
            }
            Self::Sysroot(sysroot) => {
                let mut command = debian_cargo(root);
                // Build scripts and macros run on the host and keep the ordinary library: with `--target`, these
                // flags reach the target's crates only.
                command.env(
                    "CARGO_ENCODED_RUSTFLAGS",
                    format!("--sysroot={}\u{1f}{FEATURES}", sysroot.display()),
                );
                command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                command
            }
        }
    }

    /// One line for people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Active => format!("the active Rust toolchain has {TARGET}"),
            Self::Sysroot(sysroot) => format!("{DEBIAN_RUSTC} with the library in {}", sysroot.display()),
        }
    }
}

/// What is there already.
pub(crate) fn find(cache: &Cache) -> Option<WasmToolchain> {
    if has_target() {
        return Some(WasmToolchain::Active);
    }
    let sysroot = cache.entry(&sysroot_name().ok()?);
    let usable = sysroot.exists() && process::succeeds(Command::new("wasm-ld").arg("--version"));
    usable.then_some(WasmToolchain::Sysroot(sysroot))
}

/// Makes one: rustup first, Debian's packages and a build of the library second.
///
/// # Errors
/// When neither way works; the message names the command for either.
pub(crate) fn install(cache: &Cache) -> Result<WasmToolchain> {
    say::step(
        "wasm",
        format!("trying `rustup target add {TARGET}`, the ordinary way"),
    );
    if process::succeeds(Command::new("rustup").args(["target", "add", TARGET])) && has_target() {
        return Ok(WasmToolchain::Active);
    }
    if !debian_is_ready() {
        install_debian_packages()?;
    }
    let name = sysroot_name()?;
    say::step(
        "wasm",
        "rustup has no such target here: building its standard library once (about a minute)",
    );
    let sysroot = cache.put(&name, |sysroot| build_std(cache, sysroot))?;
    Ok(WasmToolchain::Sysroot(sysroot))
}

/// Whether the active rustc brings the target's library, from rustup or from a distribution.
fn has_target() -> bool {
    let Ok(libdir) =
        process::capture(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))
    else {
        return false;
    };
    libraries_in(Path::new(&libdir)).is_ok_and(|found| !found.is_empty())
}

fn libraries_in(directory: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rlib") {
            found.push(path);
        }
    }
    Ok(found)
}

fn debian_cargo(root: &Path) -> Command {
    let mut command = Command::new(DEBIAN_CARGO);
    process::forget_outer_cargo(&mut command);
    // `cargo run` and rustup point these at their own toolchain.
    command
        .env_remove("RUSTUP_TOOLCHAIN")
        .env_remove("LD_LIBRARY_PATH")
        .env_remove("RUSTFLAGS");
    command.env("RUSTC", DEBIAN_RUSTC).current_dir(root);
    command
}

fn debian_is_ready() -> bool {
    let Ok(sysroot) = process::capture(Command::new(DEBIAN_RUSTC).args(["--print", "sysroot"])) else {
        return false;
    };
    Path::new(&sysroot)
        .join("lib/rustlib/src/rust/library/std/Cargo.toml")
        .exists()
        && Path::new(DEBIAN_CARGO).exists()
        && process::succeeds(Command::new("wasm-ld").arg("--version"))
}

fn install_debian_packages() -> Result<()> {
    let command = format!(
        "apt-get update && apt-get install -y --no-install-recommends {}",
        DEBIAN_PACKAGES.join(" ")
    );
    let is_root = process::capture(Command::new("id").arg("-u")).is_ok_and(|id| id == "0");
    let has_apt = process::succeeds(Command::new("apt-get").arg("--version"));
    if !is_root || !has_apt {
        bail!(
            "no {TARGET} library: rustup did not install it, and set-up may not install packages here\n  hint: \
             `rustup target add {TARGET}`, or on Debian as root `{command}`, then run set-up again"
        );
    }
    say::step(
        "wasm",
        format!(
            "rustup could not: installing Debian's compiler, {}",
            DEBIAN_PACKAGES.join(", ")
        ),
    );
    process::run(Command::new("apt-get").args(["update", "-qq"]))?;
    process::run(
        Command::new("apt-get")
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(DEBIAN_PACKAGES)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )?;
    if !debian_is_ready() {
        bail!(
            "Debian's packages are installed, but {DEBIAN_RUSTC} has no library sources or wasm-ld is missing"
        );
    }
    Ok(())
}

/// A library fits one compiler only, down to its commit.
fn sysroot_name() -> Result<String> {
    let version = process::capture(Command::new(DEBIAN_RUSTC).arg("-vV"))?;
    Ok(format!("wasm-std/{}", key_of(&version)?))
}

fn key_of(version: &str) -> Result<String> {
    let field = |name: &str| {
        version
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .map(str::trim)
    };
    let release = field("release:").context("rustc -vV names no release")?;
    let commit = field("commit-hash:").unwrap_or("unknown");
    Ok(format!("{release}-{}", commit.get(..9).unwrap_or(commit)))
}

/// Compiles an empty crate with `-Zbuild-std` and keeps the libraries that come out of it.
fn build_std(cache: &Cache, sysroot: &Path) -> Result<()> {
    let scratch = cache.scratch()?;
    let root = scratch.path();
    fs::create_dir(root.join("src"))?;
    fs::write(root.join("src/lib.rs"), "")?;
    fs::write(
        root.join("Cargo.toml"),
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n[workspace]\n",
    )?;
    process::run(
        debian_cargo(root)
            // The sources are there, the flag is only unstable: this is the one place that may use it.
            .env("RUSTC_BOOTSTRAP", "1")
            // Without bitcode in the library a plugin can't use link-time optimisation.
            .env("CARGO_ENCODED_RUSTFLAGS", "-Cembed-bitcode=yes")
            .args([
                "build",
                "--release",
                "--quiet",
                "-Zbuild-std=std,panic_abort",
                "--target",
                TARGET,
            ])
            .arg("--target-dir")
            .arg(root.join("target")),
    )?;
    let libraries = sysroot.join("lib/rustlib").join(TARGET).join("lib");
    fs::create_dir_all(&libraries)?;
    for library in libraries_in(&root.join("target").join(TARGET).join("release/deps"))? {
        let name = library.file_name().context("a library has no name")?;
        if !name.to_string_lossy().starts_with("libempty-") {
            fs::copy(&library, libraries.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_kept_per_compiler_commit() {
        let version = "rustc 1.96.0 (ac68faa20 2026-05-25)\nbinary: rustc\ncommit-hash: \
                       ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96\nrelease: 1.96.0\n";
        assert_eq!(key_of(version).unwrap(), "1.96.0-ac68faa20");
    }

    #[test]
    fn a_compiler_built_without_git_still_has_a_key() {
        assert_eq!(
            key_of("commit-hash: unknown\nrelease: 1.96.0\n").unwrap(),
            "1.96.0-unknown"
        );
    }
}
