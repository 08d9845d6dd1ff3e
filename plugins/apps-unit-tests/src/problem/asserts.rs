//! HumanEval and MBPP: tests are Python that calls the program and asserts.

use restem_sdk::Task;
use restem_sdk::python::Value;

use super::{Malformed, field};
use crate::config::Config;
use crate::scan;
use crate::source::Source;

/// Assert-style tests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asserts {
    /// What the tests take from the program.
    pub(crate) names: Vec<String>,
    /// Each a program of its own.
    pub(crate) tests: Vec<Assertion>,
    /// HumanEval's prompt, where it begins the function that is asked for.
    pub(super) prompt: Option<Prompt>,
}

/// One test program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Assertion {
    /// What to show of it.
    pub(crate) shown: String,
    pub(crate) source: String,
}

/// Python that begins a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    entry_point: String,
    text: String,
    /// Imports and functions that stand before the one that is asked for.
    helpers: String,
}

impl Asserts {
    /// The program of a completion's code: the prompt continued, where the code does not define the function itself.
    pub(crate) fn program(&self, preamble: &str, code: &str) -> Source {
        match &self.prompt {
            None => Source::behind(&[preamble], code),
            Some(prompt) if scan::defines(code, &prompt.entry_point) => {
                Source::behind(&[preamble, &prompt.helpers], code)
            }
            Some(prompt) => Source::behind(&[preamble, &prompt.text], code),
        }
    }
}

/// HumanEval: `test` defines `check(candidate)`, or asserts by itself.
pub(super) fn with_entry_point(task: &Task, test: &str) -> Result<Asserts, Malformed> {
    let entry_point = entry_point(task)?.ok_or_else(|| {
        Malformed::new("`test` needs an `entry_point`: the name of the function that it checks")
    })?;
    let text = prompt_text(task)?.ok_or_else(|| {
        Malformed::new("`test` needs the problem's `prompt`: tests use the functions that it defines")
    })?;
    let prompt = begun(text, entry_point);
    // The tests have helpers of their own: a program that changes its copies changes nothing.
    let mut source = prompt
        .as_ref()
        .map_or_else(String::new, |prompt| prompt.helpers.clone());
    source.push_str(test);
    let names = if scan::defines(test, "check") {
        source.push_str(&format!("\n\ncheck({entry_point})\n"));
        vec![entry_point.to_owned()]
    } else {
        called_with(entry_point, &source)
    };
    Ok(Asserts {
        names,
        tests: vec![Assertion {
            shown: format!("check({entry_point})"),
            source,
        }],
        prompt,
    })
}

/// The name of the function that is asked for.
pub(super) fn entry_point(task: &Task) -> Result<Option<&str>, Malformed> {
    let name = field::text(task, "entry_point")?;
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|char| char.is_alphanumeric() || char == '_');
    match name {
        Some(name) if !is_name(name) => Err(Malformed::new(format_args!(
            "`entry_point` should be a function's name, and is {name:?}"
        ))),
        name => Ok(name),
    }
}

/// The benchmark's own prompt, or else the task's.
pub(super) fn prompt_text(task: &Task) -> Result<Option<&str>, Malformed> {
    Ok(field::text(task, "prompt")?.or(task.prompt.as_deref()))
}

/// A prompt that begins the function that is asked for; None for one in words.
pub(super) fn begun(text: &str, entry_point: &str) -> Option<Prompt> {
    let start = text
        .match_indices("def ")
        .map(|(at, _)| at)
        .find(|&at| {
            let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
            matches!(&text[line..at], "" | "async ")
                && scan::defines(text[at..].lines().next().unwrap_or(""), entry_point)
        })
        .map(|at| text[..at].rfind('\n').map_or(0, |end| end + 1));
    start.map(|start| Prompt {
        entry_point: entry_point.to_owned(),
        text: text.to_owned(),
        helpers: text[..start].to_owned(),
    })
}

fn called_with(entry_point: &str, source: &str) -> Vec<String> {
    let mut names = scan::called(source);
    if !names.iter().any(|name| name == entry_point) {
        names.push(entry_point.to_owned());
    }
    names
}

/// MBPP: `test_list` of assert statements behind `test_setup_code` and `test_imports`.
pub(super) fn list(task: &Task, items: Vec<Value>, config: &Config) -> Result<Asserts, Malformed> {
    let mut setup = String::new();
    for line in statements(field::json(task, "test_imports")?, "test_imports")? {
        setup.push_str(&line);
        setup.push('\n');
    }
    let code = field::text(task, "test_setup_code")?.unwrap_or_default();
    if !code.trim().is_empty() {
        setup.push_str(code);
        setup.push('\n');
    }
    let mut asserts = statements(Some(Value::List(items)), "test_list")?;
    if config.challenge_tests {
        asserts.extend(statements(
            field::json(task, "challenge_test_list")?,
            "challenge_test_list",
        )?);
    }
    let mut names = scan::called(&format!("{setup}\n{}", asserts.join("\n")));
    if names.is_empty() {
        // `assert sum(10, 15) == 6` asks for another `sum`.
        names.extend(asserts.iter().find_map(|assert| scan::first_called(assert)));
    }
    if names.is_empty() && !asserts.is_empty() {
        return Err(Malformed::new("`test_list` calls no function"));
    }
    Ok(Asserts {
        names,
        tests: asserts
            .into_iter()
            .map(|assert| Assertion {
                source: format!("{setup}{assert}\n"),
                shown: assert,
            })
            .collect(),
        prompt: None,
    })
}

