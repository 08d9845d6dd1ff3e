//! Fields of a problem's metadata.

use restem_sdk::Task;
use restem_sdk::python::Value;
use restem_sdk::serde_json;

use super::Malformed;

/// A field that holds JSON: as it is, or as text, as APPS publishes it. None when it is missing or null.
pub(super) fn json(task: &Task, key: &str) -> Result<Option<Value>, Malformed> {
    match task.metadata.get(key) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Value::from_json(text)
            .map(Some)
            .map_err(|error| Malformed::new(format_args!("`{key}` is text, and should be JSON: {error}"))),
        Some(value) if is_rounded(value) && !keeps_digits() => Err(Malformed::new(format_args!(
            "`{key}` holds a number beyond 64 bits, whose digits are lost on the way: give the field as text that holds the JSON"
        ))),
        Some(value) => Value::from_json(&value.to_string())
            .map(Some)
            .map_err(|error| Malformed::new(format_args!("`{key}`: {error}"))),
    }
}

/// A field that holds text. None when it is missing or null.
pub(super) fn text<'a>(task: &'a Task, key: &str) -> Result<Option<&'a str>, Malformed> {
    match task.metadata.get(key) {
        None | Some(serde_json::Value::Null) => Ok(None),
        Some(serde_json::Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Malformed::new(format_args!("`{key}` should be text"))),
    }
}

/// Whether a number in it can't be told from an integer that a reader of JSON rounded to a float.
fn is_rounded(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Number(number) => {
            number.is_f64() && number.as_f64().is_none_or(|float| float.abs() >= i64::MAX as f64)
        }
        serde_json::Value::Array(items) => items.iter().any(is_rounded),
        serde_json::Value::Object(entries) => entries.values().any(is_rounded),
        _ => false,
    }
}

/// Whether `serde_json` is built to keep the digits of numbers.
fn keeps_digits() -> bool {
    const BEYOND: &str = "18446744073709551617";
    serde_json::from_str::<serde_json::Value>(BEYOND).is_ok_and(|number| !number.is_f64())
}

#[cfg(test)]
mod tests {
    use restem_sdk::python::Int;

    use super::*;

    fn task(text: &str) -> Task {
        Task::new("t").with_metadata("x", serde_json::from_str::<serde_json::Value>(text).unwrap())
    }

    #[test]
    fn json_comes_as_it_is_or_as_text() {
        let wanted = Some(Value::from_json("[1, 2.5]").unwrap());
        assert_eq!(json(&task("[1, 2.5]"), "x").unwrap(), wanted);
        assert_eq!(json(&task(r#""[1, 2.5]""#), "x").unwrap(), wanted);
        assert_eq!(json(&task("null"), "x").unwrap(), None);
        assert_eq!(json(&task("1"), "y").unwrap(), None);
        assert!(json(&task(r#""[1,""#), "x").is_err());
    }

    #[test]
    fn digits_are_kept_in_text_and_a_loss_of_them_is_a_fault() {
        let digits = "123456789012345678901234567890";
        assert_eq!(
            json(&task(&format!("\"{digits}\"")), "x").unwrap(),
            Int::parse(digits).map(Value::Int)
        );
        match json(&task(&format!("[[{digits}]]")), "x") {
            Ok(value) => assert!(keeps_digits() && value.is_some()),
            Err(Malformed(message)) => assert!(message.contains("beyond 64 bits"), "{message}"),
        }
        assert_eq!(
            json(&task("18446744073709551615"), "x").unwrap(),
            Int::parse("18446744073709551615").map(Value::Int)
        );
    }
}
