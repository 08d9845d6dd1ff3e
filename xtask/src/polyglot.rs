//! The example plugins in Python and JavaScript, built with the tools that their own files pin.
//!
//! The tools live in the cache, each under its version: a virtual environment and a folder of node packages.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::cache::Cache;
use crate::python::{self, Python};
use crate::workspace::Workspace;
use crate::{process, say};

/// Where the examples say which tool they want.
const REQUIREMENTS: &str = "requirements.txt";
const PACKAGE: &str = "package.json";

const COMPONENTIZE_PY: &str = "componentize-py";
const COMPONENTIZE_JS: &str = "componentize-js";

/// Builds both examples and returns the folder with the components and their manifests.
///
/// # Errors
/// When Python or node is missing, an index can't be reached, or a build fails.
pub(crate) fn build(workspace: &Workspace, cache: &Cache) -> Result<PathBuf> {
    let out = workspace.home().join("polyglot");
    fs::create_dir_all(&out)?;
    let examples = workspace.root().join("examples");
    let python = examples.join("plugin-python");
    let mut command = Command::new(componentize_py(cache, &python)?);
    command
        .args([
            "--quiet",
            "-d",
            "wit",
            "-w",
            "plugin",
            "componentize",
            "scorer",
            "-o",
        ])
        .arg(out.join("json-fields.wasm"));
    place(&python, &out.join("json-fields.toml"), &mut command)?;

    let javascript = examples.join("plugin-javascript");
    let mut command = Command::new(componentize_js(cache, &javascript)?);
    command
        .args(["scorer.js", "--wit", "wit", "--world-name", "plugin", "--disable"])
        .args(["stdio", "random", "clocks", "http", "fetch-event", "--out"])
        .arg(out.join("json-fields-js.wasm"));
    place(&javascript, &out.join("json-fields-js.toml"), &mut command)?;
    Ok(out)
}

/// Runs a build in the example's folder and puts the manifest beside the component.
fn place(example: &Path, manifest: &Path, command: &mut Command) -> Result<()> {
    say::step("polyglot", format!("building {}", example.display()));
    process::run(command.current_dir(example))?;
    fs::copy(example.join("plugin.toml"), manifest)?;
    Ok(())
}

/// componentize-py of the version that the example's requirements pin, installed unless it is there.
fn componentize_py(cache: &Cache, example: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(example.join(REQUIREMENTS))?;
    let version = pinned(&text).with_context(|| format!("{REQUIREMENTS} pins no {COMPONENTIZE_PY}"))?;
    let entry = cache.entry(&format!("{COMPONENTIZE_PY}-{version}"));
    let tool = entry.join("bin").join(COMPONENTIZE_PY);
    if process::succeeds(Command::new(&tool).arg("--version")) {
        return Ok(tool);
    }
    say::step(
        "polyglot",
        format!("installing {COMPONENTIZE_PY} {version} into the cache"),
    );
    let outer = python::required_for(COMPONENTIZE_PY)?;
    // In place, not by rename: a virtual environment holds its own path.
    process::run(outer.command().args(["-m", "venv", "--clear"]).arg(&entry))?;
    let inner = Python::at(entry.join("bin").join("python"));
    process::run(
        inner
            .command()
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg(format!("{COMPONENTIZE_PY}=={version}")),
    )
    .with_context(|| {
        format!("pip could not install {COMPONENTIZE_PY} {version}: is the package index reachable?")
    })?;
    Ok(tool)
}

/// componentize-js of the version that the example's package pins, installed unless it is there.
fn componentize_js(cache: &Cache, example: &Path) -> Result<PathBuf> {
    let package: Value = serde_json::from_str(&fs::read_to_string(example.join(PACKAGE))?)?;
    let name = format!("@bytecodealliance/{COMPONENTIZE_JS}");
    let version = package["devDependencies"][&name]
        .as_str()
        .with_context(|| format!("{PACKAGE} pins no {name}"))?;
    let entry = format!("{COMPONENTIZE_JS}-{version}");
    let tool = |entry: PathBuf| entry.join("node_modules").join(".bin").join(COMPONENTIZE_JS);
    if process::succeeds(Command::new(tool(cache.entry(&entry))).arg("--version")) {
        return Ok(tool(cache.entry(&entry)));
    }
    if !process::succeeds(Command::new("npm").arg("--version")) {
        bail!("no npm found, which installs {name}\n  hint: install Node.js 20 or later with npm");
    }
    say::step(
        "polyglot",
        format!("installing {name} {version} into the cache (390 MB)"),
    );
    let installed = cache.put(&entry, |dir| {
        process::run(
            Command::new("npm")
                .args(["install", "--silent", "--no-audit", "--no-fund", "--prefix"])
                .arg(dir)
                .arg(format!("{name}@{version}")),
        )
        .with_context(|| format!("npm could not install {name} {version}: is the registry reachable?"))
    })?;
    Ok(tool(installed))
}

/// `componentize-py==1.2.3` -> `1.2.3`.
fn pinned(requirements: &str) -> Option<&str> {
    requirements
        .lines()
        .find_map(|line| line.trim().strip_prefix(COMPONENTIZE_PY)?.strip_prefix("=="))
}

#[cfg(test)]
mod tests {
    use super::pinned;

    #[test]
    fn the_pinned_version_is_read() {
        assert_eq!(pinned("# tools\ncomponentize-py==0.25.1\n"), Some("0.25.1"));
        assert_eq!(pinned("componentize-py>=0.25"), None);
        assert_eq!(pinned("other==1\n"), None);
    }
}
