//! What a grader made of a row.

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// How an answer compares with the reference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Accepted.
    Equal,
    /// Rejected.
    #[default]
    Different,
    /// Neither could be shown; counts as rejected.
    Undecided,
    /// The output has no answer; counts as rejected.
    NoAnswer,
    /// The reference can't be read; counts as rejected.
    BadReference,
}

impl Outcome {
    /// The word in tables.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Equal => "equal",
            Self::Different => "different",
            Self::Undecided => "undecided",
            Self::NoAnswer => "no-answer",
            Self::BadReference => "bad-reference",
        }
    }

    fn named(name: &str) -> Result<Self> {
        for outcome in [
            Self::Equal,
            Self::Different,
            Self::Undecided,
            Self::NoAnswer,
            Self::BadReference,
        ] {
            if outcome.name() == name {
                return Ok(outcome);
            }
        }
        bail!("`{name}` is no outcome")
    }
}

/// A row judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// How its answer compares.
    pub(crate) outcome: Outcome,
    /// What decided; empty where nothing is known about it.
    pub(crate) rule: String,
    /// The text that was taken for the answer.
    pub(crate) found: Option<String>,
    /// The grader's remark.
    pub(crate) note: Option<String>,
    /// How long the check took.
    pub(crate) nanoseconds: u64,
}

impl Verdict {
    /// Whether the output is called right.
    pub(crate) fn accepts(&self) -> bool {
        self.outcome == Outcome::Equal
    }

    /// A line of the plugin's own `judge_rows`.
    ///
    /// # Errors
    /// When it is no such line.
    pub(crate) fn from_native(line: &Value) -> Result<Self> {
        let text = |field: &str| line[field].as_str().map(str::to_owned);
        Ok(Self {
            outcome: Outcome::named(line["outcome"].as_str().context("no outcome")?)?,
            rule: text("rule").unwrap_or_default(),
            found: text("found"),
            note: text("note"),
            nanoseconds: nanoseconds(line)?,
        })
    }

    /// A line of the host's `time_rows`, which sees rewards and no outcomes.
    ///
    /// # Errors
    /// When it is no such line.
    pub(crate) fn from_wasm(line: &Value) -> Result<Self> {
        let outcome = match (line["reward"].as_f64(), line["fault"].as_str()) {
            (Some(reward), _) if reward >= 1.0 => Outcome::Equal,
            (Some(_), _) => Outcome::Different,
            (None, Some(fault)) if fault.starts_with("malformed_problem") => Outcome::BadReference,
            (None, fault) => bail!("the plugin failed on {}: {fault:?}", line["id"]),
        };
        Ok(Self {
            outcome,
            nanoseconds: nanoseconds(line)?,
            ..Self::default()
        })
    }
}

#[cfg(test)]
impl Verdict {
    /// A verdict of which only the outcome and the time matter.
    pub(crate) fn of(outcome: Outcome, nanoseconds: u64) -> Self {
        Self {
            outcome,
            nanoseconds,
            ..Self::default()
        }
    }
}

fn nanoseconds(line: &Value) -> Result<u64> {
    line["nanoseconds"].as_u64().context("no time")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_plugin_s_lines_are_read() {
        let line =
            json!({"outcome": "undecided", "rule": "numeric", "found": "x", "note": null, "nanoseconds": 5});
        let verdict = Verdict::from_native(&line).unwrap();
        assert_eq!((verdict.outcome, verdict.nanoseconds), (Outcome::Undecided, 5));
        assert!(!verdict.accepts());
        assert!(Verdict::from_native(&json!({"outcome": "maybe", "nanoseconds": 5})).is_err());
    }

    #[test]
    fn a_fault_of_the_plugin_is_an_error_and_one_of_the_reference_is_not() {
        let bad = json!({"id": "a", "fault": "malformed_problem: empty", "nanoseconds": 5});
        assert_eq!(Verdict::from_wasm(&bad).unwrap().outcome, Outcome::BadReference);
        let broken = json!({"id": "a", "fault": "trap: unreachable", "nanoseconds": 5});
        assert!(Verdict::from_wasm(&broken).is_err());
    }
}
