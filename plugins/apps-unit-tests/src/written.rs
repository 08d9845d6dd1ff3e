//! Values as Python source.

use std::fmt::Write;

use restem_sdk::python::Value;

/// An expression that is this value. None for a value that only a program can make.
pub(crate) fn written(value: &Value) -> Option<String> {
    let mut source = String::new();
    write(&mut source, value).then_some(source)
}

/// Appends an expression; false where there is none.
fn write(source: &mut String, value: &Value) -> bool {
    match value {
        Value::None => source.push_str("None"),
        Value::Bool(true) => source.push_str("True"),
        Value::Bool(false) => source.push_str("False"),
        Value::Int(int) => source.push_str(int.as_str()),
        Value::Float(float) if float.is_finite() => {
            let _ = write!(source, "{float:?}");
        }
        Value::Float(float) => {
            let _ = write!(source, "float(\"{float}\")");
        }
        Value::Str(text) => points(source, text.chars().map(u32::from)),
        Value::CodePoints(text) => points(source, text.iter().copied()),
        Value::List(items) => return all(source, "[", items, "]"),
        Value::Tuple(items) => return all(source, "tuple([", items, "])"),
        Value::Set(items) => return all(source, "set([", items, "])"),
        Value::Frozenset(items) => return all(source, "frozenset([", items, "])"),
        Value::Dict(entries) => {
            source.push('{');
            for (key, value) in entries {
                if !write(source, key) {
                    return false;
                }
                source.push_str(": ");
                if !write(source, value) {
                    return false;
                }
                source.push_str(", ");
            }
            source.push('}');
        }
        Value::Bytes(bytes) => {
            source.push_str("b\"");
            for byte in bytes {
                let _ = write!(source, "\\x{byte:02x}");
            }
            source.push('"');
        }
        Value::Complex(real, imaginary) => {
            return all(source, "complex(*[", &[(*real).into(), (*imaginary).into()], "])");
        }
        Value::Other { .. } => return false,
    }
    true
}

fn all(source: &mut String, open: &str, items: &[Value], close: &str) -> bool {
    source.push_str(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            source.push_str(", ");
        }
        if !write(source, item) {
            return false;
        }
    }
    source.push_str(close);
    true
}

fn points(source: &mut String, points: impl Iterator<Item = u32>) {
    source.push('"');
    for point in points {
        let _ = match char::from_u32(point) {
            Some('\n') => write!(source, "\\n"),
            Some(char @ ('"' | '\\')) => write!(source, "\\{char}"),
            Some(char @ ' '..='~') => write!(source, "{char}"),
            _ if point < 1 << 16 => write!(source, "\\u{point:04x}"),
            _ => write!(source, "\\U{point:08x}"),
        };
    }
    source.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::literal;

    fn from(encoded: &str) -> Option<String> {
        written(&Value::parse(encoded).unwrap())
    }

    #[test]
    fn every_value_that_can_be_written_is_an_expression() {
        let encoded = r#"[null, true, -5, 0.1, 1e100, "a\"\\\n\u0000é😀", {"str": [55296]}, {"dict": [["k", 1], [2, []]]},
            {"tuple": [1]}, {"set": [1]}, {"frozenset": []}, {"bytes": "00ff"}, {"complex": [1.0, -0.5]}, {"float": "nan"},
            {"float": "-inf"}]"#;
        insta::assert_snapshot!(from(encoded).unwrap(), @r#"[None, True, -5, 0.1, 1e100, "a\"\\\n\u0000\u00e9\U0001f600", "\ud800", {"k": 1, 2: [], }, tuple([1]), set([1]), frozenset([]), b"\x00\xff", complex(*[1.0, -0.5]), float("NaN"), float("-inf")]"#);
        assert_eq!(from(r#"[{"other": {"type": "A", "repr": "1"}}]"#), None);
    }

    proptest::proptest! {
        #[test]
        fn text_is_read_as_it_was_written(text in "[ -~\n]{0,40}") {
            let value = Value::from(text.as_str());
            proptest::prop_assert_eq!(literal::read(&written(&value).unwrap()), Some(value));
        }
    }
}
