//! The demo's model through the torch backend: what a sample depends on, and what it does not.

use std::path::{Path, PathBuf};

use restem_tests::{restem, written};
use serde_json::Value;

/// Environment variable with the imported demo model's directory.
const DEMO_MODEL: &str = "RESTEM_DEMO_MODEL";

fn demo_model() -> PathBuf {
    let model = std::env::var(DEMO_MODEL);
    model
        .expect("RESTEM_DEMO_MODEL names the model: `cargo xtask test --model`")
        .into()
}

fn config() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/word-problems/fast.toml")
}

fn samples(settings: &[&str]) -> Vec<Value> {
    samples_of(&demo_model(), settings)
}

fn samples_of(model: &Path, settings: &[&str]) -> Vec<Value> {
    let mut command = restem();
    command
        .arg("generate")
        .arg(config())
        .args(["--progress", "quiet", "--model"])
        .arg(model);
    for setting in settings {
        command.args(["--set", setting]);
    }
    let text = written(&mut command);
    let mut rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    rows.sort_by_key(|row| (row["id"].to_string(), row["k"].as_u64()));
    rows
}

#[test]
#[ignore = "needs the demo model: cargo xtask test --model"]
fn a_sample_does_not_depend_on_which_others_are_drawn() {
    let many = samples(&["data.train.limit=6", "generate.max_tokens=16"]);
    let few = samples(&[
        "data.train.rows=\"2..4\"",
        "generate.max_tokens=16",
        "generate.samples=2",
    ]);
    assert_eq!((many.len(), few.len()), (24, 4));
    for row in &few {
        assert!(
            many.contains(row),
            "drawn in other company this was different: {row}"
        );
    }
}

#[test]
#[ignore = "needs the demo model: cargo xtask test --model"]
fn the_model_answers_in_the_format_it_is_shown() {
    let rows = samples(&[
        "data.train.limit=4",
        "generate.temperature=0.0",
        "generate.samples=1",
    ]);
    let answered = rows
        .iter()
        .filter(|row| row["completion"].as_str().unwrap().contains("The answer is"));
    assert!(answered.count() >= 3, "{rows:?}");
}

#[test]
#[ignore = "needs the demo model: cargo xtask test --model"]
fn an_adapter_is_trained_sampled_from_merged_and_trained_on() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let rows = (0..8).map(|n| {
        format!(
            "{{\"prompt\": \"Q: {n} + 1?\\nA:\", \"completion\": \" {}\"}}\n",
            n + 1
        )
    });
    std::fs::write(place("rows.jsonl"), rows.collect::<String>()).unwrap();
    let train = |from: &Path, to: &str| {
        let mut command = restem();
        command
            .arg("train")
            .arg(config())
            .args(["--progress", "quiet", "--model"])
            .arg(from);
        command
            .arg("--data")
            .arg(place("rows.jsonl"))
            .arg("--out")
            .arg(place(to));
        for setting in [
            "lora.rank=4",
            "epochs=1",
            "batch_size=4",
            "warmup_steps=0",
            "learning_rate=1e-2",
        ] {
            command.args(["--set", &format!("train.{setting}")]);
        }
        written(&mut command)
    };
    train(&demo_model(), "adapter");
    let size = std::fs::metadata(place("adapter/adapter_model.safetensors"))
        .unwrap()
        .len();
    assert!(size < 10_000_000, "{size} bytes");
    written(
        restem()
            .args(["model", "merge"])
            .arg(place("adapter"))
            .arg(place("merged")),
    );
    let few = [
        "data.train.limit=2",
        "generate.samples=2",
        "generate.max_tokens=8",
    ];
    let (adapted, merged) = (
        samples_of(&place("adapter"), &few),
        samples_of(&place("merged"), &few),
    );
    assert_eq!(adapted, merged);
    assert_ne!(adapted, samples(&few));
    train(&place("adapter"), "further");
    let config = |name: &str| std::fs::read_to_string(place(name).join("adapter_config.json")).unwrap();
    assert_eq!(config("further"), config("adapter"));
}
