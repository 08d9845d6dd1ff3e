//! `restem run`: it learns, it resumes after any kill with the same result, it keeps others out.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::Instant;

use restem_em::Seed;
use restem_tests::{World, restem};
use serde_json::Value;

fn run(world: &World) -> Command {
    let mut command = restem();
    command
        .arg("run")
        .arg(world.config())
        .args(["--progress", "plain"])
        .stdin(Stdio::null());
    command
}

fn finished(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

fn summary(run: &Path) -> Value {
    serde_json::from_slice(&fs::read(run.join("summary.json")).unwrap()).unwrap()
}

fn pass_at_1(summary: &Value, arm: &str) -> f64 {
    let arms = summary["arms"].as_array().unwrap();
    let arm = arms.iter().find(|a| a["arm"] == arm).unwrap();
    arm["greedy"][1]["pass_at_1"]["value"].as_f64().unwrap()
}

/// Fails with the first part that differs: the summary, a training set.
fn assert_same_result(run: &Path, expected: &Path) {
    let (found, wanted) = (summary(run), summary(expected));
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&found[key], value, "`{key}` of the summary");
    }
    let files = |run: &Path| -> Vec<String> {
        let names = fs::read_dir(run.join("datasets"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    };
    assert_eq!(files(run), files(expected));
    for name in files(run) {
        let read = |run: &Path| fs::read(run.join("datasets").join(&name)).unwrap();
        assert!(read(run) == read(expected), "dataset {name} differs");
    }
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn self_training_beats_the_base_and_writes_what_people_look_for() {
    let world = World::new(40);
    let output = finished(&mut run(&world));
    let table = String::from_utf8(output.stdout).unwrap();
    assert!(
        table.contains("iteration-1") && table.contains("random-kept"),
        "{table}"
    );
    let run = world.path("run");
    let summary = summary(&run);
    let best = summary["best"].as_str().unwrap().to_owned();
    assert!(pass_at_1(&summary, &best) > pass_at_1(&summary, "base"));
    for name in [
        "config.toml",
        "restem.lock",
        "report.html",
        "report.md",
        "metrics.jsonl",
        "datasets/iteration-1.jsonl",
        "datasets/iteration-1.parquet",
        "checkpoints/iteration-1/model.safetensors",
    ] {
        assert!(run.join(name).exists(), "{name} is missing");
    }
    let rows = fs::read_to_string(run.join("datasets/iteration-1.jsonl")).unwrap();
    let row: Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert!(
        row["prompt"].is_string() && row["completion"].as_str().unwrap().ends_with("<end>"),
        "{row}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn adapters_that_the_backend_can_not_train_are_refused_before_the_run_begins() {
    let world = World::new(4);
    let output = run(&world).args(["--set", "train.lora.rank=8"]).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(
        error.contains("[train.lora] can't be followed") && error.contains("unknown backend option `lora`"),
        "{error}"
    );
    assert!(!world.path("run").exists());
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn rows_that_were_measured_are_kept_by_a_resumed_run() {
    let world = World::new(4);
    let measured = ["--set", "model.options.rows=auto"];
    finished(run(&world).args(measured));
    let output = finished(run(&world).arg("--resume").args(measured));
    assert!(String::from_utf8_lossy(&output.stderr).contains("decode rows: 8"));
    let lock: Value =
        serde_json::from_slice(&fs::read(world.path("run").join("restem.lock")).unwrap()).unwrap();
    assert_eq!(lock["generator"]["rows"], 8);
    assert_eq!(lock["settings"]["model"]["options"]["rows"], "auto");
    let other = run(&world)
        .args(["--resume", "--set", "model.options.rows=4"])
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&other.stderr).contains("generator.rows: begun with 8, now 4"));
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_run_is_not_resumed_with_other_instructions() {
    let world = World::new(4);
    finished(&mut run(&world));
    let path = world.path("run").join("restem.lock");
    let mut lock: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    lock["generator"]["instructions"] = "AVX2".into();
    fs::write(&path, lock.to_string()).unwrap();
    let output = run(&world).arg("--resume").output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(
        error.contains(r#"generator.instructions: begun with "AVX2", now """#),
        "{error}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn twenty_random_kills_change_nothing() {
    let whole = World::new(40);
    let begun = Instant::now();
    finished(&mut run(&whole));
    let duration = begun.elapsed();
    let expected = whole.path("run");

    let mut seed = Seed(20);
    let mut kills = 0;
    let mut world = World::new(40);
    while kills < 20 {
        seed = seed.derive(&["kill"]);
        let mut child = run(&world)
            .arg("--resume")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(duration.mul_f64((seed.0 % 1000) as f64 / 1000.0));
        child.kill().unwrap();
        let status = child.wait().unwrap();
        kills += 1;
        if status.success() {
            // It had ended before the kill: compare, and begin anew.
            assert_same_result(&world.path("run"), &expected);
            world = World::new(40);
        }
    }
    finished(run(&world).arg("--resume"));
    assert_same_result(&world.path("run"), &expected);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_second_process_and_a_changed_setting_are_refused() {
    let world = World::new(40);
    finished(&mut run(&world));
    let again = run(&world).output().unwrap();
    assert!(!again.status.success());
    let error = String::from_utf8(again.stderr).unwrap();
    assert!(error.contains("--resume"), "{error}");
    let changed = run(&world)
        .args(["--resume", "--set", "generate.samples=9"])
        // Other rows of the same file.
        .args(["--set", "data.train.limit=3"])
        .output()
        .unwrap();
    let error = String::from_utf8(changed.stderr).unwrap();
    assert!(
        error.contains("generate.samples: begun with 8, now 9")
            && error.contains("data.train.limit: begun with "),
        "{error}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_finished_run_replays_with_identical_verdicts() {
    let world = World::new(20);
    finished(&mut run(&world));
    let output = finished(restem().arg("replay").arg(world.path("run")));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(" 0 changed"), "{text}");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn the_best_checkpoint_outlives_the_strictest_retention() {
    let world = World::new(20);
    finished(run(&world).args([
        "--set",
        "run.keep_checkpoints=last",
        "--set",
        "run.max_iterations=4",
    ]));
    let best = summary(&world.path("run"))["best"].as_str().unwrap().to_owned();
    assert!(world.path("run/checkpoints").join(best).exists());
    assert!(
        fs::read_dir(world.path("run/checkpoints")).unwrap().count() <= 4,
        "2 iterations and 2 comparisons"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn nothing_selected_stops_with_a_hint() {
    let world = World::new(10);
    let wrong = fs::read_to_string(world.path("train.jsonl"))
        .unwrap()
        .replace("\"reference\":\"", "\"reference\":\"x");
    fs::write(world.path("train.jsonl"), wrong).unwrap();
    let output = run(&world).output().unwrap();
    assert!(!output.status.success());
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        error.contains("kept none of 80 samples") && error.contains("hint:"),
        "{error}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_dry_run_prints_the_plan_and_leaves_nothing() {
    let world = World::new(10);
    let output = finished(run(&world).arg("--dry-run"));
    let plan = String::from_utf8(output.stdout).unwrap();
    assert!(plan.contains("10 problems x 8 samples = 80"), "{plan}");
    assert!(!world.path("run").exists());
}
