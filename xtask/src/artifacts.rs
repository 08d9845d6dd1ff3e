//! `cargo xtask build`: the binary, the plugins and the backend, laid out as a restem home.
//!
//! `target/restem/{bin,plugins,backends,sdk}` is what `dist` packs, what tests and the demo run, and nothing in it refers
//! to the machine that built it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use restem_toolchain::TARGET;

use crate::cache::Cache;
use crate::workspace::{TORCH_BACKEND, Workspace};
use crate::{backend_links, env_vars, process, say, sdk_source, setup};

/// Builds everything; quick when nothing changed.
///
/// # Errors
/// When set-up or a build fails.
pub(crate) fn build(workspace: &Workspace, cache: &Cache) -> Result<()> {
    build_plugins(workspace, cache)?;
    sdk_source::place(workspace)?;
    let libtorch = setup::libtorch(cache)?;
    say::step("build", "the binary and the torch backend (release)");
    // One command, so that shared dependencies compile once and fill the wait for torch-sys's C++.
    process::run(
        process::cargo(workspace.root())
            .args([
                "build",
                "--release",
                "--package",
                "restem-cli",
                "--package",
                TORCH_BACKEND,
            ])
            .env(env_vars::LIBTORCH, &libtorch.directory),
    )?;
    let release = workspace.target().join("release");
    place(&release.join("restem"), &workspace.restem())?;
    let backend = release.join("librestem_torch.so");
    backend_links::check(&backend)?;
    place(
        &backend,
        &workspace.home().join("backends").join("librestem_torch.so"),
    )?;
    say::step("build", format!("ready in {}", workspace.home().display()));
    Ok(())
}

/// Builds the binary alone, which needs neither libtorch nor a wasm toolchain.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build_cli(workspace: &Workspace) -> Result<()> {
    say::step("build", "the binary (release)");
    process::run(process::cargo(workspace.root()).args(["build", "--release", "--package", "restem-cli"]))?;
    place(
        &workspace.target().join("release").join("restem"),
        &workspace.restem(),
    )
}

/// Builds the WebAssembly plugins alone.
///
/// # Errors
/// When set-up fails or a plugin does not compile.
pub(crate) fn build_plugins(workspace: &Workspace, cache: &Cache) -> Result<()> {
    let toolchain = setup::wasm(workspace, cache)?;
    say::step("build", format!("plugins {}", workspace.wasm_plugins.join(", ")));
    let metadata = toolchain.metadata(workspace.root())?;
    for plugin in &workspace.wasm_plugins {
        let mut command = toolchain.cargo(workspace.root(), &metadata);
        // One crate type: with an rlib beside it, cargo leaves out link-time optimisation.
        command.args([
            "rustc",
            "--release",
            "--lib",
            "--crate-type",
            "cdylib",
            "--target",
            TARGET,
        ]);
        command
            .args(["--package", plugin])
            .arg("--target-dir")
            .arg(workspace.wasm_target());
        // Plugins are small and run often. Every call in a guest counts fuel and looks at the clock, so that inlining
        // across crates, of the allocator above all, is worth more than it is natively.
        command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1");
        command.env("CARGO_PROFILE_RELEASE_LTO", "fat");
        process::run(&mut command)?;
    }
    let built = workspace.wasm_target().join(TARGET).join("release");
    for plugin in &workspace.wasm_plugins {
        let module = built.join(format!("{}.wasm", plugin.replace('-', "_")));
        place(
            &module,
            &workspace.home().join("plugins").join(format!("{plugin}.wasm")),
        )?;
        let manifest = workspace.root().join("plugins").join(plugin).join("plugin.toml");
        if manifest.exists() {
            place(
                &manifest,
                &workspace.home().join("plugins").join(format!("{plugin}.toml")),
            )?;
        }
    }
    Ok(())
}

/// Copies by rename, and only when the contents differ: a running program keeps its file, and caches keyed by time
/// stay warm.
pub(crate) fn place(from: &Path, to: &Path) -> Result<()> {
    let contents = fs::read(from).with_context(|| format!("the build left no {}", from.display()))?;
    if fs::read(to).is_ok_and(|old| old == contents) {
        return Ok(());
    }
    let directory = to.parent().context("a file has no directory")?;
    fs::create_dir_all(directory)?;
    let temporary = tempfile::NamedTempFile::new_in(directory)?;
    fs::copy(from, temporary.path())?;
    temporary
        .persist(to)
        .with_context(|| format!("cannot write {}", to.display()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use tempfile::TempDir;

    use super::*;

    #[test]
    fn an_unchanged_file_is_not_written_again() {
        let dir = TempDir::new().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("out/to"));
        fs::write(&from, "same").unwrap();
        place(&from, &to).unwrap();
        let old = SystemTime::now() - Duration::from_secs(1000);
        fs::File::options()
            .write(true)
            .open(&to)
            .unwrap()
            .set_modified(old)
            .unwrap();
        place(&from, &to).unwrap();
        assert_eq!(fs::metadata(&to).unwrap().modified().unwrap(), old);
    }

    #[test]
    fn a_changed_file_replaces_the_old_one() {
        let dir = TempDir::new().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        place(&from, &to).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "new");
    }
}
