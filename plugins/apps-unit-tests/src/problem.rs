//! The tests of a problem, in whichever format its metadata holds them.

mod asserts;
mod field;
mod input_output;
mod reference;
mod samples;

use std::fmt;

use restem_sdk::prelude::*;
use restem_sdk::python::Value;

use crate::config::Config;

pub(crate) use asserts::{Assertion, Asserts};

/// A problem's tests.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Problem {
    /// Programs that read standard input and print.
    Printed(Vec<PrintedTest>),
    /// Programs that define a function.
    Returned {
        /// Its name.
        function: String,
        /// Its calls.
        tests: Vec<ReturnedTest>,
    },
    /// Programs that define what test code calls.
    Asserts(Asserts),
}

/// One run and what it should print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PrintedTest {
    pub(crate) stdin: String,
    pub(crate) expected: String,
}

/// One call and what it should return.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ReturnedTest {
    pub(crate) arguments: Vec<Value>,
    /// Any of these is right; the last is the one to show.
    pub(crate) expected: Vec<Value>,
}

/// What is wrong with a problem.
#[derive(Debug)]
pub(crate) struct Malformed(String);

impl Malformed {
    pub(crate) fn new(what: impl fmt::Display) -> Self {
        Self(what.to_string())
    }
}

impl Problem {
    /// Reads the tests of a problem.
    ///
    /// # Errors
    /// A malformed-problem [`Fault`] that says what is wrong and where.
    pub(crate) fn read(task: &Task, config: &Config) -> Result<Self, Fault> {
        let read = Self::from_metadata(task, config).and_then(|mut problem| {
            if let Some(most) = config.max_tests {
                problem.truncate(most as usize);
            }
            match problem.len() {
                0 => Err(Malformed::new("it has no tests")),
                _ => Ok(problem),
            }
        });
        read.map_err(|Malformed(what)| {
            Fault::malformed_problem(format_args!("problem `{}` can't be judged: {what}", task.id))
        })
    }

    fn from_metadata(task: &Task, config: &Config) -> Result<Self, Malformed> {
        if let Some(tests) = field::json(task, "input_output")? {
            return input_output::read(tests);
        }
        if let Some(test) = field::text(task, "test")? {
            return asserts::with_entry_point(task, test).map(Self::Asserts);
        }
        let is_there = |key: &str| task.metadata.get(key).is_some_and(|value| !value.is_null());
        if reference::INPUTS.into_iter().any(is_there) {
            return reference::read(task).map(Self::Asserts);
        }
        for key in ["test_list", "sample_io"] {
            match field::json(task, key)? {
                Some(Value::List(items)) if matches!(items.first(), Some(Value::Dict(_))) => {
                    return samples::read(key, items, field::text(task, "starter_code")?.unwrap_or_default());
                }
                Some(Value::List(items)) if key == "test_list" => {
                    return asserts::list(task, items, config).map(Self::Asserts);
                }
                Some(_) => {
                    return Err(Malformed::new(format_args!(
                        "`{key}` is no list of tests: give assert statements, or objects with `input` and `output`"
                    )));
                }
                None => {}
            }
        }
        let known: Vec<&str> = task.metadata.keys().map(String::as_str).collect();
        Err(Malformed::new(format_args!(
            "its metadata has no tests: give `input_output` (APPS), `test` with `entry_point` (HumanEval), `base_input` with `canonical_solution` (HumanEval+) or `test_list` (MBPP). It has {}",
            if known.is_empty() {
                "nothing".to_owned()
            } else {
                format!("`{}`", known.join("`, `"))
            }
        )))
    }

    /// How many tests there are.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Printed(tests) => tests.len(),
            Self::Returned { tests, .. } => tests.len(),
            Self::Asserts(asserts) => asserts.tests.len(),
        }
    }

    fn truncate(&mut self, most: usize) {
        match self {
            Self::Printed(tests) => tests.truncate(most),
            Self::Returned { tests, .. } => tests.truncate(most),
            Self::Asserts(asserts) => asserts.tests.truncate(most),
        }
    }
}

/// What each call should return, one list entry per call.
///
/// Some data sets wrap a returned value in a list of one and some do not, and nothing says which. Where every test of a problem expects a list
/// of one, both readings are right; otherwise only the value as it stands.
fn accepted(outputs: Vec<Value>) -> Vec<Vec<Value>> {
    let wrapped = outputs
        .iter()
        .all(|output| matches!(output, Value::List(items) if items.len() == 1));
    outputs
        .into_iter()
        .map(|output| match &output {
            Value::List(items) if wrapped => {
                let bare = items.clone();
                std::iter::once(output).chain(bare).collect()
            }
            _ => vec![output],
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(task: &Task) -> String {
        Problem::read(task, &Config::default()).unwrap_err().message
    }

    #[test]
    fn a_problem_without_tests_is_a_fault_that_says_what_was_looked_for() {
        let task = Task::new("t").with_metadata("level", 3);
        insta::assert_snapshot!(fault(&task), @"problem `t` can't be judged: its metadata has no tests: give `input_output` (APPS), `test` with `entry_point` (HumanEval), `base_input` with `canonical_solution` (HumanEval+) or `test_list` (MBPP). It has `level`");
        let task = Task::new("t").with_metadata("input_output", r#"{"inputs": [], "outputs": []}"#);
        insta::assert_snapshot!(fault(&task), @"problem `t` can't be judged: it has no tests");
        let task = Task::new("t").with_metadata("test_list", 5);
        insta::assert_snapshot!(fault(&task), @"problem `t` can't be judged: `test_list` is no list of tests: give assert statements, or objects with `input` and `output`");
    }

    #[test]
    fn a_list_of_one_may_be_a_wrapping_where_all_are() {
        let value = |text| Value::from_json(text).unwrap();
        assert_eq!(
            accepted(vec![value("[1]"), value("[[2]]")]),
            [vec![value("[1]"), value("1")], vec![value("[[2]]"), value("[2]")]]
        );
        assert_eq!(
            accepted(vec![value("[1]"), value("[1, 2]")]),
            [vec![value("[1]")], vec![value("[1, 2]")]]
        );
    }
}
