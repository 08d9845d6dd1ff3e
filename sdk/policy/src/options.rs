//! How models and optimizers are opened.

use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::BackendError;

/// A model to open.
#[derive(Debug, Clone)]
pub struct OpenRequest<'a> {
    /// Hugging Face model directory.
    pub model_dir: &'a Path,
    /// `auto`, `cpu`, `cuda:N` or what else the backend knows.
    pub device: &'a str,
    /// `auto`, `f32`, `bf16` or what else the backend knows.
    pub dtype: &'a str,
    /// The rest.
    pub options: OpenOptions,
}

/// What can be chosen when a model is opened, in JSON when it crosses the ABI.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenOptions {
    /// Rows of a decode step; the backend chooses where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Rows>,
    /// Threads of a matrix product; the backend chooses where it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u32>,
    /// How many models the host opens on this device to use at once, where they are several: what a backend would take of
    /// the free memory by itself is then divided among them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<u32>,
    /// What only some backends know, such as [`crate::Lora`]. A backend refuses keys that it does not know: see [`OpenOptions::refuse_others`].
    #[serde(flatten)]
    pub others: Map<String, Value>,
}

/// Rows of a decode step: a number, `"auto"` or `"auto-where-same"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "Value")]
pub enum Rows {
    /// So many.
    Fixed(u32),
    /// As many as draw the most tokens per second, measured when the model is opened.
    Measured,
    /// The same where samples don't depend on the number of rows; elsewhere what the backend chooses without measuring.
    MeasuredWhereSame,
}

const MEASURED: &str = "auto";
const MEASURED_WHERE_SAME: &str = "auto-where-same";

impl From<Rows> for Value {
    fn from(rows: Rows) -> Self {
        match rows {
            Rows::Fixed(rows) => rows.into(),
            Rows::Measured => MEASURED.into(),
            Rows::MeasuredWhereSame => MEASURED_WHERE_SAME.into(),
        }
    }
}

impl TryFrom<Value> for Rows {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        let number = value.as_u64().and_then(|rows| u32::try_from(rows).ok());
        match (number, value.as_str()) {
            (Some(rows), _) => Ok(Self::Fixed(rows)),
            (None, Some(MEASURED)) => Ok(Self::Measured),
            (None, Some(MEASURED_WHERE_SAME)) => Ok(Self::MeasuredWhereSame),
            (None, _) => Err(format!("rows = {value} is neither a number nor \"auto\"")),
        }
    }
}

/// Options that are not the JSON object they should be.
pub type OptionsError = serde_json::Error;

impl OpenOptions {
    /// Options from JSON text; empty text is no options.
    ///
    /// # Errors
    /// When the text is not a JSON object or a known key has a value of another type.
    pub fn from_json(text: &str) -> Result<Self, OptionsError> {
        if text.is_empty() {
            Ok(Self::default())
        } else {
            serde_json::from_str(text)
        }
    }

    /// The options as JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let known = [
            ("rows", self.rows.map(Value::from)),
            ("threads", self.threads.map(Value::from)),
            ("copies", self.copies.map(Value::from)),
        ];
        let known = known
            .into_iter()
            .filter_map(|(key, value)| Some((key.to_owned(), value?)));
        Value::Object(self.others.clone().into_iter().chain(known).collect()).to_string()
    }

    /// Checks that every other key is one of `known`.
    ///
    /// # Errors
    /// [`crate::ErrorCode::InvalidArgument`] naming the first key that is not.
    pub fn refuse_others(&self, known: &[&str]) -> Result<(), BackendError> {
        match self.others.keys().find(|key| !known.contains(&key.as_str())) {
            None => Ok(()),
            Some(key) => Err(BackendError::invalid_argument(format!(
                "unknown backend option `{key}`; known: {}",
                ["rows", "threads"]
                    .iter()
                    .chain(known)
                    .copied()
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }
}

/// AdamW and clipping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingOptions {
    /// Decay of the first moment.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Gradients of a larger norm are scaled down to it; 0 turns that off.
    pub max_grad_norm: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_survive_the_crossing() {
        let options = OpenOptions {
            rows: Some(Rows::Fixed(64)),
            threads: None,
            copies: Some(2),
            others: [("lora".to_owned(), serde_json::json!({"rank": 8}))]
                .into_iter()
                .collect(),
        };
        assert_eq!(OpenOptions::from_json(&options.to_json()).unwrap(), options);
        assert_eq!(OpenOptions::from_json("").unwrap(), OpenOptions::default());
        assert!(OpenOptions::from_json("[]").is_err());
        for (text, rows) in [
            (r#"{"rows":"auto"}"#, Rows::Measured),
            (r#"{"rows":"auto-where-same"}"#, Rows::MeasuredWhereSame),
        ] {
            let measured = OpenOptions::from_json(text).unwrap();
            assert_eq!(measured.rows, Some(rows));
            assert_eq!(measured.to_json(), text);
        }
        let error = OpenOptions::from_json(r#"{"rows": "many"}"#)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("rows = \"many\" is neither a number nor \"auto\""),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_option_is_refused_by_name() {
        let options = OpenOptions::from_json(r#"{"rows": 4, "lorra": 1}"#).unwrap();
        let error = options.refuse_others(&["lora"]).unwrap_err();
        assert_eq!(
            error.message,
            "unknown backend option `lorra`; known: rows, threads, lora"
        );
        assert!(options.refuse_others(&["lorra"]).is_ok());
    }
}
