//! Checks a list of values in the encoding of the WIT interface `python` before the harness reads it.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// Deepest nesting: the harness walks it by recursion.
const DEEPEST: u32 = 100;

/// Checks that `arguments` is a list of values. Numbers stay text, for they may be longer than any type of ours.
///
/// # Errors
/// A sentence that says what is wrong, for the plugin's author.
pub(crate) fn check_arguments(arguments: &str) -> Result<(), String> {
    let list: &RawValue = serde_json::from_str(arguments).map_err(|error| {
        format!(
            "the arguments are no JSON: {error}\n  arguments: {}",
            cut(arguments)
        )
    })?;
    let Some(items) = list_of(list) else {
        return Err(format!("the arguments are no list: {}", cut(arguments)));
    };
    match items.into_iter().find_map(|item| wrong(item, DEEPEST)) {
        None => Ok(()),
        Some(part) => Err(format!(
            "the arguments hold what is no value of the encoding, or is nested too deep: {}",
            cut(part.get())
        )),
    }
}

/// The first part that is no value.
fn wrong(value: &RawValue, deepest: u32) -> Option<&RawValue> {
    let Some(deeper) = deepest.checked_sub(1) else {
        return Some(value);
    };
    let each = |items: Vec<_>| items.into_iter().find_map(|item| wrong(item, deeper));
    match value.get().as_bytes()[0] {
        b'[' => return list_of(value).map_or(Some(value), each),
        b'{' => {}
        _ => return None,
    }
    let tagged: BTreeMap<&str, &RawValue> = serde_json::from_str(value.get()).unwrap_or_default();
    let mut tags = tagged.into_iter();
    let (Some((tag, inner)), None) = (tags.next(), tags.next()) else {
        return Some(value);
    };
    match (tag, list_of(inner)) {
        ("tuple" | "set" | "frozenset", Some(items)) => each(items),
        ("dict", Some(pairs)) => pairs.into_iter().find_map(|pair| match list_of(pair) {
            Some(pair) if pair.len() == 2 => each(pair),
            _ => Some(value),
        }),
        ("complex", Some(parts)) => (parts.len() != 2 || !parts.into_iter().all(is_float)).then_some(value),
        ("str", Some(points)) => (!points.into_iter().all(is_code_point)).then_some(value),
        ("bytes", None) => (!text_of(inner).is_some_and(is_hex)).then_some(value),
        ("float", None) => (!text_of(inner).is_some_and(is_special)).then_some(value),
        _ => Some(value),
    }
}

fn list_of(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

fn text_of(value: &RawValue) -> Option<&str> {
    serde_json::from_str(value.get()).ok()
}

fn is_float(value: &RawValue) -> bool {
    let special = |tagged: BTreeMap<&str, &str>| {
        tagged.len() == 1 && tagged.get("float").is_some_and(|text| is_special(text))
    };
    serde_json::from_str::<f64>(value.get()).is_ok() || serde_json::from_str(value.get()).is_ok_and(special)
}

fn is_special(text: &str) -> bool {
    ["inf", "-inf", "nan"].contains(&text)
}

fn is_code_point(value: &RawValue) -> bool {
    serde_json::from_str::<u32>(value.get()).is_ok_and(|point| point <= 0x10_FFFF)
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
        insta::assert_snapshot!(wrong(r#"[[{"other": {"type": "f", "repr": "f"}}]]"#), @r#"the arguments hold what is no value of the encoding, or is nested too deep: {"other": {"type": "f", "repr": "f"}}"#);
        assert!(check_arguments(&format!("[{}]", "7".repeat(20_000))).is_ok());
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        assert!(check_arguments(&deep).is_err());
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
