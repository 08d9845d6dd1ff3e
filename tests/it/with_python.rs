//! Programs judged in the sandbox: `restem score --plugin apps-unit-tests` and `restem python`, as their users run them.
//!
//! They need the interpreter: `cargo xtask test --python`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use restem_tests::with_input;
use serde_json::{Value, json};

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The verdicts on `input`, each a line of JSON.
pub(crate) fn verdicts(args: &[&str], input: &str) -> Vec<Value> {
    let mut all = vec!["score", "--plugin", "apps-unit-tests", "--grant", "python"];
    all.extend(args);
    let output = with_input(&all, input);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../examples/code")
        .join(name)
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn the_example_s_programs_get_what_they_earned() {
    let input = fs::read_to_string(example("completions.jsonl")).unwrap();
    let rows: Vec<Value> = input
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let verdicts = verdicts(&[], &input);
    assert_eq!(verdicts.len(), rows.len());
    for (row, verdict) in rows.iter().zip(&verdicts) {
        assert_eq!(verdict["status"], "scored", "{verdict}");
        assert_eq!(
            verdict["reward"], row["reward"],
            "{verdict}\n{}",
            row["completion"]
        );
        assert!(verdict["fuel"].as_u64().unwrap() > 100_000, "{verdict}");
    }
    let interpreter = verdicts[0]["plugin"]["interpreter"].as_str().unwrap();
    assert!(interpreter.starts_with("CPython 3."), "{interpreter}");
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn verdicts_and_fuel_do_not_depend_on_workers_or_neighbours() {
    let input = fs::read_to_string(example("completions.jsonl")).unwrap();
    let shape = |verdicts: Vec<Value>| -> Vec<(String, Value, Value)> {
        let mut rows: Vec<_> = verdicts
            .into_iter()
            .enumerate()
            .map(|(i, v)| {
                (
                    format!("{} {i}", v["id"]),
                    v["reward"].clone(),
                    v["parts"].clone(),
                )
            })
            .collect();
        rows.sort_by_key(|row| row.0.clone());
        rows
    };
    let one = shape(verdicts(&["--workers", "1"], &input));
    assert_eq!(one, shape(verdicts(&["--workers", "2"], &input)));
    assert_eq!(
        one,
        shape(verdicts(&["--isolation", "completion"], &input)),
        "alone in a store"
    );
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn python_fuel_beyond_the_users_cap_is_a_fault_and_not_a_reward_of_0() {
    let row = json!({
        "id": "loops",
        "metadata": {"input_output": {"inputs": ["\n"], "outputs": ["1\n"]}},
        "completions": ["while True: pass", "print(1)"],
    });
    let mut args = vec!["score", "--plugin", "apps-unit-tests", "--grant", "python"];
    args.extend([
        "--limit",
        "python_fuel_per_task=1000000000",
        "--max-fault-rate",
        "1",
    ]);
    let output = with_input(&args, &row.to_string());
    let lines: Vec<Value> = text(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines[0]["status"], "fault");
    assert_eq!(lines[0]["fault"]["class"], "limit_exceeded");
    let message = lines[0]["fault"]["message"].as_str().unwrap();
    assert!(
        message.contains("limit: python_fuel_per_task = 1000000000"),
        "{message}"
    );
    assert_eq!(lines[1]["reward"], 1.0, "the neighbour is judged: {}", lines[1]);
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn partial_credit_makes_the_reward_graded() {
    let row = json!({
        "id": "half",
        "metadata": {"input_output": {"inputs": ["1\n", "2\n"], "outputs": ["1\n", "4\n"]}},
        "completion": "print(input())",
    });
    let verdicts = verdicts(&["--config", "partial_credit=true"], &row.to_string());
    assert_eq!(verdicts[0]["reward"], 0.5, "{}", verdicts[0]);
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn a_reference_solution_says_what_is_right_where_a_problem_has_only_inputs() {
    let row = |entry_point: &str, prompt: &str, solution: &str, inputs: Value, completions: Value| {
        json!({
            "id": entry_point,
            "metadata": {
                "task_id": "HumanEval/0", "entry_point": entry_point, "prompt": prompt, "canonical_solution": solution,
                "base_input": [], "plus_input": inputs, "atol": 1e-4,
            },
            "completions": completions,
        })
    };
    let sum = row(
        "total",
        "def total(items):\n    \"\"\" Their sum, and they are emptied. \"\"\"\n",
        "    result = sum(items)\n    items.clear()\n    return result\n",
        json!([[[1, 2]], [[]], [[0.5, 0.25]]]),
        json!([
            "    return sum(items)\n",
            "    return len(items) and items[0] + items[1]\n",
            "def total(items):\n    return sum(items) + 0.00001 * len(items)\n",
            "    return 3\n",
            "    import os\n    os._exit(0)\n",
        ]),
    );
    let zero = row(
        "find_zero",
        "def poly(xs, x):\n    return sum(c * x**i for i, c in enumerate(xs))\n\n\ndef find_zero(xs):\n",
        "    return 1.0\n",
        json!([[[-1, 0, 1]]]),
        json!([
            "    return -1.0\n",
            "    return 0.5\n",
            "def poly(xs, x): return 0\ndef find_zero(xs): return 7\n"
        ]),
    );
    let verdicts = verdicts(&[], &format!("{sum}\n{zero}\n"));
    let rewards: Vec<_> = verdicts
        .iter()
        .map(|verdict| verdict["reward"].as_f64().unwrap())
        .collect();
    assert_eq!(rewards, [1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0], "{verdicts:#?}");
    let note = |at: usize| verdicts[at]["note"].as_str().unwrap();
    assert!(
        note(2).contains("total([1, 2]): raised AssertionError: should be 3 and is 3.00002"),
        "{}",
        note(2)
    );
    assert!(
        note(6).contains("should be a zero and is 0.5, where the polynomial is -0.75"),
        "{}",
        note(6)
    );
}

/// `restem python run` on a program, with its standard input.
fn run(program: &str, stdin: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("program.py");
    fs::write(&file, program).unwrap();
    with_input(
        &["python", "run", "--time-limit", "0.5", file.to_str().unwrap()],
        stdin,
    )
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn a_program_runs_with_its_input_and_its_exit_status() {
    let output = run("print(sum(map(int, input().split())))", "20 22\n");
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(0), "42\n")
    );
    let output = run("import sys\nsys.exit(7)", "");
    assert_eq!(output.status.code(), Some(7));
    let output = run("x = 1\nx / 0\n", "");
    assert_eq!(output.status.code(), Some(1));
    let error = text(&output.stderr);
    assert!(
        error.contains("line 2") && error.ends_with("ZeroDivisionError: division by zero\n"),
        "{error}"
    );
    let output = run("while True: pass", "");
    assert_eq!(output.status.code(), Some(3));
    assert!(
        text(&output.stderr).starts_with("stopped: out of fuel: 5,000,000,000 of 5,000,000,000 used"),
        "{}",
        text(&output.stderr)
    );
    let output = run("open('/etc/passwd')", "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
#[ignore = "needs the interpreter: cargo xtask test --python"]
fn doctor_finds_a_working_interpreter() {
    let output = with_input(&["python", "doctor"], "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).ends_with("it works\n"));
}
