//! One row, one line: a JSON object whose last member is a checksum of what stands before it.
//!
//! `{"problem":"p","k":0,…,"crc32c":"1a2b3c4d"}` stays readable by any JSON Lines tool. A process killed inside a
//! write leaves a prefix of a line, so that only the last line can be torn; damage anywhere before it is an error.

use std::ops::Range;
use std::path::Path;

use serde::{Serialize, de::DeserializeOwned};

use crate::StoreError;

const MEMBER: &[u8] = br#","crc32c":""#;
const DIGITS: usize = 8;
const END: &[u8] = br#""}"#;
const SUFFIX: usize = MEMBER.len() + DIGITS + END.len();

/// Appends `row` as a line to `buffer`, which stays as it was on an error.
pub(crate) fn encode<T: Serialize>(row: &T, buffer: &mut Vec<u8>, path: &Path) -> Result<(), StoreError> {
    let unwritable = |source| StoreError::Unwritable {
        path: path.to_owned(),
        source,
    };
    let json = serde_json::to_vec(row).map_err(|source| unwritable(Some(source)))?;
    let Some(body) = json
        .strip_suffix(b"}")
        .filter(|body| body.len() > 1 && body.starts_with(b"{"))
    else {
        return Err(unwritable(None));
    };
    buffer.extend_from_slice(body);
    buffer.extend_from_slice(MEMBER);
    buffer.extend_from_slice(format!("{:08x}", crc32c::crc32c(body)).as_bytes());
    buffer.extend_from_slice(END);
    buffer.push(b'\n');
    Ok(())
}

/// The sound lines of a file.
pub(crate) struct Scan {
    /// Where each row's object without its closing brace and checksum lies.
    bodies: Vec<Range<usize>>,
    /// Length of the file up to the end of its last sound line; the rest is a torn tail.
    pub(crate) sound_len: usize,
}

/// Checks every line of `bytes`.
///
/// # Errors
/// [`StoreError::Corrupt`] when a line before the last one is damaged.
pub(crate) fn scan(bytes: &[u8], path: &Path) -> Result<Scan, StoreError> {
    let mut scan = Scan {
        bodies: Vec::new(),
        sound_len: 0,
    };
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let start = scan.sound_len;
        match check(line) {
            Ok(body_len) => {
                scan.bodies.push(start..start + body_len);
                scan.sound_len = start + line.len();
            }
            Err(_) if start + line.len() == bytes.len() => break,
            Err(reason) => {
                return Err(StoreError::Corrupt {
                    path: path.to_owned(),
                    line: index + 1,
                    reason: reason.to_owned(),
                });
            }
        }
    }
    Ok(scan)
}

/// Length of a sound line's body.
fn check(line: &[u8]) -> Result<usize, &'static str> {
    let line = line.strip_suffix(b"\n").ok_or("it has no end")?;
    let (body, suffix) = line
        .split_at_checked(line.len().wrapping_sub(SUFFIX))
        .ok_or("it is too short")?;
    let digits = suffix
        .strip_prefix(MEMBER)
        .and_then(|rest| rest.strip_suffix(END))
        .ok_or("it has no checksum")?;
    let sum = format!("{:08x}", crc32c::crc32c(body));
    if digits == sum.as_bytes() {
        Ok(body.len())
    } else {
        Err("its checksum does not match")
    }
}

/// The rows of `bytes`; a torn tail is left out.
///
/// # Errors
/// [`StoreError::Corrupt`] as for [`scan`], or when a sound line holds another kind of row.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8], path: &Path) -> Result<Vec<T>, StoreError> {
    let bodies = scan(bytes, path)?.bodies;
    let mut object = Vec::new();
    bodies
        .into_iter()
        .enumerate()
        .map(|(index, body)| {
            object.clear();
            object.extend_from_slice(&bytes[body]);
            object.push(b'}');
            serde_json::from_slice(&object).map_err(|error| StoreError::Corrupt {
                path: path.to_owned(),
                line: index + 1,
                reason: error.to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
    struct Row {
        text: String,
        value: f64,
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        let row = (".{0,12}", -1e300..1e300_f64).prop_map(|(text, value)| Row { text, value });
        prop::collection::vec(row, 0..5)
    }

    fn encoded(rows: &[Row]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for row in rows {
            encode(row, &mut bytes, Path::new("rows.jsonl")).unwrap();
        }
        bytes
    }

    fn decoded(bytes: &[u8]) -> Result<Vec<Row>, StoreError> {
        decode(bytes, Path::new("rows.jsonl"))
    }

    proptest! {
        #[test]
        fn a_file_cut_at_any_byte_keeps_exactly_its_whole_rows(rows in rows()) {
            let bytes = encoded(&rows);
            for cut in 0..=bytes.len() {
                let whole = bytes[..cut].iter().filter(|byte| **byte == b'\n').count();
                prop_assert_eq!(&decoded(&bytes[..cut]).unwrap(), &rows[..whole]);
            }
        }

        #[test]
        fn a_changed_byte_never_invents_a_row(rows in rows(), at in any::<prop::sample::Index>(), flip in 1..=255_u8) {
            let mut bytes = encoded(&rows);
            if bytes.is_empty() {
                return Ok(());
            }
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            if let Ok(found) = decoded(&bytes) {
                prop_assert!(found.len() < rows.len());
                prop_assert_eq!(&found[..], &rows[..found.len()]);
            }
        }

        #[test]
        fn any_bytes_are_refused_or_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decoded(&bytes);
        }
    }

    #[test]
    fn a_line_is_one_plain_json_object() {
        let line = encoded(&[Row {
            text: "a\nb".into(),
            value: 0.1,
        }]);
        insta::assert_snapshot!(String::from_utf8(line).unwrap(), @r#"{"text":"a\nb","value":0.1,"crc32c":"9bbb581d"}"#);
    }

    #[test]
    fn a_damaged_middle_is_named_by_file_and_line() {
        let row = |text: &str| Row {
            text: text.into(),
            value: 0.0,
        };
        let mut bytes = encoded(&[row("one"), row("two"), row("three")]);
        let at = bytes.windows(3).position(|window| window == b"two").unwrap();
        bytes[at] = b'x';
        insta::assert_snapshot!(decoded(&bytes).unwrap_err(), @"rows.jsonl:2: this row is damaged (its checksum does not match): restore the file from a copy, or cut it before line 2 and resume, so that the rows from there on are made again");
    }

    #[test]
    fn a_row_of_another_kind_is_named_by_file_and_line() {
        let mut bytes = encoded(&[Row {
            text: "one".into(),
            value: 0.0,
        }]);
        encode(
            &[("text", 1)]
                .into_iter()
                .collect::<std::collections::BTreeMap<_, _>>(),
            &mut bytes,
            Path::new(""),
        )
        .unwrap();
        insta::assert_snapshot!(decoded(&bytes).unwrap_err(), @"rows.jsonl:2: this row is damaged (invalid type: integer `1`, expected a string at line 1 column 9): restore the file from a copy, or cut it before line 2 and resume, so that the rows from there on are made again");
    }

    #[test]
    fn only_objects_with_members_are_rows() {
        for json in [
            serde_json::json!({}),
            serde_json::json!([1]),
            serde_json::json!("}"),
        ] {
            assert!(encode(&json, &mut Vec::new(), Path::new("")).is_err());
        }
    }
}
