//! MapCoder's form of APPS: a list of `{input, output}`, call-based where `starter_code` defines a function.

use restem_sdk::python::Value;

use super::input_output::text;
use super::{Malformed, PrintedTest, Problem, ReturnedTest, accepted};
use crate::literal;

/// Reads a list of `{input, output}`.
pub(super) fn read(key: &str, items: Vec<Value>, starter_code: &str) -> Result<Problem, Malformed> {
    let mut pairs = Vec::new();
    for (at, item) in items.into_iter().enumerate() {
        pairs.push(pair(item).ok_or_else(|| {
            Malformed::new(format_args!(
                "entry {at} of `{key}` should be an object with `input` and `output`"
            ))
        })?);
    }
    let Some(signature) = Signature::read(starter_code) else {
        return pairs
            .into_iter()
            .enumerate()
            .map(|(at, (input, output))| {
                Ok(PrintedTest {
                    stdin: text(input, key, at)?,
                    expected: text(output, key, at)?,
                })
            })
            .collect::<Result<_, _>>()
            .map(Problem::Printed);
    };
    let (inputs, outputs): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
    let mut tests = Vec::new();
    for (at, (input, expected)) in inputs.into_iter().zip(accepted(outputs)).enumerate() {
        let input = text(input, key, at)?;
        let lines: Vec<&str> = match signature.parameters {
            1 => vec![&input],
            _ => input.lines().collect(),
        };
        if lines.len() != signature.parameters {
            return Err(Malformed::new(format_args!(
                "entry {at} of `{key}` has {} lines of input, and `{}` of `starter_code` takes {} arguments",
                lines.len(),
                signature.name,
                signature.parameters
            )));
        }
        tests.push(ReturnedTest {
            arguments: lines.into_iter().map(argument).collect(),
            expected,
        });
    }
    Ok(Problem::Returned {
        function: signature.name.to_owned(),
        tests,
    })
}

/// A literal, or else text: these data sets write strings without quotes.
fn argument(text: &str) -> Value {
    literal::read(text).unwrap_or_else(|| Value::from(text))
}

fn pair(item: Value) -> Option<(Value, Value)> {
    let Value::Dict(entries) = item else {
        return None;
    };
    let (mut input, mut output) = (None, None);
    for (key, value) in entries {
        match key {
            Value::Str(key) if key == "input" => input = Some(value),
            Value::Str(key) if key == "output" => output = Some(value),
            _ => {}
        }
    }
    Some((input?, output?))
}

/// The function that `starter_code` begins.
struct Signature<'a> {
    name: &'a str,
    /// Without `self`.
    parameters: usize,
}

impl<'a> Signature<'a> {
    fn read(starter_code: &'a str) -> Option<Self> {
        let line = starter_code
            .lines()
            .find_map(|line| line.trim_start().strip_prefix("def "))?;
        let (name, rest) = line.split_once('(')?;
        let (mut depth, mut parameters, mut parameter) = (0, 0, String::new());
        for char in rest.chars() {
            match char {
                '(' | '[' | '{' => depth += 1,
                ')' if depth == 0 => break,
                ')' | ']' | '}' => depth -= 1,
                ',' if depth == 0 => {
                    parameters += usize::from(!is_self(&parameter));
                    parameter.clear();
                    continue;
                }
                _ => {}
            }
            parameter.push(char);
        }
        parameters += usize::from(!parameter.trim().is_empty() && !is_self(&parameter));
        Some(Self {
            name: name.trim(),
            parameters,
        })
    }
}

fn is_self(parameter: &str) -> bool {
    parameter.trim() == "self"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(json: &str, starter_code: &str) -> Result<Problem, String> {
        let Value::List(items) = Value::from_json(json).unwrap() else {
            panic!("no list")
        };
        read("test_list", items, starter_code).map_err(|Malformed(what)| what)
    }

    fn arguments(input: &str, starter_code: &str) -> Vec<Value> {
        let json = format!(r#"[{{"input": {}, "output": [true]}}]"#, Value::from(input));
        match problem(&json, starter_code).unwrap() {
            Problem::Returned { mut tests, .. } => tests.remove(0).arguments,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn without_starter_code_they_are_standard_input_and_output() {
        assert_eq!(
            problem(r#"[{"input": "1 2\n", "output": ["3\n"]}]"#, ""),
            Ok(Problem::Printed(vec![PrintedTest {
                stdin: "1 2\n".to_owned(),
                expected: "3\n".to_owned()
            }]))
        );
    }

    #[test]
    fn with_it_each_line_is_an_argument_literal_or_text() {
        assert_eq!(
            arguments("abba\n['aabb', 'abcd']", "\ndef anagrams(word, words):\n\t"),
            ["abba".into(), vec!["aabb".into(), "abcd".into()].into()]
        );
        assert_eq!(arguments("69", "\ndef super_size(n):\n\t"), [69.into()]);
        assert_eq!(
            arguments(
                "two\nlines",
                "class Solution:\n    def f(self, text: Dict[str, int]) -> int:\n"
            ),
            ["two\nlines".into()]
        );
    }

    #[test]
    fn as_many_lines_as_parameters_or_it_is_malformed() {
        insta::assert_snapshot!(
            problem(r#"[{"input": "1", "output": [1]}]"#, "def f(a, b=(1, 2)):").unwrap_err(),
            @"entry 0 of `test_list` has 1 lines of input, and `f` of `starter_code` takes 2 arguments"
        );
        insta::assert_snapshot!(problem(r#"[{"input": "1"}]"#, "").unwrap_err(), @"entry 0 of `test_list` should be an object with `input` and `output`");
    }
}
