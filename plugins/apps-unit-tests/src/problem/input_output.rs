//! APPS: `{inputs, outputs, fn_name?}`.

use restem_sdk::python::{Int, Value};

use super::{Malformed, PrintedTest, Problem, ReturnedTest, accepted};

/// Reads an `input_output` object.
pub(super) fn read(tests: Value) -> Result<Problem, Malformed> {
    let Value::Dict(entries) = tests else {
        return Err(Malformed::new(
            "`input_output` should be an object with `inputs` and `outputs`",
        ));
    };
    let (mut inputs, mut outputs, mut function) = (None, None, None);
    for (key, value) in entries {
        match (&key, value) {
            (Value::Str(key), Value::List(items)) if key == "inputs" => inputs = Some(items),
            (Value::Str(key), Value::List(items)) if key == "outputs" => outputs = Some(items),
            (Value::Str(key), Value::Str(name)) if key == "fn_name" => function = Some(name),
            _ => {}
        }
    }
    let missing = |key| move || Malformed::new(format_args!("`input_output` should have a list of `{key}`"));
    let inputs = inputs.ok_or_else(missing("inputs"))?;
    let outputs = outputs.ok_or_else(missing("outputs"))?;
    if inputs.len() != outputs.len() {
        return Err(Malformed::new(format_args!(
            "`input_output` has {} inputs and {} outputs",
            inputs.len(),
            outputs.len()
        )));
    }
    match function {
        Some(function) => {
            let tests = inputs
                .into_iter()
                .zip(accepted(outputs))
                .enumerate()
                .map(|(at, (input, expected))| {
                    Ok(ReturnedTest {
                        arguments: arguments(input, at)?,
                        expected,
                    })
                })
                .collect::<Result<_, Malformed>>()?;
            Ok(Problem::Returned { function, tests })
        }
        None => inputs
            .into_iter()
            .zip(outputs)
            .enumerate()
            .map(|(at, (input, output))| {
                Ok(PrintedTest {
                    stdin: text(input, "inputs", at)?,
                    expected: text(output, "outputs", at)?,
                })
            })
            .collect::<Result<_, _>>()
            .map(Problem::Printed),
    }
}

/// Text, or a list of lines.
pub(super) fn text(value: Value, key: &str, at: usize) -> Result<String, Malformed> {
    let wrong = || {
        Malformed::new(format_args!(
            "entry {at} of `{key}` should be text or a list of lines"
        ))
    };
    match value {
        Value::Str(text) => Ok(text),
        Value::List(lines) => lines
            .into_iter()
            .map(|line| match line {
                Value::Str(line) => Ok(line),
                _ => Err(wrong()),
            })
            .collect::<Result<Vec<_>, _>>()
            .map(|lines| lines.join("\n")),
        _ => Err(wrong()),
    }
}

/// A list of arguments, or one line of JSON for each.
fn arguments(value: Value, at: usize) -> Result<Vec<Value>, Malformed> {
    let arguments = match value {
        Value::List(arguments) => arguments,
        Value::Str(lines) => lines
            .lines()
            .map(Value::from_json)
            .collect::<Result<_, _>>()
            .map_err(|error| {
                Malformed::new(format_args!(
                    "entry {at} of `inputs` is text, and should hold an argument in JSON on each line: {error}"
                ))
            })?,
        _ => {
            return Err(Malformed::new(format_args!(
                "entry {at} of `inputs` should be a list of arguments"
            )));
        }
    };
    Ok(arguments.into_iter().map(with_integer_keys).collect())
}

/// JSON turns keys into text. Where all keys of an argument are integers, that is what they were.
fn with_integer_keys(argument: Value) -> Value {
    let Value::Dict(entries) = &argument else {
        return argument;
    };
    entries
        .iter()
        .map(|(key, value)| match key {
            Value::Str(key) => Int::parse(key).map(|key| (Value::Int(key), value.clone())),
            _ => None,
        })
        .collect::<Option<Vec<_>>>()
        .map_or(argument, Value::Dict)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(json: &str) -> Result<Problem, String> {
        read(Value::from_json(json).unwrap()).map_err(|Malformed(what)| what)
    }

    #[test]
    fn standard_input_is_text_or_lines() {
        let wanted = vec![PrintedTest {
            stdin: "1\n2".to_owned(),
            expected: "3\n4".to_owned(),
        }];
        for json in [
            r#"{"inputs": ["1\n2"], "outputs": ["3\n4"]}"#,
            r#"{"inputs": [["1", "2"]], "outputs": [["3", "4"]], "fn_name": null}"#,
        ] {
            assert_eq!(problem(json), Ok(Problem::Printed(wanted.clone())));
        }
    }

    #[test]
    fn arguments_are_a_list_or_lines_of_json() {
        let Ok(Problem::Returned { function, tests }) =
            problem(r#"{"fn_name": "f", "inputs": [[1, "a"], "1\n\"a\""], "outputs": [[2], [2]]}"#)
        else {
            panic!("unread")
        };
        assert_eq!(function, "f");
        assert_eq!(tests[0], tests[1]);
        assert_eq!(tests[0].arguments, [1.into(), "a".into()]);
        assert_eq!(tests[0].expected, [vec![2.into()].into(), Value::from(2)]);
    }

    #[test]
    fn keys_of_an_argument_become_integers_where_all_are() {
        let of = |json| with_integer_keys(Value::from_json(json).unwrap()).to_string();
        assert_eq!(of(r#"{"1": "x", "-2": 3}"#), r#"{"dict":[[1,"x"],[-2,3]]}"#);
        assert_eq!(of(r#"{"1": "x", "a": 3}"#), r#"{"dict":[["1","x"],["a",3]]}"#);
        assert_eq!(of(r#"[{"1": 2}]"#), r#"[{"dict":[["1",2]]}]"#);
    }

    #[test]
    fn what_is_malformed_is_said_with_its_place() {
        insta::assert_snapshot!(problem("[]").unwrap_err(), @"`input_output` should be an object with `inputs` and `outputs`");
        insta::assert_snapshot!(problem(r#"{"inputs": []}"#).unwrap_err(), @"`input_output` should have a list of `outputs`");
        insta::assert_snapshot!(problem(r#"{"inputs": ["1"], "outputs": []}"#).unwrap_err(), @"`input_output` has 1 inputs and 0 outputs");
        insta::assert_snapshot!(problem(r#"{"inputs": ["1", 2], "outputs": ["1", "2"]}"#).unwrap_err(), @"entry 1 of `inputs` should be text or a list of lines");
        insta::assert_snapshot!(problem(r#"{"fn_name": "f", "inputs": ["x"], "outputs": [1]}"#).unwrap_err(), @"entry 0 of `inputs` is text, and should hold an argument in JSON on each line: byte 0 of the text should be a value");
    }
}
