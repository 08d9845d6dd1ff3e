//! Judgements with a scripted interpreter: every way a test can end.

use std::cell::RefCell;
use std::rc::Rc;

use restem_sdk::prelude::*;
use restem_sdk::python::{Execution, Outcome, Value};
use restem_sdk::testing::{self, PythonRequest, with_python};
use restem_sdk::{FaultClass, serde_json::json};

use crate::AppsUnitTests;

/// What runs, calls and checks answer, in order, the last one for ever; programs that contain "syntax error" do not compile.
fn scripted(answers: Vec<Execution>) -> impl FnMut(PythonRequest<'_>) -> Execution {
    let mut answers = answers.into_iter();
    let mut last = Execution::finished();
    move |request| match request {
        PythonRequest::Compile { source, .. } if source.contains("syntax error") => {
            Execution::raised("SyntaxError", "invalid syntax", Some(1))
        }
        PythonRequest::Compile { .. } => Execution::finished(),
        _ => {
            last = answers.next().unwrap_or_else(|| last.clone());
            last.clone()
        }
    }
}

fn judge(task: &Task, config: &str, completion: &str, answers: Vec<Execution>) -> Result<Score, Fault> {
    let plugin = testing::open::<AppsUnitTests>(config).unwrap();
    with_python(scripted(answers), || plugin.score(task, completion))
}

fn prints(text: &str) -> Execution {
    Execution::finished().with_stdout(text).with_fuel(400_000_000)
}

fn returns(value: &str) -> Execution {
    Execution::finished().with_value(&Value::parse(value).unwrap())
}

fn sums() -> Task {
    Task::new("sums").with_metadata(
        "input_output",
        json!({"inputs": ["1 2\n", "3 4\n", "5 6\n"], "outputs": ["3\n", "7\n", "11\n"]}),
    )
}

fn add() -> Task {
    Task::new("add").with_metadata(
        "input_output",
        json!({"fn_name": "add", "inputs": [[1, 2], [3, 4]], "outputs": [[3], [7]]}),
    )
}

fn asserts() -> Task {
    Task::new("asserts").with_metadata(
        "test_list",
        json!(["assert add(1, 2) == 3", "assert add(3, 4) == 7"]),
    )
}

fn note(task: &Task, config: &str, answers: Vec<Execution>) -> String {
    let score = judge(task, config, "x = 1\n", answers).unwrap();
    format!("{}: {}", score.value, score.note.unwrap())
}

fn part(score: &Score, name: &str) -> f64 {
    score.parts.iter().find(|part| part.0 == name).unwrap().1
}

#[test]
fn a_program_that_prints_what_is_expected_is_right() {
    let score = judge(
        &sums(),
        "",
        "x",
        vec![prints("3"), prints("7 \n"), prints("11\n\n")],
    )
    .unwrap();
    assert_eq!((score.value, score.answer.clone()), (1.0, None));
    assert_eq!(score.note.as_deref(), Some("passed 3 of 3 tests"));
    assert_eq!(part(&score, "tests_passed"), 3.0);
    assert_eq!(part(&score, "fuel_share"), 0.004);
}

