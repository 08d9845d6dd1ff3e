//! The JSON files beside a model's weights.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use crate::DataError;

/// No configuration or tokenizer of a model is bigger.
const MAX_BYTES: u64 = 512 << 20;

/// A file's text, or `None` where there is no such file.
pub(crate) fn read_text(path: &Path) -> Result<Option<String>, DataError> {
    let length = match fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(DataError::io("read", path)(error)),
    };
    if length > MAX_BYTES {
        return Err(DataError::TooLarge {
            path: path.to_owned(),
            limit: MAX_BYTES,
            hint: "is this the right file of the model?",
        });
    }
    fs::read_to_string(path)
        .map(Some)
        .map_err(DataError::io("read", path))
}

/// A file's JSON, or null where there is no such file.
pub(crate) fn read_json(path: &Path) -> Result<Value, DataError> {
    let Some(text) = read_text(path)? else {
        return Ok(Value::Null);
    };
    serde_json::from_str(&text).map_err(|error| DataError::Model {
        path: path.to_owned(),
        reason: format!("the file is no JSON: {error}"),
        hint: "fetch the model's files again".to_owned(),
    })
}

/// A special token's text: written as it is, or as an object with `content`.
pub(crate) fn token_text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| value.get("content")?.as_str())
}
