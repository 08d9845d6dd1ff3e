//! Typed access to a file's metadata.

use std::collections::BTreeMap;

use super::super::error::ImportError;
use super::value::Value;

/// The key-value pairs of a GGUF header.
#[derive(Debug)]
pub(in super::super) struct Metadata {
    values: BTreeMap<String, Value>,
}

impl Metadata {
    pub(super) fn new(values: BTreeMap<String, Value>) -> Self {
        Self { values }
    }

    fn wrong(&self, key: &str, expected: &str) -> ImportError {
        match self.values.get(key) {
            None => ImportError::MissingKey { key: key.into() },
            Some(value) => ImportError::BadValue {
                key: key.into(),
                expected: expected.into(),
                found: value.describe(),
            },
        }
    }

    /// The string `key`, if the file has one.
    pub(in super::super) fn text(&self, key: &str) -> Result<Option<&str>, ImportError> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(_) => Err(self.wrong(key, "a string")),
        }
    }

    /// The string `key`, which must be there.
    pub(in super::super) fn require_text(&self, key: &str) -> Result<&str, ImportError> {
        self.text(key)?.ok_or_else(|| self.wrong(key, "a string"))
    }

    /// The boolean `key`, if the file has one.
    pub(in super::super) fn flag(&self, key: &str) -> Result<Option<bool>, ImportError> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(key, "a bool")),
        }
    }

    /// The non-negative integer `key`, if the file has one.
    pub(in super::super) fn integer(&self, key: &str) -> Result<Option<u64>, ImportError> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Unsigned(value)) => Ok(Some(*value)),
            Some(Value::Signed(value)) if *value >= 0 => Ok(Some(value.unsigned_abs())),
            Some(_) => Err(self.wrong(key, "a non-negative integer")),
        }
    }

    /// The integer `key`, at least 1 and at most `limit`.
    pub(in super::super) fn size(&self, key: &str, limit: u64) -> Result<Option<u64>, ImportError> {
        let Some(value) = self.integer(key)? else {
            return Ok(None);
        };
        if value == 0 || value > limit {
            return Err(self.wrong(key, &format!("an integer from 1 to {limit}")));
        }
        Ok(Some(value))
    }

    /// As [`Metadata::size`], for a key that must be there.
    pub(in super::super) fn require_size(&self, key: &str, limit: u64) -> Result<u64, ImportError> {
        self.size(key, limit)?
            .ok_or_else(|| self.wrong(key, "an integer"))
    }

    /// The positive, finite number `key`, if the file has one.
    ///
    /// A number that was stored as `f32` is the shortest decimal that rounds to it (1e-6, not
    /// 9.999999974752427e-7), so that it reads in `config.json` as it did where it came from.
    pub(in super::super) fn positive(&self, key: &str) -> Result<Option<f64>, ImportError> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Float(value)) if value.is_finite() && *value > 0.0 => {
                Ok(Some(shortest_decimal(*value)))
            }
            Some(_) => Err(self.wrong(key, "a positive number")),
        }
    }

    /// As [`Metadata::positive`], for a key that must be there.
    pub(in super::super) fn require_positive(&self, key: &str) -> Result<f64, ImportError> {
        self.positive(key)?
            .ok_or_else(|| self.wrong(key, "a positive number"))
    }

    /// The array of strings `key`, if the file has one.
    pub(in super::super) fn texts(&self, key: &str) -> Result<Option<&[String]>, ImportError> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Texts(texts)) => Ok(Some(texts)),
            Some(_) => Err(self.wrong(key, "an array of strings")),
        }
    }

    /// The array of strings `key`, which must be there.
    pub(in super::super) fn require_texts(&self, key: &str) -> Result<&[String], ImportError> {
        self.texts(key)?
            .ok_or_else(|| self.wrong(key, "an array of strings"))
    }

    /// The array of `f32` `key`, which must be there and hold `length` numbers that are not NaN.
    pub(in super::super) fn require_floats(&self, key: &str, length: usize) -> Result<&[f32], ImportError> {
        match self.values.get(key) {
            Some(Value::Floats(values))
                if values.len() == length && !values.iter().any(|value| value.is_nan()) =>
            {
                Ok(values)
            }
            _ => Err(self.wrong(key, &format!("an array of {length} floats without NaN"))),
        }
    }

    /// The array of integers `key`, if the file has one; it must hold `length` numbers.
    pub(in super::super) fn integers(&self, key: &str, length: usize) -> Result<Option<&[i64]>, ImportError> {
        match self.values.get(key) {
            None => Ok(None),
            Some(Value::Integers(values)) if values.len() == length => Ok(Some(values)),
            Some(_) => Err(self.wrong(key, &format!("an array of {length} integers"))),
        }
    }
}

fn shortest_decimal(value: f64) -> f64 {
    let narrow = value as f32;
    if f64::from(narrow) == value {
        narrow.to_string().parse().unwrap_or(value)
    } else {
        value
    }
}
