//! `cargo xtask demo`: the whole loop on a real model, from nothing to a report.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, env_vars, exports, process, say, setup};

/// How much to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// Sizes at which the gain shows outside its interval.
    Full,
    /// A few minutes; proves that the parts meet and claims nothing about learning.
    Fast,
}

impl Size {
    fn config(self) -> &'static str {
        match self {
            Self::Full => "restem.toml",
            Self::Fast => "fast.toml",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Full => "demo",
            Self::Fast => "demo-fast",
        }
    }
}

/// Sets up, builds, and runs `examples/word-problems` into `out` (default: a new directory below `runs/`). A run that
/// was stopped in `out` is gone on with.
///
/// # Errors
/// When a step fails.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, size: Size, out: Option<PathBuf>) -> Result<()> {
    let libtorch = setup::libtorch(cache)?;
    artifacts::build(workspace, cache)?;
    let model = setup::demo_model(workspace, cache)?;
    let config = workspace
        .root()
        .join("examples")
        .join("word-problems")
        .join(size.config());
    let out = match out {
        // Relative to where the user stands: the program below starts in the same directory.
        Some(directory) => std::path::absolute(directory)?,
        None => unused(workspace.root().join("runs"), size.name()),
    };
    let mut command = Command::new(workspace.restem());
    command.arg("run").arg(&config).arg("--out").arg(&out);
    command
        .arg("--set")
        .arg(format!("model.path={}", model.display()));
    if out.exists() {
        command.arg("--resume");
    }
    command
        .envs(exports::of_home(workspace))
        .env(env_vars::LIBTORCH, &libtorch.directory);
    say::step(
        "demo",
        format!("running {} into {}", config.display(), out.display()),
    );
    process::run(&mut command)?;
    say::step(
        "demo",
        format!("tables, charts and report are in {}", out.display()),
    );
    Ok(())
}

/// `base/name`, or the first of `base/name-2`, `base/name-3`, … that does not exist.
fn unused(base: PathBuf, name: &str) -> PathBuf {
    let mut candidate = base.join(name);
    let mut number = 2;
    while candidate.exists() {
        candidate = base.join(format!("{name}-{number}"));
        number += 1;
    }
    candidate
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_second_demo_does_not_touch_the_first_ones_results() {
        let dir = TempDir::new().unwrap();
        let first = unused(dir.path().to_owned(), "demo");
        std::fs::create_dir(&first).unwrap();
        assert_eq!(unused(dir.path().to_owned(), "demo"), dir.path().join("demo-2"));
    }
}
