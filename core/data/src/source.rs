//! Where problems come from.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Mapping, Preset};

/// A dataset file and what to take from it.
///
/// The file is JSONL, one JSON array of objects, or Parquet, each optionally gzipped; its bytes tell which, not its
/// name. Effects apply in this order: `rows`, then `shuffle`, then `limit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DatasetSource {
    /// The file.
    pub path: PathBuf,
    /// A published dataset's field names; without it, restem's own (`id`, `prompt`, `reference`, `solutions`, `metadata`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Field names; each one given here replaces the preset's.
    #[serde(default, skip_serializing_if = "Mapping::is_empty")]
    pub mapping: Mapping,
    /// Only these rows of the file, counted from 0: `0..340`, `340..`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<RowRange>,
    /// Put the problems in a random order that depends on this seed and their ids alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shuffle: Option<u64>,
    /// At most so many problems; faulty rows don't count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

impl DatasetSource {
    /// All rows of a file in restem's own format.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            preset: None,
            mapping: Mapping::default(),
            rows: None,
            shuffle: None,
            limit: None,
        }
    }

    /// All rows of a published file.
    pub fn preset(path: impl Into<PathBuf>, preset: Preset) -> Self {
        Self {
            preset: Some(preset),
            ..Self::new(path)
        }
    }
}

/// A half-open range of rows, counted from 0; written `0..340`, `340..` or `..60`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct RowRange {
    /// The first row.
    pub start: usize,
    /// The row behind the last one; `None` is the file's end.
    pub end: Option<usize>,
}

impl RowRange {
    /// Whether row `row` is in the range.
    #[must_use]
    pub fn contains(&self, row: usize) -> bool {
        row >= self.start && self.end.is_none_or(|end| row < end)
    }
}

/// A text that is no range of rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no range of rows: write `0..340` (340 rows), `340..` (the rest) or `..60`, start before end"
)]
pub struct ParseRangeError(String);

impl FromStr for RowRange {
    type Err = ParseRangeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || ParseRangeError(text.chars().take(80).collect());
        let (start, end) = text.split_once("..").ok_or_else(error)?;
        let number = |text: &str| match text.trim() {
            "" => Ok(None),
            digits => digits.parse::<usize>().map(Some).map_err(|_| error()),
        };
        let range = Self {
            start: number(start)?.unwrap_or(0),
            end: number(end)?,
        };
        match range.end {
            Some(end) if end <= range.start => Err(error()),
            _ => Ok(range),
        }
    }
}

impl TryFrom<String> for RowRange {
    type Error = ParseRangeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RowRange> for String {
    fn from(range: RowRange) -> Self {
        range.to_string()
    }
}

impl fmt::Display for RowRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..", self.start)?;
        self.end.map_or(Ok(()), |end| write!(f, "{end}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_half_open_and_round_trip() {
        let range: RowRange = "340..400".parse().unwrap();
        assert!(!range.contains(339) && range.contains(340) && range.contains(399) && !range.contains(400));
        for text in ["340..400", "7.."] {
            assert_eq!(text.parse::<RowRange>().unwrap().to_string(), text);
        }
        assert_eq!("..60".parse::<RowRange>().unwrap().to_string(), "0..60");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "5", "5..5", "9..3", "a..b", "-1..3", "0..=4"] {
            assert!(text.parse::<RowRange>().is_err(), "{text}");
        }
        insta::assert_snapshot!("9..3".parse::<RowRange>().unwrap_err(), @"`9..3` is no range of rows: write `0..340` (340 rows), `340..` (the rest) or `..60`, start before end");
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let error = serde_json::from_str::<DatasetSource>(r#"{"path": "x", "presets": "math"}"#).unwrap_err();
        assert!(error.to_string().contains("unknown field `presets`"), "{error}");
    }
}
