//! Which of a row's fields mean what.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a problem's parts are in a row.
///
/// Each value is a field's name (`question`), an expression (`Body ~ " " ~ Question`, `answer | after("####")`), or a
/// text with expressions in it (`{{ Body }} {{ Question }}`). Expressions are Jinja's, see every field as a variable
/// and the whole row as `row` (`row["odd name"]`), and know the filters `after`, `fromjson` and `last_boxed`. What is
/// left out falls back to the preset, then to the field of the same name where a row has one. Numbers become text, and
/// an integral number loses its `.0`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The problem's name; null or nothing gives `<file stem>/<row number>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
    /// What the verifier compares with; null is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// Solutions written by people: a text or a list of texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solutions: Option<String>,
    /// Everything else the problem carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<MetadataMapping>,
}

/// Where a problem's metadata is in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "an expression, a list of field names, or a table of name = expression"
)]
pub enum MetadataMapping {
    /// An expression whose value is an object.
    Object(String),
    /// These fields under their own names; a row may lack some.
    Fields(Vec<String>),
    /// Named values, each an expression that every row must have.
    Named(BTreeMap<String, String>),
}

impl Mapping {
    /// Whether nothing is mapped.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// This mapping, with `base` where it says nothing.
    #[must_use]
    pub(crate) fn over(self, base: Self) -> Self {
        Self {
            id: self.id.or(base.id),
            prompt: self.prompt.or(base.prompt),
            reference: self.reference.or(base.reference),
            solutions: self.solutions.or(base.solutions),
            metadata: self.metadata.or(base.metadata),
        }
    }
}
