//! What `restem plugin new` writes passes its own tests, builds, and gives the rewards that it promises.
//!
//! The three projects share a target directory, which `cargo xtask test` keeps: dependencies compile once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use restem_tests::restem;
use serde_json::Value;

/// Directory for the projects and what cargo makes of them; `cargo xtask test` sets it.
const BUILDS: &str = "RESTEM_TEMPLATE_BUILDS";

/// A project that `restem plugin new` has just written.
struct Project {
    dir: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The project's place is the same every time, so that its build is an incremental one.
    fn new(template: &str, name: &str) -> Self {
        let builds = std::env::var_os(BUILDS).map(PathBuf::from);
        let builds = builds.expect("RESTEM_TEMPLATE_BUILDS names a directory: run `cargo xtask test`");
        let dir = builds.join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir).unwrap();
        }
        fs::create_dir_all(&builds).unwrap();
        let mut new = restem();
        new.args(["plugin", "new", name, "--template", template, "--dir"])
            .arg(&dir);
        succeeds(&mut new);
        // The versions that the workspace is tested with: nothing is resolved or fetched anew.
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, dir.join("Cargo.lock")).unwrap();
        Self {
            dir,
            target: builds.join("target"),
        }
    }

    fn cargo_test(&self) -> String {
        let mut cargo = Command::new("cargo");
        cargo
            .args(["test", "--quiet"])
            .current_dir(&self.dir)
            .env("CARGO_TARGET_DIR", &self.target);
        succeeds(&mut cargo)
    }

    fn build(&self) -> String {
        let mut build = restem();
        build
            .args(["plugin", "build"])
            .arg(&self.dir)
            .env("CARGO_TARGET_DIR", &self.target);
        succeeds(&mut build)
    }

    /// The rewards of the project's own rows.
    fn rewards(&self, args: &[&str]) -> Vec<f64> {
        let mut score = restem();
        score.arg("score").arg("--plugin").arg(&self.dir).args(args);
        score.arg("--input").arg(self.dir.join("rows.jsonl"));
        succeeds(&mut score)
            .lines()
            .map(|line| {
                serde_json::from_str::<Value>(line).unwrap()["reward"]
                    .as_f64()
                    .unwrap()
            })
            .collect()
    }
}

fn succeeds(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}\n{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Tested natively and built.
fn made(template: &str, name: &str) -> Project {
    let project = Project::new(template, name);
    let tests = project.cargo_test();
    assert!(tests.contains("test result: ok"), "{tests}");
    project.build();
    project
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn basic_rewards_the_last_word() {
    let project = made("basic", "last-word");
    assert_eq!(project.rewards(&[]), [1.0, 0.0, 1.0, 0.0, 1.0]);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn llm_answer_rewards_the_final_answer() {
    let project = made("llm-answer", "final-answer");
    assert_eq!(project.rewards(&[]), [1.0, 0.0, 1.0, 1.0, 0.0]);
    let boxed = project.rewards(&["--config", r#"places=["boxed"]"#]);
    assert_eq!(boxed, [1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn code_tests_needs_its_grant() {
    let project = made("code-tests", "passes-tests");
    let mut score = restem();
    score.args(["score", "--plugin"]).arg(&project.dir);
    let output = score.output().unwrap();
    assert!(!output.status.success());
    insta::assert_snapshot!(said(&output), @r#"
    error: `passes-tests.wasm` asks for the capability `python`, which you have not granted
      hint: grant it with `--grant python`, or `grant = ["python"]` in its `[[reward]]` table
    "#);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_panic_names_the_plugin_s_own_file_and_no_directory_of_its_author() {
    let project = Project::new("basic", "panics");
    let source = project.dir.join("src/lib.rs");
    let text = fs::read_to_string(&source).unwrap();
    let text = text.replace(
        "        let wanted = task.reference()?;\n",
        "        let wanted = task.reference()?;\n        let _ = wanted.strip_prefix('P').unwrap();\n",
    );
    fs::write(&source, text).unwrap();
    project.build();
    let mut score = restem();
    score
        .args(["score", "--max-fault-rate", "1", "--plugin"])
        .arg(&project.dir);
    score.arg("--input").arg(project.dir.join("rows.jsonl"));
    let lines = succeeds(&mut score);
    let row: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    let message = row["fault"]["message"].as_str().unwrap();
    assert!(
        message.contains("called `Option::unwrap()` on a `None` value\n  where: src/lib.rs:19\n"),
        "{message}"
    );
    let component = fs::read(project.dir.join("panics.wasm")).unwrap();
    let private = [
        project.dir.clone(),
        PathBuf::from(std::env::var_os("HOME").unwrap()),
    ];
    for dir in private {
        let dir = dir.to_str().unwrap().as_bytes();
        assert!(
            !component.windows(dir.len()).any(|window| window == dir),
            "{dir:?}"
        );
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_source_that_does_not_compile_leaves_the_old_file_alone() {
    let project = Project::new("basic", "broken");
    project.build();
    let wasm = project.dir.join("broken.wasm");
    let before = fs::read(&wasm).unwrap();
    fs::write(project.dir.join("src/lib.rs"), "fn broken(").unwrap();
    let mut build = restem();
    build
        .args(["plugin", "build"])
        .arg(&project.dir)
        .env("CARGO_TARGET_DIR", &project.target);
    let output = build.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = said(&output);
    assert!(said.contains("src/lib.rs:1"), "{said}");
    assert!(
        said.ends_with("error: `broken` does not compile for wasm32-unknown-unknown; cargo said why above\n"),
        "{said}"
    );
    assert_eq!(fs::read(&wasm).unwrap(), before);
}

mod with_python {
    use super::*;

    #[test]
    #[ignore = "needs the interpreter: cargo xtask test --python"]
    fn code_tests_rewards_programs_that_pass() {
        let project = Project::new("code-tests", "passes-tests-in-python");
        project.build();
        let rewards = project.rewards(&["--grant", "python", "--config", "seconds=0.2"]);
        assert_eq!(rewards, [1.0, 0.0, 0.0, 1.0, 0.0]);
    }
}
