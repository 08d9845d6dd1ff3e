//! The native interpreters that the sandbox is compared with.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::process;
use crate::python::{self, Python};

/// The interpreter that distributions install; theirs are mostly built with profiles.
const SYSTEM: &str = "/usr/bin/python3";

/// A CPython of this machine.
pub(crate) struct Native {
    /// The interpreter itself: a wrapper that looks for it would be measured as well.
    pub(crate) python: Python,
    /// Such as `CPython 3.11.7 (python3)`.
    pub(crate) name: String,
    path: PathBuf,
}

/// `python3` of the search path, and the system's if that is another one.
///
/// # Errors
/// When there is no Python.
pub(crate) fn find() -> Result<(Native, Option<Native>)> {
    let plain = Native::ask(
        &python::required_for("the comparison with native runs")?,
        "`python3`",
    )?;
    let system = Native::ask(&Python::at(SYSTEM.into()), &format!("`{SYSTEM}`")).ok();
    let system = system.filter(|system| system.path != plain.path);
    Ok((plain, system))
}

impl Native {
    fn ask(python: &Python, place: &str) -> Result<Self> {
        const ASK: &str = "import os, platform, sys\n\
                           print(os.path.realpath(sys.executable))\n\
                           print(platform.python_implementation(), platform.python_version())";
        let answer = process::capture(python.command().args(["-I", "-c", ASK]))?;
        let (path, version) = answer.split_once('\n').context("Python says nothing of itself")?;
        Ok(Self {
            python: Python::at(path.into()),
            name: format!("{version} ({place})"),
            path: path.into(),
        })
    }
}
