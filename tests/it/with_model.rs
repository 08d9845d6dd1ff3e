//! The demo's model through the torch backend: what a sample depends on, and what it does not.

use std::path::PathBuf;

use restem_tests::restem;
use serde_json::Value;

/// Environment variable with the imported demo model's directory.
const DEMO_MODEL: &str = "RESTEM_DEMO_MODEL";

fn samples(settings: &[&str]) -> Vec<Value> {
    let model =
        std::env::var(DEMO_MODEL).expect("RESTEM_DEMO_MODEL names the model: `cargo xtask test --model`");
    let config = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../examples/word-problems/fast.toml");
    let mut command = restem();
    command
        .arg("generate")
        .arg(config)
        .args(["--progress", "quiet", "--model", &model]);
    for setting in settings {
        command.args(["--set", setting]);
    }
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
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
