//! `cargo xtask test`: doc tests, then every test of the workspace with the built plugins and backend at hand.
//!
//! Tests that need more than a checkout are `#[ignore]`d, so that plain `cargo test` passes anywhere, and stand in a
//! module whose name says what they need. This command provides it and runs them. It tests the release profile, which the
//! binary and the backend are built in anyway: dependencies compile once. Plain `cargo test` checks overflows as well.

use std::process::Command;

use anyhow::Result;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, env_vars, exports, polyglot, process, say, setup};

/// What a test may need beyond what this command always builds.
pub(crate) struct Extras {
    /// Files of ../shared/data; tests in `with_data` modules.
    pub(crate) data: bool,
    /// The imported demo model; tests in `with_model` modules.
    pub(crate) model: bool,
    /// The installed Python interpreter; tests in `with_python` modules.
    pub(crate) python: bool,
    /// The built plugins in Python and JavaScript; tests in `with_polyglot` modules.
    pub(crate) polyglot: bool,
}

impl Extras {
    /// Modules whose tests stay out.
    fn left_out(&self) -> Vec<&'static str> {
        let mut modules = Vec::new();
        if !self.data {
            modules.push("with_data");
        }
        if !self.model {
            modules.push("with_model");
        }
        if !self.python {
            modules.push("with_python");
        }
        if !self.polyglot {
            modules.push("with_polyglot");
        }
        modules
    }
}

/// Sets up, builds and tests. The runner's closing line is the last thing printed.
///
/// # Errors
/// When a step before the tests fails, or a test does.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, extras: &Extras) -> Result<()> {
    let libtorch = setup::libtorch(cache)?;
    artifacts::build(workspace, cache)?;
    let mut variables = exports::of_home(workspace);
    variables.push((env_vars::LIBTORCH, libtorch.directory.clone().into()));
    // Tests of plugins/torch link libtorch directly; the restem binary loads it by path and needs no search path.
    let library_path = libtorch.directory.join("lib");
    variables.push((env_vars::LD_LIBRARY_PATH, library_path.into()));
    // Tests share the cores: threads that spin while they wait for one another took most of their time.
    variables.push((env_vars::OMP_WAIT_POLICY, "passive".into()));
    if extras.model {
        variables.push((env_vars::DEMO_MODEL, setup::demo_model(workspace, cache)?.into()));
    }
    if extras.polyglot {
        let directory = polyglot::build(workspace, cache)?;
        variables.push((env_vars::POLYGLOT, directory.into()));
    }
    if extras.python {
        variables.push((env_vars::PYTHON_CACHE, setup::python(workspace, cache)?.into()));
    }

    say::step("test", "doc tests");
    process::run(
        process::cargo(workspace.root())
            .args(["test", "--release", "--workspace", "--doc", "--quiet"])
            .envs(variables.iter().cloned()),
    )?;
    let left_out = extras.left_out();
    say::step(
        "test",
        if left_out.is_empty() {
            "all tests".to_owned()
        } else {
            without(&left_out)
        },
    );
    let mut command = process::cargo(workspace.root());
    if process::succeeds(process::cargo(workspace.root()).args(["nextest", "--version"])) {
        nextest(&mut command, &left_out);
    } else {
        libtest(&mut command, &left_out);
    }
    process::run(command.envs(variables))
}

fn without(left_out: &[&str]) -> String {
    let flags: Vec<_> = left_out
        .iter()
        .map(|module| module.replace("with_", "--"))
        .collect();
    format!(
        "tests (those in {} modules run with {})",
        left_out.join(" and "),
        flags.join(" ")
    )
}

fn nextest(command: &mut Command, left_out: &[&str]) {
    command.args([
        "nextest",
        "run",
        "--release",
        "--workspace",
        "--no-fail-fast",
        "--run-ignored",
        "all",
    ]);
    if !left_out.is_empty() {
        command.args(["-E", &format!("not test(/\\b({})::/)", left_out.join("|"))]);
    }
}

fn libtest(command: &mut Command, left_out: &[&str]) {
    command.args([
        "test",
        "--release",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--no-fail-fast",
    ]);
    command.args(["--", "--include-ignored"]);
    for module in left_out {
        command.arg("--skip").arg(format!("{module}::"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(fill: impl FnOnce(&mut Command)) -> String {
        let mut command = Command::new("cargo");
        fill(&mut command);
        command
            .get_args()
            .map(|argument| argument.to_string_lossy())
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn suites_that_need_data_or_the_model_stay_out_unless_asked_for() {
        let left_out = Extras {
            data: false,
            model: false,
            python: false,
            polyglot: false,
        }
        .left_out();
        assert!(
            arguments(|command| nextest(command, &left_out))
                .ends_with(r"-E not test(/\b(with_data|with_model|with_python|with_polyglot)::/)")
        );
        assert!(
            arguments(|command| libtest(command, &left_out)).ends_with(
                "--skip with_data:: --skip with_model:: --skip with_python:: --skip with_polyglot::"
            )
        );
    }

    #[test]
    fn with_all_flags_nothing_is_filtered() {
        let left_out = Extras {
            data: true,
            model: true,
            python: true,
            polyglot: true,
        }
        .left_out();
        assert!(arguments(|command| nextest(command, &left_out)).ends_with("--run-ignored all"));
    }

    #[test]
    fn the_flag_that_brings_a_suite_back_is_named() {
        assert_eq!(
            without(&["with_data"]),
            "tests (those in with_data modules run with --data)"
        );
    }
}