fn statements(list: Option<Value>, key: &str) -> Result<Vec<String>, Malformed> {
    let wrong = || Malformed::new(format_args!("`{key}` should be a list of Python statements"));
    match list {
        None => Ok(Vec::new()),
        Some(Value::List(items)) => items
            .into_iter()
            .map(|item| match item {
                Value::Str(text) => Ok(text),
                _ => Err(wrong()),
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use restem_sdk::serde_json::json;

    use super::*;

    const PROMPT: &str =
        "import math\n\n\ndef poly(xs, x):\n    return 0\n\n\ndef find_zero(xs):\n    \"\"\" doc \"\"\"\n";

    fn human_eval() -> Task {
        Task::new("t")
            .with_prompt(PROMPT)
            .with_metadata("entry_point", "find_zero")
            .with_metadata(
                "test",
                "def check(candidate):\n    assert poly(candidate([1]), 1) == 0\n",
            )
    }

    fn read(task: &Task) -> Result<Asserts, String> {
        with_entry_point(task, task.metadata["test"].as_str().unwrap()).map_err(|Malformed(what)| what)
    }

    #[test]
    fn tests_have_the_prompt_s_helpers_and_the_program_s_function() {
        let asserts = read(&human_eval()).unwrap();
        assert_eq!(asserts.names, ["find_zero"]);
        assert_eq!(
            asserts.tests[0].source,
            "import math\n\n\ndef poly(xs, x):\n    return 0\n\n\ndef check(candidate):\n    assert poly(candidate([1]), 1) == 0\n\n\ncheck(find_zero)\n"
        );
    }

    #[test]
    fn a_completion_continues_the_prompt_unless_it_defines_the_function() {
        let asserts = read(&human_eval()).unwrap();
        let continued = asserts.program("", "    return poly(xs, 0)\n");
        assert_eq!(continued.text, format!("{PROMPT}    return poly(xs, 0)\n"));
        assert_eq!(continued.own_line(10), Some(1));
        let whole = asserts.program("import re\n", "def find_zero(xs):\n    return 1\n");
        assert_eq!(
            whole.text,
            "import re\nimport math\n\n\ndef poly(xs, x):\n    return 0\n\n\ndef find_zero(xs):\n    return 1\n"
        );
    }

    #[test]
    fn a_prompt_in_words_is_not_continued() {
        let asserts = read(&human_eval().with_prompt("Write find_zero.")).unwrap();
        assert_eq!(asserts.program("", "x = 1\n").text, "x = 1\n");
        assert!(asserts.tests[0].source.starts_with("def check"));
    }

    #[test]
    fn metadata_may_hold_the_prompt() {
        let task = human_eval()
            .with_prompt("Complete this function, please.")
            .with_metadata("prompt", PROMPT);
        assert!(read(&task).unwrap().prompt.is_some());
    }

    #[test]
    fn tests_without_a_check_function_run_as_they_are() {
        let task = human_eval().with_metadata("test", "assert find_zero([helper(1)]) == 1\n");
        let asserts = read(&task).unwrap();
        assert_eq!(asserts.names, ["find_zero", "helper"]);
        assert!(
            asserts.tests[0]
                .source
                .ends_with("assert find_zero([helper(1)]) == 1\n")
        );
    }

    #[test]
    fn what_a_human_eval_problem_lacks_is_said() {
        let mut task = human_eval();
        task.prompt = None;
        insta::assert_snapshot!(read(&task).unwrap_err(), @"`test` needs the problem's `prompt`: tests use the functions that it defines");
        insta::assert_snapshot!(read(&human_eval().with_metadata("entry_point", "f(1)")).unwrap_err(), @r#"`entry_point` should be a function's name, and is "f(1)""#);
        task.metadata.remove("entry_point");
        insta::assert_snapshot!(read(&task).unwrap_err(), @"`test` needs an `entry_point`: the name of the function that it checks");
    }

    fn mbpp(config: &Config) -> Result<Asserts, String> {
        let task = Task::new("t")
            .with_metadata("test_setup_code", "root = Node(1)\r\n")
            .with_metadata("challenge_test_list", json!(["assert height(root) == 4"]));
        let tests = vec![
            "assert (max_height(root)) == 3".into(),
            "assert set(other(1)) == {1}".into(),
        ];
        list(&task, tests, config).map_err(|Malformed(what)| what)
    }

    #[test]
    fn each_assert_is_a_test_of_its_own_behind_the_set_up() {
        let asserts = mbpp(&Config::default()).unwrap();
        assert_eq!(asserts.names, ["Node", "max_height", "other"]);
        assert_eq!(asserts.tests.len(), 2);
        assert_eq!(
            asserts.tests[0].source,
            "root = Node(1)\r\n\nassert (max_height(root)) == 3\n"
        );
    }

    #[test]
    fn challenge_tests_count_when_asked_for() {
        let config = Config {
            challenge_tests: true,
            ..Config::default()
        };
        assert_eq!(mbpp(&config).unwrap().tests.len(), 3);
    }

    #[test]
    fn a_list_of_something_else_is_malformed() {
        let task = Task::new("t");
        let read = |items| {
            list(&task, items, &Config::default())
                .map_err(|Malformed(what)| what)
                .unwrap_err()
        };
        insta::assert_snapshot!(read(vec![1.into()]), @"`test_list` should be a list of Python statements");
        insta::assert_snapshot!(read(vec!["assert 1".into()]), @"`test_list` calls no function");
    }
}
