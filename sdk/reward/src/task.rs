//! A problem as a plugin sees it.

use serde_json::{Map, Value};

use crate::Fault;

/// One problem, without its completions.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Task {
    /// Unique within the dataset.
    pub id: String,
    /// The question, where the caller has it.
    pub prompt: Option<String>,
    /// What to compare with; [`reference()`](Self::reference) is the shorter road.
    pub reference: Option<String>,
    /// Everything else that the problem carries: level, subject, unit tests, …
    pub metadata: Map<String, Value>,
}

impl Task {
    /// A problem with a name and nothing else.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// With a reference.
    #[must_use]
    pub fn with_reference(mut self, reference: impl Into<String>) -> Self {
        self.reference = Some(reference.into());
        self
    }

    /// With a question.
    #[must_use]
    pub fn with_prompt(mut self, prompt: impl Into<String>) -> Self {
        self.prompt = Some(prompt.into());
        self
    }

    /// With one more entry of metadata.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// The reference.
    ///
    /// # Errors
    /// A malformed-problem [`Fault`] when the problem has none.
    pub fn reference(&self) -> Result<&str, Fault> {
        self.reference.as_deref().ok_or_else(|| {
            Fault::malformed_problem(format_args!(
                "problem `{}` has no `reference` to compare with",
                self.id
            ))
        })
    }
}
