//! Unit tests. There is no Python outside of restem: a script answers in its place.

use restem_sdk::python::Execution;
use restem_sdk::serde_json::json;
use restem_sdk::testing::{PythonRequest, open, score, with_python};

use super::*;

fn double() -> Task {
    let tests = json!([{"input": "2\n", "output": "4\n"}, {"input": "5\n", "output": "10\n"}]);
    Task::new("double").with_metadata("tests", tests)
}

/// Judges a completion with an interpreter whose runs end as `run` says, given the standard input.
fn judged(completion: &str, run: fn(&str) -> Execution) -> Score {
    let interpreter = move |request: PythonRequest<'_>| match request {
        PythonRequest::Compile {
            source: "syntax error",
            ..
        } => Execution::raised("SyntaxError", "invalid syntax", Some(1)),
        PythonRequest::Run { stdin, .. } => run(stdin),
        _ => Execution::finished(),
    };
    with_python(interpreter, || {
        score::<MyReward>(&double(), completion).unwrap()
    })
}

#[test]
fn a_program_that_passes_all_tests_is_right() {
    let score = judged("print(2 * int(input()))", |stdin| {
        let number: i64 = stdin.trim().parse().unwrap();
        Execution::finished().with_stdout(format!("{}\n", 2 * number))
    });
    assert_eq!(
        (score.value, score.note.as_deref()),
        (1.0, Some("passed 2 tests"))
    );
}

#[test]
fn the_first_failing_test_is_named() {
    let score = judged("print(4)", |_| Execution::finished().with_stdout("4\n"));
    assert_eq!(score.value, 0.0);
    assert_eq!(
        score.note.as_deref(),
        Some("test 2 of 2: it printed \"4\\n\"")
    );
    let score = judged("input(", |_| Execution::raised("EOFError", "", None));
    assert_eq!(
        score.note.as_deref(),
        Some("test 1 of 2: it raised EOFError: ")
    );
}

#[test]
fn a_program_that_does_not_compile_is_wrong() {
    let score = judged("syntax error", |_| Execution::finished());
    assert_eq!(score.value, 0.0);
    assert!(
        score
            .note
            .unwrap()
            .contains("does not compile: it raised SyntaxError")
    );
}

#[test]
fn a_problem_without_tests_is_a_fault() {
    let fault = score::<MyReward>(&Task::new("t"), "x").unwrap_err();
    assert_eq!(fault.message, "problem `t` has no `tests` in its metadata");
    let empty = Task::new("t").with_metadata("tests", json!([]));
    assert!(score::<MyReward>(&empty, "x").is_err());
}

#[test]
fn limits_out_of_range_are_refused() {
    assert!(open::<MyReward>(r#"{"seconds": 0}"#).is_err());
    assert!(open::<MyReward>(r#"{"memory_mib": 1}"#).is_err());
}