#[test]
fn the_first_failing_test_is_named_with_its_input() {
    insta::assert_snapshot!(note(&sums(), "", vec![prints("3"), prints("8")]), @r#"0: passed 1 of 3 tests; test 2 of 3: line 1 of the output should be "7" and is "8"; input "3 4\n""#);
    insta::assert_snapshot!(note(&sums(), "", vec![prints("")]), @r#"0: test 1 of 3: line 1 of the output should be "3" and is missing; input "1 2\n""#);
}

#[test]
fn the_first_failure_ends_the_judgement_unless_all_tests_are_asked_for() {
    let answers = || vec![prints("3"), prints("8"), prints("11")];
    let score = judge(&sums(), "", "x", answers()).unwrap();
    assert_eq!(
        (part(&score, "tests_run"), part(&score, "tests_passed")),
        (2.0, 1.0)
    );
    let score = judge(&sums(), r#"{"stop_at_first_failure": false}"#, "x", answers()).unwrap();
    assert_eq!(
        (part(&score, "tests_run"), part(&score, "tests_passed")),
        (3.0, 2.0)
    );
    assert_eq!(score.value, 0.0);
}

#[test]
fn partial_credit_is_the_fraction_of_all_tests() {
    let answers = vec![prints("x"), prints("7"), prints("11")];
    let score = judge(&sums(), r#"{"partial_credit": true}"#, "x", answers).unwrap();
    assert_eq!(score.value, 2.0 / 3.0);
}

#[test]
fn only_the_first_tests_count_where_so_many_are_asked_for() {
    let score = judge(&sums(), r#"{"max_tests": 1}"#, "x", vec![prints("3")]).unwrap();
    assert_eq!((score.value, part(&score, "tests_total")), (1.0, 1.0));
}

#[test]
fn exiting_with_status_0_ends_a_printing_program_well() {
    let exits = |status| Execution::ended(Outcome::Exit(status)).with_stdout("3");
    let task = sums();
    assert_eq!(
        judge(&task, r#"{"max_tests": 1}"#, "x", vec![exits(0)])
            .unwrap()
            .value,
        1.0
    );
    insta::assert_snapshot!(note(&task, "", vec![exits(1)]), @r#"0: test 1 of 3: exited with status 1; input "1 2\n""#);
}

#[test]
fn exiting_early_passes_no_call_and_no_assert() {
    let exits = || Execution::ended(Outcome::Exit(0));
    insta::assert_snapshot!(note(&add(), "", vec![exits()]), @"0: test 1 of 2: add(1, 2) exited with status 0");
    insta::assert_snapshot!(note(&asserts(), "", vec![exits()]), @"0: test 1 of 2: assert add(1, 2) == 3: exited with status 0");
}

#[test]
fn every_other_end_is_a_reward_of_0_with_its_reason() {
    let ended = |outcome| note(&sums(), "", vec![Execution::ended(outcome).with_stdout("3\n")]);
    insta::assert_snapshot!(ended(Outcome::OutOfFuel), @r#"0: test 1 of 3: ran out of time: 10 s of the reference machine, which is 100000000000 fuel; input "1 2\n""#);
    insta::assert_snapshot!(ended(Outcome::OutOfMemory), @r#"0: test 1 of 3: ran out of its 256 MiB of memory; input "1 2\n""#);
    insta::assert_snapshot!(ended(Outcome::OutputLimit), @r#"0: test 1 of 3: printed more than 8 MiB; input "1 2\n""#);
    insta::assert_snapshot!(ended(Outcome::StackOverflow), @r#"0: test 1 of 3: recursed too deep: its stack overflowed; input "1 2\n""#);
    let raised = Execution::raised("ValueError", "invalid literal: '\u{1b}'", Some(1)).with_stdout("3\n");
    insta::assert_snapshot!(note(&sums(), "", vec![raised]), @r#"0: test 1 of 3: raised ValueError: invalid literal: '\u{1b}' (line 1); input "1 2\n""#);
}

#[test]
fn no_program_and_no_syntax_are_a_reward_of_0() {
    let score = judge(&sums(), "", "```cpp\nint x;\n```", vec![]).unwrap();
    insta::assert_snapshot!(score.note.as_deref().unwrap(), @"the completion holds no Python program");
    assert_eq!(score.value, 0.0);
    let score = judge(&add(), "", "syntax error", vec![]).unwrap();
    insta::assert_snapshot!(score.note.as_deref().unwrap(), @"the program does not compile: raised SyntaxError: invalid syntax");
    assert_eq!((score.value, part(&score, "tests_run")), (0.0, 0.0));
}

#[test]
fn returned_values_are_compared_here() {
    let score = judge(&add(), "", "x", vec![returns("3"), returns(r#"{"tuple": [7]}"#)]).unwrap();
    assert_eq!(score.value, 1.0);
    insta::assert_snapshot!(note(&add(), "", vec![returns("[4]")]), @"0: test 1 of 2: add(1, 2) should be 3 and is [4]");
    insta::assert_snapshot!(note(&add(), "", vec![returns(r#"{"other": {"type": "Equal", "repr": "3"}}"#)]), @"0: test 1 of 2: add(1, 2) should be 3 and is an object of type Equal: 3");
    insta::assert_snapshot!(note(&add(), "", vec![Execution::finished()]), @"0: test 1 of 2: add(1, 2) should be 3 and is nothing");
    let mut deep = Execution::finished();
    deep.value = Some("[".repeat(1_000));
    insta::assert_snapshot!(note(&add(), "", vec![deep]), @"0: test 1 of 2: add(1, 2) should be 3 and is a value that can't be read: byte 129 of the text is nested more than 128 deep");
}

/// Everything that reached the interpreter, printed.
fn requests(task: &Task, config: &str, completion: &str) -> Vec<String> {
    let seen = Rc::new(RefCell::new(Vec::new()));
    let plugin = testing::open::<AppsUnitTests>(config).unwrap();
    let recorder = seen.clone();
    let script = move |request: PythonRequest<'_>| {
        recorder.borrow_mut().push(format!("{request:?}"));
        Execution::finished().with_stdout("3\n7\n")
    };
    with_python(script, || plugin.score(task, completion).unwrap());
    seen.take()
}

#[test]
fn a_method_of_solution_is_called_where_the_program_has_it() {
    let called = |program: &str| requests(&add(), r#"{"preamble": ""}"#, program).remove(1);
    assert!(
        called("class Solution:\n    def add(self, a, b): pass\n").contains(r#"function: "Solution.add""#)
    );
    assert!(called("class Solution: pass\ndef add(a, b): pass\n").contains(r#"function: "add""#));
}

#[test]
fn expected_values_reach_no_program() {
    const SECRET: &str = "271828182845";
    let printed = Task::new("t").with_metadata("input_output", json!({"inputs": ["1"], "outputs": [SECRET]}));
    let returned = Task::new("t").with_metadata(
        "input_output",
        json!({"fn_name": "f", "inputs": [[1]], "outputs": [271_828_182_845_u64]}),
    );
    for task in [&printed, &returned] {
        for request in requests(task, "", "def f(x): return x\n") {
            assert!(!request.contains(SECRET), "{request}");
        }
    }
    let task = Task::new("t").with_metadata("test_list", json!([format!("assert f(1) == {SECRET}")]));
    for request in requests(&task, "", "def f(x): return x\n") {
        let source = request.split("tests:").next().unwrap();
        let is_tests = request.starts_with("Compile") && !request.contains("def f");
        assert!(is_tests || !source.contains(SECRET), "{request}");
    }
}

#[test]
fn limits_do_not_depend_on_what_is_expected() {
    let limits = |output: &str| {
        let task =
            Task::new("t").with_metadata("input_output", json!({"inputs": ["1"], "outputs": [output]}));
        requests(&task, "", "x").concat()
    };
    assert_eq!(limits("1"), limits(&"1\n".repeat(10_000)));
}

#[test]
fn whole_programs_get_no_imports_and_functions_do() {
    assert!(!requests(&sums(), "", "x")[0].contains("heapq"));
    assert!(requests(&add(), "", "x")[0].contains("heapq"));
}

#[test]
fn asserts_run_outside_of_the_program_and_borrow_what_they_call() {
    let requests = requests(&asserts(), "", "def add(a, b): return a + b\n");
    assert_eq!(
        requests.len(),
        5,
        "two tests and a program compile, then two checks: {requests:#?}"
    );
    assert!(requests[3].starts_with("Check"));
    assert!(requests[3].contains(r#"tests: "assert add(1, 2) == 3\n", names: ["add"]"#));
    let raised = Execution::raised("AssertionError", "", None);
    insta::assert_snapshot!(note(&asserts(), "", vec![Execution::finished(), raised]), @"0: passed 1 of 2 tests; test 2 of 2: assert add(3, 4) == 7: raised AssertionError");
}

#[test]
fn a_value_that_cannot_cross_is_a_fault_that_names_it() {
    let answer = vec![Execution::ended(Outcome::Uncrossable(
        "a generator returned by `add`".into(),
    ))];
    let fault = judge(&asserts(), "", "x", answer).unwrap_err();
    assert_eq!(fault.class, FaultClass::Internal);
    insta::assert_snapshot!(fault, @"a generator returned by `add` can't cross between the program and its tests, in assert add(1, 2) == 3; `same_instance = true` runs both in one interpreter, if you trust the program");
}

#[test]
fn the_same_instance_is_used_only_when_asked_for_and_recorded() {
    let config = r#"{"same_instance": true, "preamble": ""}"#;
    let requests = requests(&asserts(), config, "def add(a, b): return a + b\n");
    assert!(
        requests[1].contains(r"return a + b\n\nassert add(1, 2) == 3"),
        "{requests:#?}"
    );
    assert!(requests[2].starts_with("Run"));
    let score = judge(&asserts(), config, "x", vec![]).unwrap();
    assert_eq!((score.value, part(&score, "same_instance")), (1.0, 1.0));
    insta::assert_snapshot!(score.note.unwrap(), @"passed 2 of 2 tests; the tests ran inside the program's own interpreter (same_instance)");
    let exits = vec![Execution::ended(Outcome::Exit(0))];
    assert_eq!(judge(&asserts(), config, "x", exits).unwrap().value, 0.0);
}

#[test]
fn tests_that_do_not_compile_are_a_malformed_problem() {
    let task = Task::new("t").with_metadata("test_list", json!(["assert syntax(error) == 1 # syntax error"]));
    let fault = judge(&task, "", "x", vec![]).unwrap_err();
    assert_eq!(fault.class, FaultClass::MalformedProblem);
    insta::assert_snapshot!(fault, @"problem `t` can't be judged: its test 1 does not compile: raised SyntaxError: invalid syntax (line 1)");
}

#[test]
fn the_plugin_is_binary_and_says_which_option_grades() {
    assert_eq!(AppsUnitTests::describe(), Description::binary());
    let schema = restem_sdk::schemars::schema_for!(crate::Config);
    assert_eq!(
        schema.as_value()["properties"]["partial_credit"]["x-restem-graded-when"],
        true
    );
}

#[test]
fn every_row_of_the_example_is_a_problem_with_a_reward() {
    let rows = include_str!("../../../examples/code/completions.jsonl");
    let mut rewards = [0, 0];
    for row in rows.lines() {
        let row: restem_sdk::serde_json::Value = restem_sdk::serde_json::from_str(row).unwrap();
        let mut task = Task::new(row["id"].as_str().unwrap()).with_prompt(row["prompt"].as_str().unwrap());
        task.metadata = row["metadata"].as_object().unwrap().clone();
        // Nothing is printed, returned or raised here: only asserts pass.
        judge(&task, "", row["completion"].as_str().unwrap(), vec![]).unwrap();
        rewards[usize::from(row["reward"] == 1.0)] += 1;
    }
    assert_eq!(rewards, [31, 14]);
}
