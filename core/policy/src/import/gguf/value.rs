//! Metadata values and how they are read.

use std::io::Read;

use super::super::error::ImportError;
use super::cursor::Cursor;

/// Nesting of arrays accepted. Real files do not nest at all.
const ARRAY_DEPTH_LIMIT: u64 = 4;

/// A metadata value. Arrays of kinds that no importer reads are checked, passed over and kept as a count.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Texts(Vec<String>),
    Floats(Vec<f32>),
    Integers(Vec<i64>),
    Skipped { kind: &'static str, count: u64 },
}

impl Value {
    /// The value as words for an error message; long values are cut.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Unsigned(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Bool(value) => value.to_string(),
            Self::Text(value) => format!("{:?}", value.chars().take(40).collect::<String>()),
            Self::Texts(values) => format!("an array of {} strings", values.len()),
            Self::Floats(values) => format!("an array of {} floats", values.len()),
            Self::Integers(values) => format!("an array of {} integers", values.len()),
            Self::Skipped { kind, count } => format!("an array of {count} {kind} values"),
        }
    }
}

/// The type tags of the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    Bool,
    String,
    Array,
    U64,
    I64,
    F64,
}

impl Kind {
    fn from_tag(tag: u32, key: &str) -> Result<Self, ImportError> {
        Ok(match tag {
            0 => Self::U8,
            1 => Self::I8,
            2 => Self::U16,
            3 => Self::I16,
            4 => Self::U32,
            5 => Self::I32,
            6 => Self::F32,
            7 => Self::Bool,
            8 => Self::String,
            9 => Self::Array,
            10 => Self::U64,
            11 => Self::I64,
            12 => Self::F64,
            _ => {
                return Err(ImportError::Malformed {
                    what: format!("metadata `{key}` has the unknown type {tag}"),
                });
            }
        })
    }

    /// Bytes that one value of this kind takes at least.
    fn least_bytes(self) -> u64 {
        match self {
            Self::U8 | Self::I8 | Self::Bool => 1,
            Self::U16 | Self::I16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 | Self::String => 8,
            Self::Array => 12,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::I8 => "i8",
            Self::U16 => "u16",
            Self::I16 => "i16",
            Self::U32 => "u32",
            Self::I32 => "i32",
            Self::F32 => "f32",
            Self::Bool => "bool",
            Self::String => "string",
            Self::Array => "array",
            Self::U64 => "u64",
            Self::I64 => "i64",
            Self::F64 => "f64",
        }
    }
}

/// Reads the type tag and the value of metadata `key`.
///
/// # Errors
/// [`ImportError::Truncated`] or [`ImportError::Malformed`], before any allocation that the file cannot back.
pub(super) fn read_value<R: Read>(cursor: &mut Cursor<R>, key: &str) -> Result<Value, ImportError> {
    let what = || format!("metadata `{key}`");
    let kind = Kind::from_tag(cursor.u32(&what)?, key)?;
    Ok(match kind {
        Kind::U8 => Value::Unsigned(u8::from_le_bytes(cursor.array(&what)?).into()),
        Kind::I8 => Value::Signed(i8::from_le_bytes(cursor.array(&what)?).into()),
        Kind::U16 => Value::Unsigned(u16::from_le_bytes(cursor.array(&what)?).into()),
        Kind::I16 => Value::Signed(i16::from_le_bytes(cursor.array(&what)?).into()),
        Kind::U32 => Value::Unsigned(cursor.u32(&what)?.into()),
        Kind::I32 => Value::Signed(i32::from_le_bytes(cursor.array(&what)?).into()),
        Kind::U64 => Value::Unsigned(cursor.u64(&what)?),
        Kind::I64 => Value::Signed(i64::from_le_bytes(cursor.array(&what)?)),
        Kind::F32 => Value::Float(f32::from_le_bytes(cursor.array(&what)?).into()),
        Kind::F64 => Value::Float(f64::from_le_bytes(cursor.array(&what)?)),
        Kind::String => Value::Text(cursor.string(&what)?),
        Kind::Bool => match cursor.array::<1>(&what)? {
            [0] => Value::Bool(false),
            [1] => Value::Bool(true),
            [other] => {
                return Err(ImportError::Malformed {
                    what: format!("{} is a bool of value {other}", what()),
                });
            }
        },
        Kind::Array => read_array(cursor, key)?,
    })
}

fn read_array<R: Read>(cursor: &mut Cursor<R>, key: &str) -> Result<Value, ImportError> {
    let (kind, count) = read_array_head(cursor, key)?;
    let what = || format!("metadata `{key}`");
    Ok(match kind {
        Kind::String => {
            let mut texts = Vec::new();
            for index in 0..count {
                texts.push(cursor.string(&|| format!("metadata `{key}`[{index}]"))?);
            }
            Value::Texts(texts)
        }
        Kind::F32 => {
            let mut floats = Vec::new();
            for _ in 0..count {
                floats.push(f32::from_le_bytes(cursor.array(&what)?));
            }
            Value::Floats(floats)
        }
        Kind::U32 | Kind::I32 => {
            let mut integers = Vec::new();
            for _ in 0..count {
                let bytes = cursor.array(&what)?;
                integers.push(match kind {
                    Kind::U32 => u32::from_le_bytes(bytes).into(),
                    _ => i32::from_le_bytes(bytes).into(),
                });
            }
            Value::Integers(integers)
        }
        _ => {
            skip_elements(cursor, key, kind, count, 1)?;
            Value::Skipped {
                kind: kind.name(),
                count,
            }
        }
    })
}

/// Reads an array's element kind and count, and checks that the file can hold that many.
fn read_array_head<R: Read>(cursor: &mut Cursor<R>, key: &str) -> Result<(Kind, u64), ImportError> {
    let what = || format!("metadata `{key}`");
    let kind = Kind::from_tag(cursor.u32(&what)?, key)?;
    let count = cursor.u64(&what)?;
    cursor.require(count.saturating_mul(kind.least_bytes()), || {
        format!("metadata `{key}`, an array of {count} {} values", kind.name())
    })?;
    Ok((kind, count))
}

fn skip_elements<R: Read>(
    cursor: &mut Cursor<R>,
    key: &str,
    kind: Kind,
    count: u64,
    depth: u64,
) -> Result<(), ImportError> {
    if depth > ARRAY_DEPTH_LIMIT {
        return Err(ImportError::LimitExceeded {
            what: format!("the nesting of arrays in metadata `{key}`"),
            limit: ARRAY_DEPTH_LIMIT,
            requested: depth,
        });
    }
    let what = || format!("metadata `{key}`");
    match kind {
        Kind::Array => {
            for _ in 0..count {
                let (inner, inner_count) = read_array_head(cursor, key)?;
                skip_elements(cursor, key, inner, inner_count, depth + 1)?;
            }
            Ok(())
        }
        Kind::String => {
            for _ in 0..count {
                let length = cursor.u64(&what)?;
                cursor.skip(length, &what)?;
            }
            Ok(())
        }
        _ => cursor.skip(count * kind.least_bytes(), &what),
    }
}
