//! Problems.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Names a problem within its dataset; unique there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProblemId(String);

impl ProblemId {
    /// A problem's name from text.
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProblemId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for ProblemId {
    fn from(id: &str) -> Self {
        Self::new(id)
    }
}

/// One problem of a dataset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Unique within the dataset.
    pub id: ProblemId,
    /// The question, before any few-shot or chat template.
    pub prompt: String,
    /// What the verifier compares with; verifiers that need none (unit tests) read `metadata` instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Solutions written by people, for the SFT comparison and for few-shot prompts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub solutions: Vec<String>,
    /// Everything else: level, subject, `input_output`, `test`, `entry_point`, …
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
}
