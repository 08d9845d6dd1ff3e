//! Verdicts: a score, or a fault that is never a score.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ProblemId;

/// Whether a verifier's rewards are 0 or 1, or anything between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardKind {
    /// 0 or 1.
    Binary,
    /// Any value of [0, 1]; selection needs an explicit threshold.
    Graded,
}

/// What the verifier makes of a completion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// In [0, 1].
    pub reward: f64,
    /// The answer in canonical form: equal answers share it (majority voting counts these).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// For people: why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Named parts of the reward.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<(String, f64)>,
}

/// What kept a verifier from judging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultClass {
    /// The plugin used up its fuel.
    OutOfFuel,
    /// A memory, table, stack, result or log limit was hit.
    LimitExceeded,
    /// The plugin trapped or panicked.
    Trap,
    /// The wall-clock backstop: transient, since it depends on the machine's load.
    WallClock,
    /// The plugin returned something that is no verdict (NaN, a reward out of range).
    InvalidResult,
    /// The problem itself can't be judged: its reference or metadata is malformed.
    MalformedProblem,
    /// The input line could not be read.
    MalformedInput,
    /// The host's own trouble: a worker died, a file was unreadable.
    Host,
}

impl FaultClass {
    /// The name used in files and messages.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OutOfFuel => "out_of_fuel",
            Self::LimitExceeded => "limit_exceeded",
            Self::Trap => "trap",
            Self::WallClock => "wall_clock",
            Self::InvalidResult => "invalid_result",
            Self::MalformedProblem => "malformed_problem",
            Self::MalformedInput => "malformed_input",
            Self::Host => "host",
        }
    }
}

impl fmt::Display for FaultClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A verifier's failure to judge; counted and shown, never a reward of 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{class}: {message}")]
pub struct Fault {
    /// What kind of failure.
    pub class: FaultClass,
    /// What failed, the limit and the value, and what to do next.
    pub message: String,
}

/// The outcome of judging one completion.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Verdict {
    /// Judged.
    Scored(Score),
    /// Not judged.
    Fault {
        /// Why not.
        fault: Fault,
    },
}

impl Verdict {
    /// A fault from its parts.
    pub fn fault(class: FaultClass, message: impl Into<String>) -> Self {
        Self::Fault {
            fault: Fault {
                class,
                message: message.into(),
            },
        }
    }

    /// The score, unless this is a fault.
    #[must_use]
    pub const fn score(&self) -> Option<&Score> {
        match self {
            Self::Scored(score) => Some(score),
            Self::Fault { .. } => None,
        }
    }
}

/// A verdict and what it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictRow {
    /// The problem.
    pub problem: ProblemId,
    /// Index of the sample among the problem's, from 0.
    pub k: u32,
    /// The judgement.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// Fuel that the call used (wasmtime fuel units); 0 where the verifier meters none.
    pub fuel: u64,
}
