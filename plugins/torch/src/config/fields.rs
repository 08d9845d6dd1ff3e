//! Typed access to the fields of a `config.json`, with errors that name the field.

use serde_json::{Map, Value};

use crate::config::{Activation, Span};
use crate::error::{Result, TorchError};

/// Larger sizes than this are taken for a malformed file.
const LARGEST_SIZE: i64 = 1 << 24;

/// A JSON object of a model directory, read on behalf of one architecture.
pub struct Fields<'a> {
    architecture: &'static str,
    prefix: String,
    object: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// Views `value` as an object.
    ///
    /// # Errors
    /// [`TorchError::Field`] when it isn't one.
    pub fn new(architecture: &'static str, value: &'a Value) -> Result<Self> {
        Self::nested(architecture, String::new(), value)
    }

    fn nested(architecture: &'static str, prefix: String, value: &'a Value) -> Result<Self> {
        let object = value.as_object().ok_or_else(|| TorchError::Field {
            field: if prefix.is_empty() {
                "(the whole file)".into()
            } else {
                prefix.clone()
            },
            found: shorten(value),
            expected: "an object".into(),
        })?;
        Ok(Self {
            architecture,
            prefix,
            object,
        })
    }

    /// The architecture on whose behalf the fields are read.
    pub fn architecture(&self) -> &'static str {
        self.architecture
    }

    /// The field's value; `null` counts as absent.
    pub fn get(&self, name: &str) -> Option<&'a Value> {
        self.object.get(name).filter(|value| !value.is_null())
    }

    /// The field as an object of its own.
    ///
    /// # Errors
    /// [`TorchError::Field`] when it is there and no object.
    pub fn object(&self, name: &str) -> Result<Option<Fields<'a>>> {
        self.get(name)
            .map(|value| Self::nested(self.architecture, self.path(name), value))
            .transpose()
    }

    /// A size: a positive integer.
    ///
    /// # Errors
    /// When it is missing, no integer, or not in `1..=2^24`.
    pub fn size(&self, name: &str) -> Result<i64> {
        self.size_if_present(name)?.ok_or_else(|| self.missing(name))
    }

    /// A size that may be absent.
    ///
    /// # Errors
    /// When it is no integer in `1..=2^24`.
    pub fn size_if_present(&self, name: &str) -> Result<Option<i64>> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match value.as_i64() {
            Some(size @ 1..=LARGEST_SIZE) => Ok(Some(size)),
            _ => Err(self.wrong(name, value, &format!("an integer from 1 to {LARGEST_SIZE}"))),
        }
    }

    /// A size that is `default` when the file does not mention it, and nothing when it says `null`.
    ///
    /// # Errors
    /// As [`Fields::size_if_present`].
    pub fn size_or(&self, name: &str, default: i64) -> Result<Option<i64>> {
        match self.object.contains_key(name) {
            true => self.size_if_present(name),
            false => Ok(Some(default)),
        }
    }

    /// A positive finite number that may be absent.
    ///
    /// # Errors
    /// When it is something else.
    pub fn positive(&self, name: &str) -> Result<Option<f64>> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match value.as_f64() {
            Some(number) if number.is_finite() && number > 0.0 => Ok(Some(number)),
            _ => Err(self.wrong(name, value, "a positive number")),
        }
    }

    /// A positive number that is `default` when the file does not mention it, and nothing when it says `null`.
    ///
    /// # Errors
    /// As [`Fields::positive`].
    pub fn positive_or(&self, name: &str, default: f64) -> Result<Option<f64>> {
        match self.object.contains_key(name) {
            true => self.positive(name),
            false => Ok(Some(default)),
        }
    }

    /// A list of `count` positive finite numbers.
    ///
    /// # Errors
    /// When it is missing or something else.
    pub fn positives(&self, name: &str, count: i64) -> Result<Vec<f64>> {
        let value = self.get(name).ok_or_else(|| self.missing(name))?;
        let positive = |value: &Value| {
            value
                .as_f64()
                .filter(|number| number.is_finite() && *number > 0.0)
        };
        let list = value.as_array().filter(|list| list.len() as i64 == count);
        list.and_then(|list| list.iter().map(positive).collect())
            .ok_or_else(|| self.wrong(name, value, &format!("a list of {count} positive numbers")))
    }

    /// A positive finite number.
    ///
    /// # Errors
    /// When it is missing or something else.
    pub fn positive_required(&self, name: &str) -> Result<f64> {
        self.positive(name)?.ok_or_else(|| self.missing(name))
    }

    /// A boolean, `default` when absent.
    ///
    /// # Errors
    /// When it is something else.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool> {
        let Some(value) = self.get(name) else {
            return Ok(default);
        };
        value
            .as_bool()
            .ok_or_else(|| self.wrong(name, value, "true or false"))
    }

    /// A string that may be absent.
    ///
    /// # Errors
    /// When it is something else.
    pub fn text(&self, name: &str) -> Result<Option<&'a str>> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        value
            .as_str()
            .map(Some)
            .ok_or_else(|| self.wrong(name, value, "a string"))
    }

    /// One token id, a list of them, or nothing.
    ///
    /// # Errors
    /// When it is something else.
    pub fn token_ids(&self, name: &str) -> Result<Vec<i64>> {
        let Some(value) = self.get(name) else {
            return Ok(Vec::new());
        };
        let one = |value: &Value| value.as_i64().filter(|&id| (0..LARGEST_SIZE).contains(&id));
        let ids = match value {
            Value::Array(list) => list.iter().map(one).collect(),
            _ => one(value).map(|id| vec![id]),
        };
        ids.ok_or_else(|| self.wrong(name, value, "a token id or a list of token ids"))
    }

    /// The MLP's activation.
    ///
    /// # Errors
    /// [`TorchError::Field`] for one that the backend does not have.
    pub fn activation(&self, name: &str, default: Activation) -> Result<Activation> {
        match self.text(name)? {
            None => Ok(default),
            Some("silu" | "swish") => Ok(Activation::Silu),
            Some("gelu_pytorch_tanh") => Ok(Activation::GeluTanh),
            Some(other) => Err(self.wrong(
                name,
                &Value::from(other),
                "`silu`, `swish` or `gelu_pytorch_tanh`",
            )),
        }
    }

    /// `layer_types`, one entry per layer, when present.
    ///
    /// # Errors
    /// When an entry is unknown or the count is not `layers`.
    pub fn layer_types(&self, layers: i64) -> Result<Option<Vec<Span>>> {
        let Some(value) = self.get("layer_types") else {
            return Ok(None);
        };
        let wrong = || {
            let expected = format!("{layers} entries, each `full_attention` or `sliding_attention`");
            self.wrong("layer_types", value, &expected)
        };
        let list = value
            .as_array()
            .filter(|list| list.len() as i64 == layers)
            .ok_or_else(wrong)?;
        let span = |entry: &Value| match entry.as_str() {
            Some("full_attention") => Ok(Span::Full),
            Some("sliding_attention") => Ok(Span::Sliding),
            _ => Err(wrong()),
        };
        list.iter().map(span).collect::<Result<_>>().map(Some)
    }

    /// Refuses a field whose value is none of `accepted`; an absent field passes.
    ///
    /// # Errors
    /// [`TorchError::Field`] naming the field.
    pub fn must_be_absent_or(&self, name: &str, accepted: &[Value]) -> Result<()> {
        match self.get(name) {
            Some(value) if !accepted.contains(value) => Err(self.wrong(
                name,
                value,
                "it to be absent or off, because this backend lacks it",
            )),
            _ => Ok(()),
        }
    }

    pub(crate) fn missing(&self, name: &str) -> TorchError {
        TorchError::MissingField {
            field: self.path(name),
            architecture: self.architecture,
        }
    }

    pub(crate) fn wrong(&self, name: &str, found: &Value, expected: &str) -> TorchError {
        TorchError::Field {
            field: self.path(name),
            found: shorten(found),
            expected: expected.into(),
        }
    }

    fn path(&self, name: &str) -> String {
        if self.prefix.is_empty() {
            name.into()
        } else {
            format!("{}.{name}", self.prefix)
        }
    }
}

/// A value's JSON, cut so that a hostile file cannot fill the terminal.
fn shorten(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= 80 {
        return text;
    }
    text.chars().take(80).chain("…".chars()).collect()
}
