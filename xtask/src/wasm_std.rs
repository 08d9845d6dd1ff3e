//! A compiler that can build reward plugins: rustc with a standard library for `wasm32-unknown-unknown`.
//!
//! What is there already, `restem_toolchain` finds. What is missing is made here: `rustup target add`, and at last Debian's
//! compiler with the library's sources, from which the standard library is built once into the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use restem_toolchain::{
    SYSTEM_CARGO, SYSTEM_RUSTC, TARGET, Toolchain, ToolchainError, sysroot_entry, system_cargo,
};

use crate::cache::Cache;
use crate::{env_vars, process, say};

/// Debian's compiler has the library sources beside it in the package rust-web-src.
const DEBIAN_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// What is there already.
///
/// # Errors
/// When nothing is.
pub(crate) fn find(root: &Path, cache: &Cache) -> Result<Toolchain, ToolchainError> {
    Toolchain::find(root, Some(&cache.entry("")))
}

/// Makes one: rustup first, Debian's packages and a build of the library second.
///
/// # Errors
/// When neither way works; the message names the command for either.
pub(crate) fn install(root: &Path, cache: &Cache) -> Result<Toolchain> {
    say::step(
        "wasm",
        format!("trying `rustup target add {TARGET}`, the ordinary way"),
    );
    if process::succeeds(Command::new("rustup").args(["target", "add", TARGET]))
        && let Ok(found) = find(root, cache)
    {
        return Ok(found);
    }
    if !debian_is_ready() {
        install_debian_packages()?;
    }
    let name = sysroot_entry().with_context(|| format!("{SYSTEM_RUSTC} does not say what it is"))?;
    say::step(
        "wasm",
        "rustup has no such target here: building its standard library once (about a minute)",
    );
    cache.put(&name, |sysroot| build_std(cache, sysroot))?;
    Ok(find(root, cache)?)
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

fn debian_is_ready() -> bool {
    let Ok(sysroot) = process::capture(Command::new(SYSTEM_RUSTC).args(["--print", "sysroot"])) else {
        return false;
    };
    Path::new(&sysroot)
        .join("lib/rustlib/src/rust/library/std/Cargo.toml")
        .exists()
        && Path::new(SYSTEM_CARGO).exists()
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
            "Debian's packages are installed, but {SYSTEM_RUSTC} has no library sources or wasm-ld is missing"
        );
    }
    Ok(())
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
    // Without bitcode in the library a plugin can't use link-time optimisation.
    let mut flags = vec!["-Cembed-bitcode=yes".to_owned()];
    // A panic in the library names a file: it need not say where this machine keeps it.
    if let Some((sources, name)) = Toolchain::System.library_sources(root) {
        flags.push(format!("--remap-path-prefix={}={name}", sources.display()));
    }
    if let Some(registry) = registry() {
        flags.push(format!("--remap-path-prefix={}=/rust/deps", registry.display()));
    }
    process::run(
        system_cargo(root)
            // The sources are there, the flag is only unstable: this is the one place that may use it.
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
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

/// Where cargo keeps the sources of crates.
fn registry() -> Option<PathBuf> {
    let variable = |name| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = variable(env_vars::CARGO_HOME).or_else(|| Some(variable(env_vars::HOME)?.join(".cargo")))?;
    Some(home.join("registry").join("src"))
}
