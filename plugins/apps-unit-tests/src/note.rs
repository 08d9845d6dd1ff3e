//! Texts and values in notes: short, and printable.

use std::fmt::Write;

use restem_sdk::python::Value;

/// Characters of a text that a note shows.
pub(crate) const SHOWN: usize = 200;

/// A text in quotes, escaped, cut after [`SHOWN`] characters.
pub(crate) fn text(text: &str) -> String {
    let mut shown = String::from("\"");
    for char in text.chars().take(SHOWN) {
        match char {
            '"' => shown.push_str("\\\""),
            '\'' => shown.push('\''),
            char => shown.extend(char.escape_debug()),
        }
    }
    shown.push('"');
    let length = text.chars().count();
    if length > SHOWN {
        let _ = write!(shown, "… ({length} characters)");
    }
    shown
}

/// Words of a program, such as an exception's message: escaped and cut, without quotes.
pub(crate) fn words(words: &str) -> String {
    let shown = text(words);
    match shown.strip_prefix('"').map(|shown| shown.rsplit_once('"')) {
        Some(Some((words, rest))) => format!("{words}{rest}"),
        _ => shown,
    }
}

/// A value as Python writes it, cut after [`SHOWN`] characters.
pub(crate) fn value(value: &Value) -> String {
    let mut shown = String::new();
    let complete = print(&mut shown, value);
    if !complete || shown.chars().count() > SHOWN {
        let end = shown.char_indices().nth(SHOWN).map_or(shown.len(), |(at, _)| at);
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

/// Arguments as they stand in a call.
pub(crate) fn arguments(arguments: &[Value]) -> String {
    let shown = value(&Value::List(arguments.to_vec()));
    match shown.strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']').unwrap_or(rest).to_owned(),
        None => shown,
    }
}

/// Appends a value; false as soon as there is more than a note shows.
fn print(shown: &mut String, value: &Value) -> bool {
    match value {
        Value::None => shown.push_str("None"),
        Value::Bool(true) => shown.push_str("True"),
        Value::Bool(false) => shown.push_str("False"),
        Value::Int(int) => shown.extend(int.as_str().chars().take(SHOWN + 1)),
        Value::Float(float) => {
            let _ = write!(shown, "{float:?}");
        }
        Value::Str(string) => shown.push_str(&text(string)),
        Value::CodePoints(points) => {
            let _ = write!(shown, "text of {} characters with lone surrogates", points.len());
        }
        Value::Bytes(bytes) => {
            let _ = write!(shown, "{} bytes", bytes.len());
        }
        Value::Complex(real, imaginary) => {
            let _ = write!(shown, "complex({real:?}, {imaginary:?})");
        }
        Value::Other { type_name, repr } => {
            let _ = write!(shown, "an object of type {}: {}", words(type_name), words(repr));
        }
        Value::List(items) => return print_all(shown, "[", items, "]"),
        Value::Tuple(items) => {
            return print_all(shown, "(", items, if items.len() == 1 { ",)" } else { ")" });
        }
        Value::Set(items) => return print_all(shown, "set([", items, "])"),
        Value::Frozenset(items) => return print_all(shown, "frozenset([", items, "])"),
        Value::Dict(entries) => {
            shown.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                if at > 0 {
                    shown.push_str(", ");
                }
                if !print(shown, key) {
                    return false;
                }
                shown.push_str(": ");
                if !print(shown, value) {
                    return false;
                }
            }
            shown.push('}');
        }
    }
    shown.len() <= 8 * SHOWN
}

fn print_all(shown: &mut String, open: &str, items: &[Value], close: &str) -> bool {
    shown.push_str(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            shown.push_str(", ");
        }
        if !print(shown, item) {
            return false;
        }
    }
    shown.push_str(close);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_printable_and_short() {
        assert_eq!(text("a\n\u{1b}[31m\"é'"), r#""a\n\u{1b}[31m\"é'""#);
        let long = text(&"x".repeat(5000));
        assert!(long.ends_with("x\"… (5000 characters)"), "{long}");
        assert_eq!(words("a\0b"), "a\\0b");
        assert_eq!(words("say \"x\""), "say \\\"x\\\"");
    }

    #[test]
    fn values_look_like_python() {
        let shown = |encoded| value(&Value::parse(encoded).unwrap());
        assert_eq!(
            shown(r#"[1, {"tuple": [2.0]}, {"dict": [["a", null]]}, true, {"set": []}]"#),
            r#"[1, (2.0,), {"a": None}, True, set([])]"#
        );
        assert_eq!(
            shown(r#"{"other": {"type": "Equal", "repr": "<x>"}}"#),
            "an object of type Equal: <x>"
        );
        let long = value(&Value::List(vec![Value::from(7); 1_000_000]));
        assert!(long.ends_with('…') && long.chars().count() == SHOWN + 1);
        assert_eq!(arguments(&[1.into(), "x".into()]), r#"1, "x""#);
    }
}
