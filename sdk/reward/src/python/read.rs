//! Values from the encoding of the WIT file, and from the plain JSON of problem files.

use std::fmt;

use super::json::{self, Json};
use super::{Int, Value};

/// A text that holds no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// It is no JSON.
    Syntax {
        /// Byte where reading stopped.
        at: usize,
        /// What would have been right there.
        wanted: &'static str,
    },
    /// It is nested deeper than [`Value::MAX_DEPTH`].
    TooDeep {
        /// Byte where it becomes too deep.
        at: usize,
    },
    /// JSON, but not of the encoding.
    Encoding {
        /// What is wrong.
        what: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { at, wanted } => write!(f, "byte {at} of the text should be {wanted}"),
            Self::TooDeep { at } => write!(
                f,
                "byte {at} of the text is nested more than {} deep",
                Value::MAX_DEPTH
            ),
            Self::Encoding { what } => f.write_str(what),
        }
    }
}

impl std::error::Error for ReadError {}

impl Value {
    /// Reads the encoding of the WIT file: what [`Display`](fmt::Display) prints.
    ///
    /// # Errors
    /// [`ReadError`], with the place or the part that is wrong.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        decode(json::read(text)?)
    }

    /// Reads plain JSON, as problem files have it: an object is a dict with text keys. Integers keep all their digits.
    ///
    /// # Errors
    /// [`ReadError`], with the place that is wrong.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        plain(json::read(text)?)
    }
}

fn wrong(what: impl Into<String>) -> ReadError {
    ReadError::Encoding { what: what.into() }
}

fn number(text: &str) -> Result<Value, ReadError> {
    if let Some(int) = Int::parse(text) {
        return Ok(Value::Int(int));
    }
    match text.parse::<f64>() {
        // An infinity that is written as one, not by digits.
        Ok(float) if float.is_finite() || text.ends_with(['N', 'y']) => Ok(Value::Float(float)),
        _ => Err(wrong(format!("{text} exceeds a float"))),
    }
}

fn plain(json: Json<'_>) -> Result<Value, ReadError> {
    Ok(match json {
        Json::Null => Value::None,
        Json::Bool(bool) => Value::Bool(bool),
        Json::Number(text) => number(text)?,
        Json::Text(text) => Value::text(text),
        Json::List(items) => Value::List(items.into_iter().map(plain).collect::<Result<_, _>>()?),
        Json::Object(entries) => Value::Dict(
            entries
                .into_iter()
                .map(|(key, value)| Ok((Value::text(key), plain(value)?)))
                .collect::<Result<_, ReadError>>()?,
        ),
    })
}

fn decode(json: Json<'_>) -> Result<Value, ReadError> {
    match json {
        Json::List(items) => Ok(Value::List(decode_all(items)?)),
        Json::Object(entries) => match <[_; 1]>::try_from(entries) {
            Ok([(Ok(tag), content)]) => tagged(&tag, content),
            _ => Err(wrong("an object has exactly one key, which names its type")),
        },
        scalar => plain(scalar),
    }
}

fn decode_all(items: Vec<Json<'_>>) -> Result<Vec<Value>, ReadError> {
    items.into_iter().map(decode).collect()
}

fn tagged(tag: &str, content: Json<'_>) -> Result<Value, ReadError> {
    let malformed = || wrong(format!("the content of `{tag}` is malformed"));
    match (tag, content) {
        ("tuple", Json::List(items)) => Ok(Value::Tuple(decode_all(items)?)),
        ("set", Json::List(items)) => Ok(Value::Set(decode_all(items)?)),
        ("frozenset", Json::List(items)) => Ok(Value::Frozenset(decode_all(items)?)),
        ("dict", Json::List(entries)) => entries
            .into_iter()
            .map(|entry| match entry {
                Json::List(pair) => {
                    let [key, value] = <[_; 2]>::try_from(pair).map_err(|_| malformed())?;
                    Ok((decode(key)?, decode(value)?))
                }
                _ => Err(malformed()),
            })
            .collect::<Result<_, _>>()
            .map(Value::Dict),
        ("bytes", Json::Text(Ok(hex))) => bytes(&hex).map(Value::Bytes).ok_or_else(malformed),
        ("float", Json::Text(Ok(name))) => match name.as_str() {
            "inf" => Ok(Value::Float(f64::INFINITY)),
            "-inf" => Ok(Value::Float(f64::NEG_INFINITY)),
            "nan" => Ok(Value::Float(f64::NAN)),
            _ => Err(malformed()),
        },
        ("complex", Json::List(parts)) => match decode_all(parts)?.as_slice() {
            [Value::Float(real), Value::Float(imaginary)] => Ok(Value::Complex(*real, *imaginary)),
            _ => Err(malformed()),
        },
        ("str", Json::List(points)) => points
            .into_iter()
            .map(|point| match point {
                Json::Number(point) => point.parse().ok().filter(|&point| point < 0x11_0000),
                _ => None,
            })
            .collect::<Option<Vec<u32>>>()
            .map(code_points)
            .ok_or_else(malformed),
        ("other", Json::Object(entries)) => other(entries).ok_or_else(malformed),
        _ => Err(wrong(format!(
            "`{tag}` names no type, or its content is malformed"
        ))),
    }
}

