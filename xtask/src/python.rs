//! The active Python: what it has installed, and its pip as a downloader.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{env_vars, process};

/// Wheels are asked for by these tags, not by those of the running interpreter: only shared libraries and data are
/// taken out of them, so any Python with pip will do and their digests can be pinned.
const WHEEL_TAGS: [&str; 14] = [
    "--python-version",
    "3.11",
    "--implementation",
    "cp",
    "--abi",
    "cp311",
    "--platform",
    "manylinux_2_28_x86_64",
    "--platform",
    "manylinux_2_25_x86_64",
    "--platform",
    "manylinux_2_17_x86_64",
    "--platform",
    "manylinux2014_x86_64",
];

/// An interpreter that answered.
pub(crate) struct Python {
    program: PathBuf,
}

impl Python {
    /// `python` of the active virtual environment, else `python3` of the search path.
    pub(crate) fn active() -> Option<Self> {
        let program = match std::env::var_os(env_vars::VIRTUAL_ENV) {
            Some(environment) => Path::new(&environment).join("bin").join("python"),
            None => PathBuf::from("python3"),
        };
        process::succeeds(Command::new(&program).arg("--version")).then_some(Self { program })
    }

    /// The interpreter at a path.
    pub(crate) fn at(program: PathBuf) -> Self {
        Self { program }
    }

    /// A command that starts the interpreter.
    pub(crate) fn command(&self) -> Command {
        Command::new(&self.program)
    }

    /// Version and folder of an installed distribution's package. Reads metadata and imports nothing: `import torch`
    /// alone takes seconds.
    pub(crate) fn installed(&self, package: &str) -> Option<(String, PathBuf)> {
        const ASK: &str = "import sys, importlib.util as u, importlib.metadata as m\n\
                           name = sys.argv[1]\n\
                           print(m.version(name))\n\
                           print(u.find_spec(name).submodule_search_locations[0])";
        let answer = process::capture(self.command().args(["-c", ASK, package])).ok()?;
        let (version, folder) = answer.split_once('\n')?;
        Some((version.trim().to_owned(), PathBuf::from(folder.trim())))
    }

    /// Downloads wheels, without their dependencies, into `directory`.
    ///
    /// # Errors
    /// When pip is missing, older than 21, or the download fails.
    pub(crate) fn download(&self, requirements: &[&str], directory: &Path) -> Result<()> {
        self.check_pip()?;
        process::run(
            self.command()
                .args([
                    "-m",
                    "pip",
                    "download",
                    "--quiet",
                    "--progress-bar",
                    "off",
                    "--no-cache-dir",
                ])
                .args(["--no-deps", "--only-binary", ":all:"])
                .args(WHEEL_TAGS)
                .arg("--dest")
                .arg(directory)
                .args(requirements),
        )
        .with_context(|| {
            format!(
                "pip could not download {}: is the package index reachable?",
                requirements.join(", ")
            )
        })
    }

    fn check_pip(&self) -> Result<()> {
        let Ok(answer) = process::capture(self.command().args(["-m", "pip", "--version"])) else {
            bail!(
                "{} has no pip, which is what downloads here\n  hint: `python3 -m ensurepip`, or on Debian \
                 `apt-get install python3-pip`",
                self.program.display()
            );
        };
        match pip_major(&answer) {
            Some(major) if major < 21 => bail!(
                "{answer} is too old: it does not know today's wheel tags (21 or later does)\n  hint: `{} -m pip \
                 install --upgrade pip` in a virtual environment",
                self.program.display()
            ),
            _ => Ok(()),
        }
    }
}

/// The active Python, or an error that says what it was wanted for.
///
/// # Errors
/// When there is none.
pub(crate) fn required_for(what: &str) -> Result<Python> {
    Python::active().with_context(|| {
        format!(
            "no python3 found; {what} comes from the Python package index\n  hint: install Python 3 with pip"
        )
    })
}

/// `pip 23.2.1 from … (python 3.11)` -> 23.
fn pip_major(answer: &str) -> Option<u32> {
    answer.strip_prefix("pip ")?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_pip_is_read_from_its_own_words() {
        assert_eq!(
            pip_major("pip 23.2.1 from /usr/lib/python3/dist-packages/pip (python 3.11)"),
            Some(23)
        );
        assert_eq!(pip_major("pip 9.0.1 from …"), Some(9));
        assert_eq!(pip_major("zsh: command not found: pip"), None);
    }
}
