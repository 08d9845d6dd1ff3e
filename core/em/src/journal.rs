//! What the loop remembers, so that a killed run goes on where it was.

use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Sample, VerdictRow};

/// A step of a run: `iteration-1/train`, `base/test-greedy`, … Each owns its samples and verdicts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phase(String);

impl Phase {
    /// A phase from the arm (or iteration) it belongs to and what it does.
    #[must_use]
    pub fn new(arm: &str, step: &str) -> Self {
        Self(format!("{arm}/{step}"))
    }

    /// The name as text: two parts of `[a-z0-9@.-]` joined by a slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The journal could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct JournalError {
    /// What failed and what to do next.
    pub message: String,
    /// The cause, where there is one.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Append-only memory of a run. What was appended and synced survives a kill.
pub trait Journal {
    /// The samples of a phase, in the order they were appended.
    ///
    /// # Errors
    /// [`JournalError`] when they can't be read.
    fn samples(&self, phase: &Phase) -> Result<Vec<Sample>, JournalError>;

    /// Appends one sample.
    ///
    /// # Errors
    /// [`JournalError`] when it can't be written.
    fn append_sample(&mut self, phase: &Phase, sample: &Sample) -> Result<(), JournalError>;

    /// The verdicts of a phase, in the order they were appended.
    ///
    /// # Errors
    /// [`JournalError`] when they can't be read.
    fn verdicts(&self, phase: &Phase) -> Result<Vec<VerdictRow>, JournalError>;

    /// Appends one verdict.
    ///
    /// # Errors
    /// [`JournalError`] when it can't be written.
    fn append_verdict(&mut self, phase: &Phase, row: &VerdictRow) -> Result<(), JournalError>;

    /// Makes everything appended so far survive a kill.
    ///
    /// # Errors
    /// [`JournalError`] when it can't be written.
    fn sync(&mut self) -> Result<(), JournalError>;

    /// A finished step's result as JSON, if that step has finished.
    ///
    /// # Errors
    /// [`JournalError`] when it can't be read.
    fn result(&self, phase: &Phase) -> Result<Option<serde_json::Value>, JournalError>;

    /// Records a finished step's result, atomically and durably.
    ///
    /// # Errors
    /// [`JournalError`] when it can't be written.
    fn record_result(&mut self, phase: &Phase, result: &serde_json::Value) -> Result<(), JournalError>;
}

impl dyn Journal + '_ {
    /// [`Journal::result`], typed.
    ///
    /// # Errors
    /// [`JournalError`] when it can't be read or has another shape.
    pub fn typed_result<T: DeserializeOwned>(&self, phase: &Phase) -> Result<Option<T>, JournalError> {
        let Some(value) = self.result(phase)? else {
            return Ok(None);
        };
        serde_json::from_value(value).map(Some).map_err(|source| JournalError {
            message: format!("the recorded result of `{phase}` was written by another version of restem: start a new run directory"),
            source: Some(source.into()),
        })
    }
}
