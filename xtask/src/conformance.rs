//! `cargo xtask conformance policy`: compares the torch backend with transformers, the reference implementation.
//!
//! The small goldens that the test suite checks are made here too (`--bless`), never by hand.

mod adapters;
mod tokenizers;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::python::{self, Python};
use crate::workspace::{TORCH_BACKEND, Workspace};
use crate::{env_vars, libtorch, process, say, setup};

/// The reference's exact versions: another release may compute other last digits.
const PACKAGES: [(&str, &str); 7] = [
    ("torch", libtorch::VERSION),
    ("transformers", "5.23"),
    ("peft", "0.21"),
    ("safetensors", "0.8"),
    ("numpy", "2"),
    ("gguf", "0.19"),
    ("sentencepiece", "0.2"),
];
/// What sentencepiece's model format needs; its module has another name, so it is not looked for.
const ALONGSIDE: &str = "protobuf==7.*";

/// What becomes of the reference's results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goldens {
    /// Compare, and leave the committed goldens alone.
    Check,
    /// Also write the committed goldens anew.
    Bless,
}

/// Runs the reference on tiny random models of each architecture and on the demo model, then the comparison; after that PEFT on
/// adapters that the backend trained, and the tokenizers of imported files.
///
/// # Errors
/// When the reference can't be installed (5 GB), or the backend disagrees with it.
pub(crate) fn policy(workspace: &Workspace, cache: &Cache, goldens: Goldens) -> Result<()> {
    let python = reference(cache)?;
    let libtorch = setup::libtorch(cache)?;
    let model = setup::demo_model(workspace, cache)?;
    let crate_root = workspace.root().join("plugins").join("torch");
    let script = crate_root.join("conformance").join("make_goldens.py");
    let output = workspace.target().join("conformance").join("policy");
    std::fs::create_dir_all(&output)?;

    say::step(
        "conformance",
        "transformers computes logits, greedy tokens and training steps",
    );
    process::run(
        python
            .command()
            .arg(&script)
            .arg("--out")
            .arg(&output)
            .arg("--demo-model")
            .arg(&model),
    )?;
    let torch = |command: &mut Command| {
        process::run(
            command
                .env(env_vars::LD_LIBRARY_PATH, libtorch.directory.join("lib"))
                .env(env_vars::LIBTORCH, &libtorch.directory),
        )
    };
    say::step("conformance", "the backend is compared with it");
    for golden in golden_folders(&output)? {
        let of_demo = golden.file_name().is_some_and(|name| name == "demo");
        let model = if of_demo { &model } else { &golden };
        torch(example(workspace, "parity").arg(model).arg(&golden))?;
    }
    adapters::compare(workspace, &python, &output, &torch)?;
    tokenizers::compare(workspace, cache, &python, &output)?;
    if goldens == Goldens::Bless {
        let importer = workspace.root().join("core").join("policy");
        let tests = importer.join("src").join("import").join("tests");
        process::run(
            python
                .command()
                .arg(importer.join("conformance").join("make_quantised.py"))
                .arg(tests.join("quantised.safetensors")),
        )?;
        let committed = crate_root.join("tests").join("goldens");
        say::step(
            "conformance",
            format!("writing the goldens in {}", committed.display()),
        );
        process::run(python.command().arg(&script).arg("--out").arg(&committed))?;
    }
    say::step("conformance", "the committed goldens are checked");
    torch(process::cargo(workspace.root()).args(["test", "--package", TORCH_BACKEND]))
}

/// An example of the backend's crate, to be given arguments.
fn example(workspace: &Workspace, name: &str) -> Command {
    let mut command = process::cargo(workspace.root());
    command.args(["run", "--quiet", "--release", "--package", TORCH_BACKEND]);
    command.args(["--example", name, "--"]);
    command
}

/// Folders that hold a golden, sorted.
fn golden_folders(output: &Path) -> Result<Vec<PathBuf>> {
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(output)? {
        let path = entry?.path();
        if path.join("golden.json").exists() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// A Python with the reference packages: the active one if it has them, else an environment in the cache.
///
/// # Errors
/// When pip fails.
pub(crate) fn reference(cache: &Cache) -> Result<Python> {
    let active = python::required_for("the reference implementation")?;
    if has_reference(&active) {
        say::step("conformance", "the active Python has the reference packages");
        return Ok(active);
    }
    let environment = cache.entry(&format!("conformance-{}-{}", PACKAGES[0].1, PACKAGES[1].1));
    let python = Python::at(environment.join("bin").join("python"));
    if !has_reference(&python) {
        say::step(
            "conformance",
            "installing torch and transformers into the cache (5 GB)",
        );
        process::run(active.command().args(["-m", "venv"]).arg(&environment))?;
        let requirements = PACKAGES.map(|(name, version)| match name {
            "torch" => format!("{name}=={version}"),
            _ => format!("{name}=={version}.*"),
        });
        process::run(
            python
                .command()
                .args(["-m", "pip", "install", "--quiet", "--no-cache-dir"])
                .args(requirements)
                .arg(ALONGSIDE),
        )
        .context("pip could not install the reference packages")?;
    }
    Ok(python)
}

fn has_reference(python: &Python) -> bool {
    PACKAGES.iter().all(|(name, version)| {
        python.installed(name).is_some_and(|(found, _)| {
            found == *version
                || found.starts_with(&format!("{version}."))
                || found.starts_with(&format!("{version}+"))
        })
    })
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn folders_without_a_golden_are_passed_over() {
        let dir = TempDir::new().unwrap();
        for (folder, file) in [("b", "golden.json"), ("a", "golden.json"), ("c", "config.json")] {
            std::fs::create_dir(dir.path().join(folder)).unwrap();
            std::fs::write(dir.path().join(folder).join(file), "{}").unwrap();
        }
        let found = golden_folders(dir.path()).unwrap();
        assert_eq!(found, [dir.path().join("a"), dir.path().join("b")]);
    }
}
