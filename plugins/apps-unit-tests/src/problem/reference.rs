//! `HumanEval+`: inputs, and a reference solution that says what to return for them.

use restem_sdk::Task;
use restem_sdk::python::Value;

use super::asserts::{self, Assertion, Asserts};
use super::{Malformed, field};
use crate::note;
use crate::written::written;

/// Compares a program with the reference, for one input.
const CHECK: &str = include_str!("reference.py");

/// Keys of the inputs, in the order in which they are run.
pub(super) const INPUTS: [&str; 2] = ["base_input", "plus_input"];

/// `base_input` and `plus_input`, `canonical_solution`, `entry_point`, the prompt, and the tolerance `atol`.
pub(super) fn read(task: &Task) -> Result<Asserts, Malformed> {
    let needs = |what: &str| Malformed::new(format_args!("`base_input` needs {what}"));
    let entry_point =
        asserts::entry_point(task)?.ok_or_else(|| needs("an `entry_point`: the name of the function"))?;
    let text = asserts::prompt_text(task)?
        .ok_or_else(|| needs("the problem's `prompt`, which the reference solution continues"))?;
    let solution = field::text(task, "canonical_solution")?
        .ok_or_else(|| needs("a `canonical_solution`, which says what is right"))?;
    if field::text(task, "task_id")?.is_some_and(|id| id.starts_with("Mbpp/")) {
        return Err(Malformed::new(
            "the arguments in `base_input` of MBPP+ are of other types than its tests mean (JSON has no tuples): give its \
             `test`, as Hugging Face's copy has it",
        ));
    }
    let tolerance = match field::json(task, "atol")? {
        None => Value::Float(0.0),
        Some(number @ (Value::Int(_) | Value::Float(_))) => number,
        Some(_) => return Err(Malformed::new("`atol` should be a number")),
    };
    let reference = Value::Str(format!("{text}{solution}"));
    let mut tests = Vec::new();
    for key in INPUTS {
        for arguments in inputs(task, key)? {
            let shown = format!("{entry_point}({})", note::arguments(&arguments));
            let call = vec![
                entry_point.into(),
                reference.clone(),
                Value::List(arguments),
                tolerance.clone(),
            ];
            let call = written(&Value::List(call)).ok_or_else(|| wrong(key))?;
            tests.push(Assertion {
                shown,
                source: format!("{CHECK}\n\n_restem_check({entry_point}, *{call})\n"),
            });
        }
    }
    Ok(Asserts {
        names: vec![entry_point.to_owned()],
        tests,
        prompt: asserts::begun(text, entry_point),
    })
}

fn wrong(key: &str) -> Malformed {
    Malformed::new(format_args!("`{key}` should be a list of lists of arguments"))
}

/// Lists of arguments.
fn inputs(task: &Task, key: &str) -> Result<Vec<Vec<Value>>, Malformed> {
    match field::json(task, key)? {
        None => Ok(Vec::new()),
        Some(Value::List(items)) => items
            .into_iter()
            .map(|item| match item {
                Value::List(arguments) => Ok(arguments),
                _ => Err(wrong(key)),
            })
            .collect(),
        Some(_) => Err(wrong(key)),
    }
}

#[cfg(test)]
mod tests {
    use restem_sdk::serde_json::json;

    use super::*;
    use crate::config::Config;
    use crate::problem::Problem;

    const PROMPT: &str = "import math\n\n\ndef area(r):\n    \"\"\" \"Area\" \\ of r \"\"\"\n";

    fn task() -> Task {
        Task::new("t")
            .with_metadata("task_id", "HumanEval/1")
            .with_metadata("prompt", PROMPT)
            .with_metadata("entry_point", "area")
            .with_metadata("canonical_solution", "    return math.pi * r * r\n")
            .with_metadata("base_input", json!([[1], [2.5]]))
            .with_metadata("plus_input", "[[100000000000000000000], [Infinity]]")
            .with_metadata("atol", 1e-6)
    }

    fn fault(task: &Task) -> String {
        Problem::read(task, &Config::default()).unwrap_err().message
    }

    #[test]
    fn each_input_is_a_test_that_asks_the_reference() {
        let Ok(Problem::Asserts(asserts)) = Problem::read(&task(), &Config::default()) else {
            panic!("it is read")
        };
        assert_eq!(asserts.names, ["area"]);
        let shown: Vec<_> = asserts.tests.iter().map(|test| test.shown.as_str()).collect();
        assert_eq!(
            shown,
            ["area(1)", "area(2.5)", "area(100000000000000000000)", "area(inf)"]
        );
        let calls: Vec<_> = asserts
            .tests
            .iter()
            .map(|test| test.source.lines().last().unwrap())
            .collect();
        insta::assert_snapshot!(calls[1], @r#"_restem_check(area, *["area", "import math\n\n\ndef area(r):\n    \"\"\" \"Area\" \\ of r \"\"\"\n    return math.pi * r * r\n", [2.5], 1e-6])"#);
        assert!(calls[3].contains("[float(\"inf\")]"));
        let program = asserts.program("", "    return 3\n").text;
        assert_eq!(program, format!("{PROMPT}    return 3\n"));
    }

    #[test]
    fn what_such_a_problem_lacks_is_said() {
        let without = |key: &str| {
            let mut task = task();
            task.metadata.remove(key);
            fault(&task)
        };
        insta::assert_snapshot!(without("entry_point"), @"problem `t` can't be judged: `base_input` needs an `entry_point`: the name of the function");
        insta::assert_snapshot!(without("prompt"), @"problem `t` can't be judged: `base_input` needs the problem's `prompt`, which the reference solution continues");
        insta::assert_snapshot!(without("canonical_solution"), @"problem `t` can't be judged: `base_input` needs a `canonical_solution`, which says what is right");
        let task = task().with_metadata("base_input", json!([1]));
        insta::assert_snapshot!(fault(&task), @"problem `t` can't be judged: `base_input` should be a list of lists of arguments");
    }

    #[test]
    fn mbpp_plus_is_refused_with_the_way_out() {
        let task = task().with_metadata("task_id", "Mbpp/2");
        insta::assert_snapshot!(fault(&task), @"problem `t` can't be judged: the arguments in `base_input` of MBPP+ are of other types than its tests mean (JSON has no tuples): give its `test`, as Hugging Face's copy has it");
    }
}
