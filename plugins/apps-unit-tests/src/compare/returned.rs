//! A returned value against an expected one.

use std::collections::HashMap;

use restem_sdk::python::{Int, Value};

use super::float::close;

/// Whether a returned value is the expected one. Expected values come from JSON: they hold no tuples, and their dicts have text keys.
#[must_use]
pub fn returned(expected: &Value, got: &Value, tolerance: f64) -> bool {
    match (expected, got) {
        (Value::None, Value::None) => true,
        (Value::Str(expected), Value::Str(got)) => expected == got,
        (Value::CodePoints(expected), Value::CodePoints(got)) => expected == got,
        (Value::List(expected), Value::List(got) | Value::Tuple(got)) => {
            expected.len() == got.len()
                && expected
                    .iter()
                    .zip(got)
                    .all(|(expected, got)| returned(expected, got, tolerance))
        }
        (Value::Dict(expected), Value::Dict(got)) => same_dict(expected, got, tolerance),
        _ => match (Number::of(expected), Number::of(got)) {
            (Some(expected), Some(got)) => expected.equals(&got, tolerance),
            _ => false,
        },
    }
}

/// JSON turns keys into text: the key `1` may have been `1` or `"1"`.
fn same_dict(expected: &[(Value, Value)], got: &[(Value, Value)], tolerance: f64) -> bool {
    if expected.len() != got.len() {
        return false;
    }
    let mut found = HashMap::with_capacity(got.len());
    for (key, value) in got {
        let key = match key {
            Value::Str(text) => text.as_str(),
            Value::Int(int) => int.as_str(),
            _ => return false,
        };
        if found.insert(key, value).is_some() {
            return false;
        }
    }
    expected.iter().all(|(key, value)| {
        let Value::Str(key) = key else { return false };
        found
            .get(key.as_str())
            .is_some_and(|got| returned(value, got, tolerance))
    })
}

/// Numbers as Python's `==` sees them: `True` is 1, and 1 is 1.0.
enum Number<'a> {
    Bool(bool),
    Int(&'a Int),
    Float(f64),
}

impl<'a> Number<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::Bool(bool) => Some(Self::Bool(*bool)),
            Value::Int(int) => Some(Self::Int(int)),
            Value::Float(float) => Some(Self::Float(*float)),
            _ => None,
        }
    }

    fn exact(&self) -> Option<Int> {
        match self {
            Self::Bool(bool) => Some(Int::from(i64::from(*bool))),
            Self::Int(int) => Some((*int).clone()),
            Self::Float(float) => Int::from_float(*float),
        }
    }

    fn float(&self) -> Option<f64> {
        match self {
            Self::Bool(bool) => Some(f64::from(u8::from(*bool))),
            Self::Int(int) => int.as_str().parse().ok(),
            Self::Float(float) => Some(*float),
        }
    }

    fn equals(&self, got: &Self, tolerance: f64) -> bool {
        match self {
            Self::Float(expected) => got.float().is_some_and(|got| close(*expected, got, tolerance)),
            Self::Bool(_) | Self::Int(_) => self.exact() == got.exact(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(expected: &str, got: &str) -> bool {
        returned(
            &Value::from_json(expected).unwrap(),
            &Value::parse(got).unwrap(),
            1e-9,
        )
    }

    #[test]
    fn rule_1_tuples_are_lists() {
        assert!(same("[1, [2, 3]]", r#"{"tuple": [1, {"tuple": [2, 3]}]}"#));
        assert!(!same("[1, 2]", "[2, 1]"));
        assert!(!same("[1, 2]", "[1]"));
    }

    #[test]
    fn rule_2_sets_and_strings_are_not_lists() {
        assert!(!same("[1]", r#"{"set": [1]}"#));
        assert!(!same(r#"["a"]"#, r#""a""#));
    }

    #[test]
    fn rule_3_numbers_are_equal_as_in_python() {
        for (expected, got) in [
            ("1", "1.0"),
            ("true", "1"),
            ("1", "true"),
            ("0", "-0.0"),
            ("false", "0.0"),
        ] {
            assert!(same(expected, got), "{got} for {expected}");
        }
        for (expected, got) in [
            ("1", "1.0000000001"),
            ("1000000000000000000000001", "1000000000000000000000000"),
            ("9007199254740993", "9007199254740992.0"),
            ("true", r#""True""#),
            ("1", r#""1""#),
            ("null", "false"),
            ("0", "null"),
            ("1", r#"{"float": "nan"}"#),
        ] {
            assert!(!same(expected, got), "{got} for {expected}");
        }
        assert!(same("1208925819614629174706176", "1.208925819614629174706176e24"));
    }

    #[test]
    fn rule_4_floats_may_be_off_by_the_tolerance_where_the_expected_value_is_one() {
        assert!(same("0.3", "0.30000000000000004"));
        assert!(same("2.0", "2"));
        assert!(!same("0.3", "0.3001"));
        assert!(!same("30001.3", "30001.35"));
        assert!(!same("1.5", r#"{"float": "inf"}"#));
    }

    #[test]
    fn rule_5_text_is_equal_letter_for_letter() {
        assert!(same(r#""a b""#, r#""a b""#));
        assert!(!same(r#""a b""#, r#""a b ""#));
        assert!(!same(r#""Zonk""#, r#""zonk""#));
    }

    #[test]
    fn rule_6_keys_that_json_made_text_may_be_integers() {
        assert!(same(r#"{"1": "x", "a": 2}"#, r#"{"dict": [["a", 2], [1, "x"]]}"#));
        assert!(same(r#"{"1": "x"}"#, r#"{"dict": [["1", "x"]]}"#));
        assert!(!same(r#"{"1": "x"}"#, r#"{"dict": [[1, "y"]]}"#));
        assert!(!same(
            r#"{"1": "x", "2": "x"}"#,
            r#"{"dict": [[1, "x"], ["1", "x"]]}"#
        ));
        assert!(!same(r#"{"1": 1}"#, r#"{"dict": [[1, 1], [2, 2]]}"#));
    }

    #[test]
    fn rule_7_what_is_no_plain_value_equals_nothing() {
        assert!(!same(
            r#""<x>""#,
            r#"{"other": {"type": "Equal", "repr": "<x>"}}"#
        ));
        assert!(!same("1", r#"{"complex": [1.0, 0.0]}"#));
    }
}
