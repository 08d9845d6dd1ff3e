//! The human solutions of APPS in the sandbox: `cargo xtask test --data --python`.
//!
//! `failing_human_solutions.tsv` lists those that fail their own tests, here and under native CPython alike, with the reason.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::with_python::verdicts;

const FAILING: &str = include_str!("failing_human_solutions.tsv");

/// A row for each human solution, named `problem/index`.
fn rows() -> Vec<Value> {
    let folder = std::env::var_os("RESTEM_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join("apps_with_solutions.jsonl.gz");
    let file = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut rows = Vec::new();
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let problem: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let tests = match &problem["input_output"] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        for (index, solution) in problem["solutions"].as_array().unwrap().iter().enumerate() {
            rows.push(json!({
                "id": format!("{}/{index}", problem["problem_id"]),
                "metadata": {"input_output": tests},
                "completion": solution,
            }));
        }
    }
    rows
}

/// Why a program did not pass, in a word.
fn reason(verdict: &Value) -> &'static str {
    let note = verdict["note"].as_str().unwrap_or_default();
    let reasons = [
        ("does not compile", "syntax"),
        ("gcd", "fractions.gcd"),
        ("FileNotFoundError", "reads a file"),
        ("ran out of time", "time"),
        ("should be", "other answer"),
    ];
    reasons
        .iter()
        .find(|(text, _)| note.contains(text))
        .map_or("another", |(_, reason)| reason)
}

#[test]
#[ignore = "needs ../shared/data and the interpreter: cargo xtask test --data --python"]
fn every_human_solution_passes_or_fails_as_under_native_cpython() {
    let rows = rows();
    assert_eq!(rows.len(), 1375);
    let input: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let verdicts = verdicts(&["--config", "extract=whole"], &input);
    let mut failing = BTreeMap::new();
    for verdict in &verdicts {
        assert_eq!(verdict["status"], "scored", "{verdict}");
        if verdict["reward"] != 1.0 {
            failing.insert(verdict["id"].as_str().unwrap(), reason(verdict));
        }
    }
    let listed: BTreeMap<_, _> = FAILING.lines().filter_map(|line| line.split_once('\t')).collect();
    let (more, fewer): (Vec<_>, Vec<_>) = (
        failing
            .iter()
            .filter(|(id, reason)| listed.get(*id) != Some(reason))
            .collect(),
        listed
            .iter()
            .filter(|(id, reason)| failing.get(*id) != Some(reason))
            .collect(),
    );
    assert!(
        more.is_empty() && fewer.is_empty(),
        "not listed: {more:?}; listed only: {fewer:?}"
    );
}
