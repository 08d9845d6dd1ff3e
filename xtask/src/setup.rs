//! `cargo xtask setup`: finds or installs what the build and the demo need. Each step is skipped when it is done.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;
use clap::ValueEnum;
use restem_toolchain::Toolchain;

use crate::cache::Cache;
use crate::libtorch::{self, Libtorch};
use crate::workspace::Workspace;
use crate::{artifacts, env_vars, model, process, say, wasm_std};

/// One thing that set-up provides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// libtorch 2.13.0, for the torch policy backend
    Libtorch,
    /// a standard library for wasm32-unknown-unknown, for reward plugins
    Wasm,
    /// the demo's language model, imported
    Model,
    /// the sandboxed Python interpreter, compiled
    Python,
}

/// Provides the named parts, or all of them when none is named.
///
/// # Errors
/// Those of the first part that can't be provided.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, only: &[Part]) -> Result<()> {
    let wanted = |part| only.is_empty() || only.contains(&part);
    if wanted(Part::Libtorch) {
        libtorch(cache)?;
    }
    if wanted(Part::Wasm) {
        wasm(workspace, cache)?;
    }
    if wanted(Part::Model) {
        demo_model(workspace, cache)?;
    }
    if wanted(Part::Python) {
        python(workspace, cache)?;
    }
    Ok(())
}

/// Finds or installs libtorch and says which it is.
///
/// # Errors
/// See [`libtorch::find`] and [`libtorch::install`].
pub(crate) fn libtorch(cache: &Cache) -> Result<Libtorch> {
    let found = match libtorch::find(cache)? {
        Some(found) => found,
        None => {
            say::step(
                "libtorch",
                format!(
                    "neither LIBTORCH nor the active Python has {}: downloading the CPU part from PyPI (540 MB)",
                    libtorch::VERSION
                ),
            );
            libtorch::install(cache)?
        }
    };
    say::step(
        "libtorch",
        format!("{} ({})", found.directory.display(), found.source),
    );
    Ok(found)
}

/// Finds or makes the compiler for plugins and says which it is.
///
/// # Errors
/// See [`wasm_std::install`].
pub(crate) fn wasm(workspace: &Workspace, cache: &Cache) -> Result<Toolchain> {
    let toolchain = match wasm_std::find(workspace.root(), cache) {
        Ok(found) => found,
        Err(_) => wasm_std::install(workspace.root(), cache)?,
    };
    say::step("wasm", toolchain.describe());
    Ok(toolchain)
}

/// The imported demo model.
///
/// # Errors
/// See [`model::import`]; also when the importer, which is the `restem` binary itself, does not compile.
pub(crate) fn demo_model(workspace: &Workspace, cache: &Cache) -> Result<PathBuf> {
    if let Some(directory) = model::find(workspace, cache) {
        say::step("model", format!("imported in {}", directory.display()));
        return Ok(directory);
    }
    if !workspace.restem().exists() {
        artifacts::build_cli(workspace)?;
    }
    model::import(workspace, cache)
}

/// The directory of the sandboxed Python interpreter, which `restem` itself installs; quick when it is there.
///
/// # Errors
/// When the binary does not compile, or the interpreter can't be fetched or compiled.
pub(crate) fn python(workspace: &Workspace, cache: &Cache) -> Result<PathBuf> {
    if !workspace.restem().exists() {
        artifacts::build_cli(workspace)?;
    }
    say::step(
        "python",
        "installing the sandboxed interpreter: 90 MB from PyPI and 1 to 3 minutes of compiling, once",
    );
    let mut command = Command::new(workspace.restem());
    command
        .args(["python", "install"])
        .env(env_vars::CACHE, cache.entry(""));
    process::run(&mut command)?;
    Ok(cache.entry("python"))
}
