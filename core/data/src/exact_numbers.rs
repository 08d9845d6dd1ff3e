//! Fields with numbers that 64 bits can't hold.
//!
//! APPS and HumanEval+ hold integers such as 10^30, and Python writes `Infinity` and `NaN` into JSON. Rounding or refusing
//! them would change or lose tests, so a field that holds one is given as its JSON text, unchanged: what APPS publishes
//! its `input_output` as anyway. In rows of restem's own form those are the fields of `metadata`, which stays an object.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::IgnoredAny;

/// Whether rows are the whole text or the elements of its one array.
#[derive(Clone, Copy)]
pub(crate) enum Rows {
    /// The text is one object.
    Whole = 1,
    /// The text is an array of objects.
    Elements = 2,
}

/// A row, one JSON object, with each field that holds a number which 64 bits can't hold replaced by its text as a JSON string; of
/// an object `metadata` the fields within it.
///
/// A text that is no JSON comes back as something that is no JSON either.
#[must_use]
pub fn keep_digits(row: &str) -> Cow<'_, str> {
    quote_inexact_fields(row, Rows::Whole)
}

/// `json` with the fields of its rows treated so.
pub(crate) fn quote_inexact_fields(json: &str, rows: Rows) -> Cow<'_, str> {
    let fields: Vec<_> = inexact_fields(json, 0..json.len(), rows as usize)
        .into_iter()
        .flat_map(|field| field.or_its_own(json))
        .collect();
    if fields.is_empty() {
        return Cow::Borrowed(json);
    }
    let mut quoted = String::with_capacity(json.len() + 64);
    let mut end = 0;
    for field in fields {
        let text = &json[field.span.clone()];
        quoted.push_str(&json[end..field.span.start]);
        end = field.span.end;
        if field.is_json_otherwise(json) {
            quoted.push_str(&serde_json::Value::from(text.trim()).to_string());
        } else {
            quoted.push_str(text);
        }
    }
    quoted.push_str(&json[end..]);
    Cow::Owned(quoted)
}

struct Field {
    name: Range<usize>,
    span: Range<usize>,
    numbers: Vec<Range<usize>>,
}

impl Field {
    /// The field, or of an object `metadata` the fields within it.
    fn or_its_own(self, json: &str) -> Vec<Self> {
        let is_metadata =
            &json[self.name.clone()] == "metadata" && json[self.span.clone()].trim_start().starts_with('{');
        if is_metadata {
            inexact_fields(json, self.span, Rows::Whole as usize)
        } else {
            vec![self]
        }
    }

    /// Whether the field is JSON once its numbers are tame: a broken line must stay broken.
    fn is_json_otherwise(&self, json: &str) -> bool {
        let mut tame = String::new();
        let mut end = self.span.start;
        for number in &self.numbers {
            tame.push_str(&json[end..number.start]);
            tame.push('0');
            end = number.end;
        }
        tame.push_str(&json[end..self.span.end]);
        serde_json::from_str::<IgnoredAny>(&tame).is_ok()
    }
}

