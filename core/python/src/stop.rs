//! Why a host function ended a run.

use crate::Outcome;

/// An end that a host function brings about; travels through wasmtime as the call's error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stop {
    /// The guest asked to exit.
    #[error("exit status {0}")]
    Exit(i32),
    /// The guest wrote more than it may.
    #[error("output limit")]
    OutputLimit,
    /// The candidate's instance ended so in the midst of a check.
    #[error("the candidate's instance ended")]
    Ended(Outcome),
}
