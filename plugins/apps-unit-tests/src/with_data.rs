//! Public data sets: every problem is read. They need `../shared/data`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use restem_sdk::Task;
use restem_sdk::serde_json::{self, Value};

use crate::config::Config;
use crate::problem::Problem;

fn rows(file: &str) -> impl Iterator<Item = Result<Value, serde_json::Error>> {
    let folder = std::env::var_os("RESTEM_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(file);
    let opened = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    BufReader::new(GzDecoder::new(opened))
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()))
}

/// Kinds of problems in a file with their counts, and the names of those that are malformed.
fn read(file: &str, id: &str) -> (BTreeMap<&'static str, usize>, Vec<String>) {
    let (mut kinds, mut malformed) = (BTreeMap::new(), Vec::new());
    for row in rows(file) {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                malformed.push(error.to_string());
                continue;
            }
        };
        let name = match &row[id] {
            Value::String(name) => name.clone(),
            other => other.to_string(),
        };
        let mut task = Task::new(&name);
        task.metadata = row.as_object().unwrap().clone();
        let kind = match Problem::read(&task, &Config::default()) {
            Ok(Problem::Printed(_)) => "printed",
            Ok(Problem::Returned { .. }) => "returned",
            Ok(Problem::Asserts(_)) => "asserts",
            Err(fault) => {
                malformed.push(fault.message);
                continue;
            }
        };
        *kinds.entry(kind).or_insert(0) += 1;
    }
    (kinds, malformed)
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_apps_problem_is_read() {
    let (kinds, malformed) = read("apps_with_solutions.jsonl.gz", "problem_id");
    assert_eq!(kinds, [("printed", 91), ("returned", 4)].into());
    assert_eq!(malformed, [""; 0]);

    // Integers beyond 64 bits, which reading the row as JSON has rounded; one that exceeds a float, and `NaN` and `-Infinity`, which are no JSON.
    let (kinds, malformed) = read("apps_with_tests.jsonl.gz", "problem_id");
    assert!(
        malformed
            .iter()
            .all(|message| message.contains("beyond 64 bits") || message.contains(" at line 1 column ")),
        "{malformed:#?}"
    );
    assert_eq!(kinds, [("printed", 190), ("returned", 1353)].into());
    assert_eq!(malformed.len(), 17);
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_sample_is_read() {
    let (kinds, malformed) = read("apps_sample_io.jsonl.gz", "id");
    assert_eq!(kinds, [("printed", 32), ("returned", 54)].into());
    assert!(
        malformed.iter().all(|message| message.contains("beyond 64 bits")),
        "{malformed:#?}"
    );
    assert_eq!(malformed.len(), 6);
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_assert_style_problem_is_read() {
    let (kinds, malformed) = read("HumanEval.jsonl.gz", "task_id");
    assert_eq!(kinds, [("asserts", 164)].into());
    assert_eq!(malformed, [""; 0]);
    // Integers beyond 64 bits, which reading the row as JSON has rounded.
    let (kinds, malformed) = read("HumanEvalPlus-Mini.jsonl.gz", "task_id");
    assert!(
        malformed.iter().all(|message| message.contains("beyond 64 bits")),
        "{malformed:#?}"
    );
    assert_eq!(malformed.len(), 4);
    assert_eq!(kinds, [("asserts", 160)].into());
    let (kinds, malformed) = read("mbpp.jsonl.gz", "task_id");
    assert_eq!(kinds, [("asserts", 974)].into());
    assert_eq!(malformed, [""; 0]);
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn what_an_mbpp_test_takes_from_the_program_is_defined_by_its_solution() {
    let mut missing = Vec::new();
    for row in rows("mbpp.jsonl.gz").map(Result::unwrap) {
        let mut task = Task::new("t");
        task.metadata = row.as_object().unwrap().clone();
        let Ok(Problem::Asserts(asserts)) = Problem::read(&task, &Config::default()) else {
            panic!("unread: {row}")
        };
        for name in asserts.names {
            if !crate::scan::defines(row["code"].as_str().unwrap(), &name) {
                missing.push(format!("{} {name}", row["task_id"]));
            }
        }
    }
    assert_eq!(missing, [""; 0]);
}
