//! The torch backend in the whole loop, with a model small enough for seconds.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use restem_tests::{World, restem, write_tiny_llama, written};
use serde_json::Value;

/// A world whose model the torch backend runs.
fn world(problems: usize) -> World {
    let world = World::new(problems);
    write_tiny_llama(&world.path("llama"), &world.path("model"));
    world
}

/// A command on that world.
fn command(world: &World, name: &str, settings: &[&str]) -> Command {
    let mut command = restem();
    command
        .arg(name)
        .arg(world.config())
        .args(["--progress", "quiet"])
        .stdin(Stdio::null());
    let model = format!("model.path={}", world.path("llama").display());
    let common = [
        model.as_str(),
        "model.backend=torch",
        "model.options.threads=1",
        "run.compare=[]",
        "train.learning_rate=1e-3",
    ];
    for setting in common.iter().chain(settings) {
        command.args(["--set", setting]);
    }
    command
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The weights of both iterations of a run.
fn weights(world: &World, file: &str) -> [Vec<u8>; 2] {
    [1, 2].map(|i| fs::read(world.path(format!("run/checkpoints/iteration-{i}/{file}"))).unwrap())
}

/// Checks that a run went through two iterations, each of which trained and was evaluated.
fn assert_two_iterations(world: &World) {
    let summary = json(&world.path("run/summary.json"));
    for arm in ["iteration-1", "iteration-2"] {
        let arms = summary["arms"].as_array().unwrap();
        let found = arms.iter().find(|found| found["arm"] == arm).unwrap();
        assert!(
            found["trained"]["report"]["steps"].as_u64().unwrap() > 0,
            "{found}"
        );
        assert_eq!(found["greedy"][1]["problems"], 40, "{found}");
    }
}

#[test]
#[ignore = "needs the torch backend: cargo xtask test"]
fn adapters_and_whole_weights_go_through_two_iterations_from_either_start() {
    for (kind, file, settings) in [
        (
            "adapters",
            "adapter_model.safetensors",
            &["train.lora.rank=4"][..],
        ),
        ("weights", "model.safetensors", &[][..]),
    ] {
        let trained = ["base", "previous"].map(|start| {
            let world = world(20);
            let start = format!("run.start={start}");
            written(&mut command(&world, "run", &[settings, &[&start]].concat()));
            assert_two_iterations(&world);
            // The run is resumed from what it wrote alone, adapters included.
            written(command(&world, "run", &[settings, &[&start]].concat()).arg("--resume"));
            (weights(&world, file), world)
        });
        let [([first, second], world), ([same_first, continued], _)] = &trained;
        assert!(
            first == same_first,
            "{kind}: the first iteration starts from the base either way"
        );
        assert!(second != continued, "{kind}: the second one does not");
        assert!(first != second && first != continued, "{kind}");
        // Samples of tuned weights, adapters among them, end as those of the base do.
        let ended = |i: u32| {
            let path = format!("run/journal/iteration-{i}/train-samples/samples.jsonl");
            let text = fs::read_to_string(world.path(path)).unwrap();
            text.matches(r#""finish":"stop""#).count()
        };
        assert!(
            ended(1) > 150 && ended(2) > 150,
            "{kind}: {} and {} of 160",
            ended(1),
            ended(2)
        );
        if kind == "adapters" {
            let config = json(&world.path("run/checkpoints/iteration-2/adapter_config.json"));
            assert_eq!(config["r"], 4);
            assert_eq!(
                config["base_model_name_or_path"],
                world.path("llama").to_str().unwrap()
            );
            assert!(
                !world
                    .path("run/checkpoints/iteration-2/model.safetensors")
                    .exists()
            );
        }
    }
}

#[test]
#[ignore = "needs the torch backend: cargo xtask test"]
fn samples_and_training_are_the_same_on_one_copy_and_on_two() {
    for dtype in ["f32", "bf16"] {
        let dtype = format!("model.dtype={dtype}");
        let results = [r#"["cpu"]"#, r#"["cpu", "cpu"]"#].map(|devices| {
            let world = world(20);
            let device = format!("model.device={devices}");
            let settings = [
                dtype.as_str(),
                &device,
                "generate.temperature=1.0",
                "run.max_iterations=1",
            ];
            let text = written(&mut command(&world, "generate", &settings));
            let mut rows: Vec<&str> = text.lines().collect();
            rows.sort_unstable();
            assert_eq!(rows.len(), 160);
            written(&mut command(&world, "run", &settings));
            let report = fs::read_to_string(world.path("run/report.md")).unwrap();
            let digest = report
                .lines()
                .find(|line| line.contains("digest of all samples and verdicts"));
            let weights = fs::read(world.path("run/checkpoints/iteration-1/model.safetensors")).unwrap();
            assert_eq!(
                report.contains("on each of 2 devices"),
                devices.len() > 8,
                "{report}"
            );
            (rows.join("\n"), digest.unwrap().to_owned(), weights)
        });
        assert!(results[0] == results[1], "{dtype}");
    }
}

#[test]
#[ignore = "needs the torch backend: cargo xtask test"]
fn a_killed_training_goes_on_with_the_same_arithmetic_only() {
    let world = world(4);
    let rows = (0..400).map(|i| {
        let digit = i % 10;
        format!("{{\"prompt\": \"{digit};\", \"completion\": \"{digit}<end>\"}}\n")
    });
    fs::write(world.path("rows.jsonl"), rows.collect::<String>()).unwrap();
    let train = |settings: &[&str]| {
        let mut command = command(&world, "train", settings);
        command.arg("--data").arg(world.path("rows.jsonl"));
        command.arg("--out").arg(world.path("tuned"));
        command
    };
    let mut child = train(&["train.checkpoint_every=5"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let progress = world.path(".tuned.progress/progress.json");
    while !progress.exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "nothing is saved");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!world.path("tuned").exists(), "it ended before the kill");

    let output = train(&["model.dtype=bf16", "model.options.threads=2"])
        .output()
        .unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(
        error.contains("model.dtype: begun with f32, now bf16")
            && error.contains("model.options.threads: begun with 1, now 2")
            && error.contains("hint: "),
        "{error}"
    );
    // How often it is saved may change; the weights are those of a training that was never killed.
    written(&mut train(&["train.checkpoint_every=100"]));
    let killed = fs::read(world.path("tuned/model.safetensors")).unwrap();
    fs::remove_dir_all(world.path("tuned")).unwrap();
    written(&mut train(&[]));
    assert!(killed == fs::read(world.path("tuned/model.safetensors")).unwrap());
}