/// Text by its code points; a plain string when all of them are characters.
fn code_points(points: Vec<u32>) -> Value {
    let text: Option<String> = points.iter().map(|&point| char::from_u32(point)).collect();
    Value::text(text.ok_or(points))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = hex
        .chars()
        .map(|digit| digit.to_digit(16).map(|digit| digit as u8))
        .collect();
    let digits = digits?;
    digits
        .len()
        .is_multiple_of(2)
        .then(|| digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

fn other(entries: Vec<(Result<String, Vec<u32>>, Json<'_>)>) -> Option<Value> {
    let (mut type_name, mut repr) = (None, None);
    for (key, value) in entries {
        let Json::Text(text) = value else { return None };
        let text = text.unwrap_or_else(|points| {
            let shown = |point| char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
            points.into_iter().map(shown).collect()
        });
        match key.ok()?.as_str() {
            "type" => type_name = Some(text),
            "repr" => repr = Some(text),
            _ => return None,
        }
    }
    Some(Value::Other {
        type_name: type_name?,
        repr: repr?,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::None),
            any::<bool>().prop_map(Value::Bool),
            "-?[1-9][0-9]{0,60}".prop_map(|digits| Value::Int(Int::parse(&digits).unwrap())),
            // NaN equals nothing, so the round trip could not show it.
            any::<f64>()
                .prop_filter("a number", |float| !float.is_nan())
                .prop_map(Value::Float),
            any::<String>().prop_map(Value::Str),
            prop::collection::vec(0..0x11_0000_u32, 0..5).prop_map(code_points),
            prop::collection::vec(any::<u8>(), 0..9).prop_map(Value::Bytes),
            (any::<i32>(), any::<i32>())
                .prop_map(|(re, im)| Value::Complex(f64::from(re) / 7.0, f64::from(im))),
            (any::<String>(), any::<String>()).prop_map(|(type_name, repr)| Value::Other { type_name, repr }),
        ];
        leaf.prop_recursive(5, 60, 6, |inner| {
            let items = prop::collection::vec(inner.clone(), 0..6);
            prop_oneof![
                items.clone().prop_map(Value::List),
                items.clone().prop_map(Value::Tuple),
                items.clone().prop_map(Value::Set),
                items.prop_map(Value::Frozenset),
                prop::collection::vec((inner.clone(), inner), 0..4).prop_map(Value::Dict),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_back_the_same(value in value()) {
            prop_assert_eq!(Value::parse(&value.to_string()), Ok(value));
        }

        #[test]
        fn no_text_makes_the_readers_panic(text in any::<String>(), json in r#"(NaN|Infinity|[\[\]{}",:0-9eE.+\-\\u dntfa]){0,40}"#) {
            let _ = (Value::parse(&text), Value::from_json(&text));
            let _ = (Value::parse(&json), Value::from_json(&json));
        }
    }

    #[test]
    fn every_form_of_the_contract_reads() {
        let text = r#"[null, true, -12, 1.5, 1e3, {"float": "-inf"}, "a\u00e9\ud83d\ude00", {"tuple": [1]}, {"set": []}, {"frozenset": [2]},
            {"dict": [[1, "x"]]}, {"bytes": "00ff"}, {"complex": [1.0, -2.5]}, {"str": [97, 55296]}, {"other": {"type": "T", "repr": "<T>"}}]"#;
        let Ok(Value::List(items)) = Value::parse(text) else {
            panic!("unread")
        };
        assert_eq!(items[4], Value::Float(1000.0));
        assert_eq!(items[5], Value::Float(f64::NEG_INFINITY));
        assert_eq!(items[6], Value::from("aé😀"));
        assert_eq!(items[10], Value::Dict(vec![(1.into(), "x".into())]));
        assert_eq!(items[11], Value::Bytes(vec![0, 255]));
        assert_eq!(items[13], Value::CodePoints(vec![97, 0xd800]));
        assert_eq!(items.len(), 15);
        let nan = Value::parse(&Value::Float(f64::NAN).to_string());
        assert!(matches!(nan, Ok(Value::Float(float)) if float.is_nan()));
    }

    #[test]
    fn integers_keep_all_their_digits() {
        let digits = "9".repeat(100_000);
        let Ok(Value::Int(int)) = Value::from_json(&digits) else {
            panic!("unread")
        };
        assert_eq!(int.as_str(), digits);
    }

    #[test]
    fn pythons_names_for_what_is_no_finite_number_are_read() {
        let infinity = f64::INFINITY;
        assert_eq!(
            Value::from_json("[Infinity, -Infinity]"),
            Ok(vec![Value::Float(infinity), Value::Float(-infinity)].into())
        );
        assert!(matches!(Value::from_json("NaN"), Ok(Value::Float(float)) if float.is_nan()));
        for text in ["-NaN", "Inf", "-Infinit", "Infinityx"] {
            assert!(Value::from_json(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_object_of_a_problem_file_is_a_dict_whatever_its_keys() {
        assert_eq!(
            Value::from_json(r#"{"set": [1]}"#),
            Ok(Value::Dict(vec![("set".into(), vec![1.into()].into())]))
        );
    }

    #[test]
    fn nesting_is_bounded() {
        let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(Value::parse(&deep(Value::MAX_DEPTH)).is_ok());
        assert!(matches!(
            Value::parse(&deep(200_000)),
            Err(ReadError::TooDeep { at: 129 })
        ));
        assert!(matches!(
            Value::parse(&"{\"tuple\":[".repeat(10_000)),
            Err(ReadError::TooDeep { .. })
        ));
    }

    #[test]
    fn what_is_wrong_is_said() {
        let message = |text| Value::parse(text).unwrap_err().to_string();
        assert_eq!(message("[1,]"), "byte 3 of the text should be a value");
        assert_eq!(message("[1] 2"), "byte 4 of the text should be the end");
        assert_eq!(message("1e999"), "1e999 exceeds a float");
        assert_eq!(
            message(r#"{"a": 1, "b": 2}"#),
            "an object has exactly one key, which names its type"
        );
        assert_eq!(
            message(r#"{"bytes": "0"}"#),
            "the content of `bytes` is malformed"
        );
    }
}
