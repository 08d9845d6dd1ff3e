//! Python and JavaScript: the tools that put an interpreter and a module into a component.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use restem_reward::Manifest;

use super::builder::Built;

/// A tool and how it is asked.
#[derive(Debug)]
pub(crate) struct Tool {
    /// The module that a plugin of this language is.
    pub(crate) source: &'static str,
    program: &'static str,
    /// Where a project has its own copy, relative to it.
    own: &'static str,
    /// The command that installs one.
    install: &'static str,
    /// Arguments before the path of the component.
    args: &'static [&'static str],
}

/// componentize-py. The module is run once while it builds.
pub(crate) const PYTHON: Tool = Tool {
    source: "scorer.py",
    program: "componentize-py",
    own: ".venv/bin/componentize-py",
    install: "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt",
    args: &[
        "--quiet",
        "-d",
        "wit",
        "-w",
        "plugin",
        "componentize",
        "scorer",
        "-o",
    ],
};

/// componentize-js, with everything of the engine disabled that would import WASI.
pub(crate) const JAVASCRIPT: Tool = Tool {
    source: "scorer.js",
    program: "componentize-js",
    own: "node_modules/.bin/componentize-js",
    install: "npm install",
    args: &[
        "scorer.js",
        "--wit",
        "wit",
        "--world-name",
        "plugin",
        "--disable",
        "stdio",
        "random",
        "clocks",
        "http",
        "fetch-event",
        "--out",
    ],
};

/// Builds the module in `dir`, whose name and version its `plugin.toml` gives.
///
/// # Errors
/// When there is no manifest or no tool, or the tool refuses the sources.
pub(crate) fn build(dir: &Path, tool: &Tool) -> anyhow::Result<Built> {
    let manifest = Manifest::within(dir)?.with_context(|| {
        format!(
            "{} has no plugin.toml\n  hint: write one with `name` and `version`",
            dir.display()
        )
    })?;
    // The tool runs in `dir`: its own path must not depend on where this command does.
    let dir = dir
        .canonicalize()
        .with_context(|| format!("{} can't be entered", dir.display()))?;
    let program = find(&dir, tool, env::var_os("PATH"))?;
    let scratch = tempfile::tempdir()?;
    let wasm = scratch.path().join("plugin.wasm");
    let status = Command::new(&program)
        .args(tool.args)
        .arg(&wasm)
        .current_dir(&dir)
        .stdin(Stdio::null())
        // What a tool says of its progress is no data.
        .stdout(Stdio::null())
        .status()
        .with_context(|| format!("{} can't be started", program.display()))?;
    if !status.success() {
        bail!("{} does not build; {} said why above", tool.source, tool.program);
    }
    let bytes = fs::read(&wasm).with_context(|| format!("{} left no component", tool.program))?;
    Ok(Built {
        name: manifest.name,
        version: manifest.version.unwrap_or_default(),
        how: tool.program.to_owned(),
        bytes,
    })
}

/// The project's own copy of the tool, else the one of the search path.
fn find(dir: &Path, tool: &Tool, search_path: Option<OsString>) -> anyhow::Result<PathBuf> {
    let own = dir.join(tool.own);
    let elsewhere = search_path
        .iter()
        .flat_map(env::split_paths)
        .map(|folder| folder.join(tool.program));
    let found = std::iter::once(own.clone())
        .chain(elsewhere)
        .find(|path| path.is_file());
    found.with_context(|| {
        format!(
            "{} is built with {}, and there is none: neither {} nor in the search path\n  hint: in {}, run `{}`",
            tool.source,
            tool.program,
            own.display(),
            dir.display(),
            tool.install
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_s_own_tool_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        let elsewhere = dir.path().join("elsewhere");
        let path = Some(elsewhere.clone().into_os_string());
        fs::create_dir_all(&elsewhere).unwrap();
        fs::write(elsewhere.join(PYTHON.program), "").unwrap();
        assert_eq!(
            find(dir.path(), &PYTHON, path.clone()).unwrap(),
            elsewhere.join(PYTHON.program)
        );
        let own = dir.path().join(PYTHON.own);
        fs::create_dir_all(own.parent().unwrap()).unwrap();
        fs::write(&own, "").unwrap();
        assert_eq!(find(dir.path(), &PYTHON, path).unwrap(), own);
    }

    #[test]
    fn a_missing_tool_comes_with_the_command_that_installs_it() {
        let error = find(Path::new("mine"), &JAVASCRIPT, None).unwrap_err();
        insta::assert_snapshot!(error, @"scorer.js is built with componentize-js, and there is none: neither mine/node_modules/.bin/componentize-js nor in the search path
  hint: in mine, run `npm install`");
    }
}