/// Fields of objects at nesting depth `level` of a part of `json` that hold a number which a 64-bit integer or a finite double can't.
fn inexact_fields(json: &str, part: Range<usize>, level: usize) -> Vec<Field> {
    let bytes = &json.as_bytes()[..part.end];
    let mut found = Vec::new();
    let mut depth = 0_usize;
    let mut start = None;
    let mut name = 0..0;
    let mut numbers = Vec::new();
    let mut at = part.start;
    while at < bytes.len() {
        let byte = bytes[at];
        match byte {
            b'"' => {
                let open = at;
                at = string_end(bytes, open);
                if start.is_none() {
                    name = open + 1..at.max(open + 1);
                }
            }
            b'{' | b'[' => depth += 1,
            b':' if depth == level && start.is_none() => start = Some(at + 1),
            b',' | b'}' | b']' => {
                if depth == level
                    && let Some(start) = start.take()
                {
                    let numbers = std::mem::take(&mut numbers);
                    if !numbers.is_empty() {
                        found.push(Field {
                            name: name.clone(),
                            span: start..at,
                            numbers,
                        });
                    }
                }
                if byte != b',' {
                    depth = depth.saturating_sub(1);
                }
            }
            b'-' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                let end = word_end(bytes, at);
                if start.is_some() && !fits(&json[at..end]) {
                    numbers.push(at..end);
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// Index of the closing quote of the string that opens at `open`, or the last index when it never closes.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

fn word_end(bytes: &[u8], start: usize) -> usize {
    let more = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    start + bytes[start..].iter().take_while(|byte| more(byte)).count()
}

fn fits(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    if ["NaN", "Infinity"].contains(&digits) {
        return false;
    }
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || digits.len() < 19 && !digits.contains(['e', 'E'])
    {
        return true;
    }
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return word.parse::<i64>().is_ok() || word.parse::<u64>().is_ok();
    }
    word.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn only_the_field_with_the_number_becomes_text() {
        let json = r#"{"a": 1, "io": {"in": [1e5, 1000000000000000000000000000000], "s": "}\""}, "b": 2}"#;
        let row: serde_json::Value = serde_json::from_str(&quote_inexact_fields(json, Rows::Whole)).unwrap();
        assert_eq!(
            row["io"],
            r#"{"in": [1e5, 1000000000000000000000000000000], "s": "}\""}"#
        );
        assert_eq!((&row["a"], &row["b"]), (&1.into(), &2.into()));
    }

    #[test]
    fn of_metadata_it_is_the_field_within() {
        let json = r#"{"id": 1e999, "metadata": {"a": 1, "io": [1000000000000000000000000000000], "metadata": {"b": NaN}}}"#;
        let row: serde_json::Value = serde_json::from_str(&keep_digits(json)).unwrap();
        assert_eq!(row["id"], "1e999");
        assert_eq!(row["metadata"]["a"], 1);
        assert_eq!(row["metadata"]["io"], "[1000000000000000000000000000000]");
        assert_eq!(row["metadata"]["metadata"], r#"{"b": NaN}"#);
        let rows = format!(r#"[{json}, {{"metadata": [NaN]}}]"#);
        let rows: serde_json::Value =
            serde_json::from_str(&quote_inexact_fields(&rows, Rows::Elements)).unwrap();
        assert_eq!(rows[0], row);
        assert_eq!(rows[1]["metadata"], "[NaN]");
    }

    #[test]
    fn pythons_infinity_and_nan_are_kept_as_text() {
        let json = r#"[{"a": [Infinity, -Infinity, NaN]}, {"a": 2, "b": -1e999}]"#;
        let rows: serde_json::Value =
            serde_json::from_str(&quote_inexact_fields(json, Rows::Elements)).unwrap();
        assert_eq!(rows[0]["a"], "[Infinity, -Infinity, NaN]");
        assert_eq!((&rows[1]["a"], &rows[1]["b"]), (&2.into(), &"-1e999".into()));
    }

    #[test]
    fn ordinary_rows_are_not_copied_and_broken_ones_stay_broken() {
        let ordinary = r#"{"a": [18446744073709551615, -9223372036854775808, 1.5e300, true, "1e999"]}"#;
        assert!(matches!(
            quote_inexact_fields(ordinary, Rows::Whole),
            Cow::Borrowed(_)
        ));
        let broken = quote_inexact_fields(r#"{"a": Infinity oops}"#, Rows::Whole);
        assert!(serde_json::from_str::<serde_json::Value>(&broken).is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r#"(metadata"|[\[\]{}:,"\\0-9eENaInfity .é-]){0,60}"#) {
            let _ = quote_inexact_fields(&text, Rows::Whole);
            let _ = quote_inexact_fields(&text, Rows::Elements);
        }
    }
}
