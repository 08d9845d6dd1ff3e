//! `restem report`: a finished run shown again, also by kind of problem.

use std::fs;
use std::process::{Command, Output};

use restem_tests::{World, restem};

fn finished_run() -> World {
    let world = World::new(20);
    let output = restem()
        .arg("run")
        .arg(world.config())
        .args(["--progress", "quiet", "--set", "run.max_iterations=1"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    world
}

fn report(world: &World) -> Command {
    let mut command = restem();
    command.arg("report").arg(world.path("run"));
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn failed(output: &Output) -> String {
    assert!(!output.status.success());
    text(&output.stderr)
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn results_are_told_apart_by_a_key_of_the_problems() {
    let world = finished_run();
    let output = report(&world)
        .args(["--markdown", "--by", "parity"])
        .output()
        .unwrap();
    let shown = text(&output.stdout);
    let (_, table) = shown.split_once("held-out, correct by `parity`:").unwrap();
    assert!(
        table.contains("| arm | parity = even | parity = odd |"),
        "{table}"
    );
    let summary: serde_json::Value =
        serde_json::from_slice(&fs::read(world.path("run/summary.json")).unwrap()).unwrap();
    for arm in summary["arms"].as_array().unwrap() {
        let name = arm["arm"].as_str().unwrap();
        let row = table
            .lines()
            .find(|line| line.starts_with(&format!("| {name} |")))
            .unwrap();
        let outcomes = arm["greedy"][1]["outcomes"].as_array().unwrap();
        let correct = outcomes
            .iter()
            .filter(|outcome| outcome["correct"] == true)
            .count();
        let counted: usize = row
            .split('|')
            .filter_map(|cell| cell.trim().strip_suffix(" of 20"))
            .map(|count| count.parse::<usize>().unwrap())
            .sum();
        assert_eq!(counted, correct, "{row}");
    }
    let error = failed(&report(&world).args(["--by", "colour"]).output().unwrap());
    insta::assert_snapshot!(error, @"error: --by colour: no validation or test problem has `colour` in its metadata");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn moved_datasets_cost_the_questions_and_say_so() {
    let world = finished_run();
    fs::rename(world.path("test.jsonl"), world.path("elsewhere.jsonl")).unwrap();
    let output = report(&world).output().unwrap();
    assert!(output.status.success());
    let note = text(&output.stderr);
    assert!(
        note.starts_with("note: the questions of the samples are left out: ") && note.contains("test.jsonl"),
        "{note}"
    );
    let error = failed(&report(&world).args(["--by", "parity"]).output().unwrap());
    assert!(
        error.starts_with("error: --by needs the run's datasets"),
        "{error}"
    );
}
