//! The failure to judge.

use std::fmt;

/// Whose failure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultClass {
    /// The problem's: its reference or metadata is malformed.
    MalformedProblem,
    /// The plugin's: it can't decide.
    Internal,
}

/// Why a completion, or a whole problem, can't be judged.
///
/// A fault is not a score of 0: restem counts it, shows it and leaves the completion out of training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whose failure it is.
    pub class: FaultClass,
    /// What is wrong and what would mend it.
    pub message: String,
}

impl Fault {
    /// The problem is malformed.
    pub fn malformed_problem(message: impl fmt::Display) -> Self {
        Self {
            class: FaultClass::MalformedProblem,
            message: message.to_string(),
        }
    }

    /// The plugin can't decide.
    pub fn internal(message: impl fmt::Display) -> Self {
        Self {
            class: FaultClass::Internal,
            message: message.to_string(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
