//! Checks a list of values in the encoding of the WIT interface `python` before the harness reads it.

use serde_json::Value;

/// Checks that `arguments` is a list of values.
///
/// # Errors
/// A sentence that says what is wrong, for the plugin's author.
pub(crate) fn check_arguments(arguments: &str) -> Result<(), String> {
    let tree: Value = serde_json::from_str(arguments)
        .map_err(|error| format!("the arguments are no JSON: {error}\n  arguments: {}", cut(arguments)))?;
    let Value::Array(items) = tree else {
        return Err(format!("the arguments are no list: {}", cut(arguments)));
    };
    match items.iter().find_map(wrong) {
        None => Ok(()),
        Some(part) => Err(format!(
            "the arguments hold what is no value of the encoding: {}",
            cut(&part.to_string())
        )),
    }
}

/// The first part that is no value.
fn wrong(value: &Value) -> Option<&Value> {
    let Value::Object(tagged) = value else {
        return value.as_array().and_then(|items| items.iter().find_map(wrong));
    };
    let mut tags = tagged.iter();
    let (Some((tag, inner)), None) = (tags.next(), tags.next()) else {
        return Some(value);
    };
    let list = inner.as_array();
    match (tag.as_str(), list) {
        ("tuple" | "set" | "frozenset", Some(items)) => items.iter().find_map(wrong),
        ("dict", Some(pairs)) => pairs.iter().find_map(|pair| match pair.as_array() {
            Some(pair) if pair.len() == 2 => pair.iter().find_map(wrong),
            _ => Some(value),
        }),
        ("complex", Some(parts)) => (parts.len() != 2 || !parts.iter().all(is_float)).then_some(value),
        ("str", Some(points)) => (!points.iter().all(is_code_point)).then_some(value),
        ("bytes", None) => (!inner.as_str().is_some_and(is_hex)).then_some(value),
        ("float", None) => (!inner.as_str().is_some_and(is_special)).then_some(value),
        _ => Some(value),
    }
}

fn is_float(value: &Value) -> bool {
    value.is_number()
        || value
            .get("float")
            .and_then(Value::as_str)
            .is_some_and(is_special)
}

fn is_special(text: &str) -> bool {
    ["inf", "-inf", "nan"].contains(&text)
}

fn is_code_point(value: &Value) -> bool {
    value.as_u64().is_some_and(|point| point <= 0x10_FFFF)
}

fn is_hex(text: &str) -> bool {
    text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn cut(text: &str) -> String {
    const LONGEST: usize = 200;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_the_encoding_is_taken() {
        let arguments = r#"[null, true, "x", [1, 1.5], {"float": "-inf"}, {"tuple": [1, {"set": []}]},
            {"frozenset": [1]}, {"dict": [["a", {"bytes": "00ff"}]]}, {"complex": [1.0, {"float": "nan"}]},
            {"str": [55296]}]"#;
        assert_eq!(check_arguments(arguments), Ok(()));
    }

    #[test]
    fn what_is_no_value_is_named() {
        let wrong = |arguments| check_arguments(arguments).unwrap_err();
        insta::assert_snapshot!(wrong("{}"), @"the arguments are no list: {}");
        insta::assert_snapshot!(wrong("[1"), @r#"
        the arguments are no JSON: EOF while parsing a list at line 1 column 2
          arguments: [1
        "#);
        insta::assert_snapshot!(wrong(r#"[[{"other": {"type": "f", "repr": "f"}}]]"#), @r#"the arguments hold what is no value of the encoding: {"other":{"repr":"f","type":"f"}}"#);
        for bad in [
            r#"[{}]"#,
            r#"[{"tuple": [], "set": []}]"#,
            r#"[{"dict": [[1]]}]"#,
            r#"[{"bytes": "0"}]"#,
            r#"[{"float": "1"}]"#,
            r#"[{"complex": [1]}]"#,
            r#"[{"str": [-1]}]"#,
        ] {
            assert!(check_arguments(bad).is_err(), "{bad}");
        }
    }
}
