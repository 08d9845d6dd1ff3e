//! `restem generate`, `train` and `eval`: one step alone.

use std::fs;

use restem_tests::{World, restem, written};
use serde_json::Value;

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn samples_are_the_same_at_other_batch_sizes_of_the_request_and_can_be_scored() {
    let world = World::new(12);
    let all = written(
        restem()
            .arg("generate")
            .arg(world.config())
            .args(["--progress", "quiet"]),
    );
    let few = written(restem().arg("generate").arg(world.config()).args([
        "--progress",
        "quiet",
        "--set",
        "data.train.limit=3",
    ]));
    let parse = |text: &str| -> Vec<Value> {
        let mut rows: Vec<Value> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        rows.sort_by_key(|row| (row["id"].to_string(), row["k"].as_u64()));
        rows
    };
    let (all, few) = (parse(&all), parse(&few));
    assert_eq!((all.len(), few.len()), (96, 24));
    assert!(
        few.iter().all(|row| all.contains(row)),
        "a sample depends on which others are drawn"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_model_trained_on_rows_evaluates_better() {
    let world = World::new(10);
    let rows: String = (0..40)
        .map(|i| {
            serde_json::json!({"prompt": format!("{};", i % 10), "completion": format!("{}<end>", i % 10)})
                .to_string()
                + "\n"
        })
        .collect();
    fs::write(world.path("rows.jsonl"), rows).unwrap();
    let config = world.config();
    written(
        restem()
            .arg("train")
            .arg(&config)
            .arg("--data")
            .arg(world.path("rows.jsonl"))
            .arg("--out")
            .arg(world.path("tuned"))
            .args(["--progress", "quiet"]),
    );
    let pass_at_1 = |model: &str| {
        let json = written(
            restem()
                .arg("eval")
                .arg(&config)
                .arg("--model")
                .arg(world.path(model))
                .args(["--json", "--progress", "quiet"]),
        );
        let value: Value = serde_json::from_str(&json).unwrap();
        value["greedy"][1]["pass_at_1"]["value"].as_f64().unwrap()
    };
    assert!(pass_at_1("tuned") > pass_at_1("model"));
}
