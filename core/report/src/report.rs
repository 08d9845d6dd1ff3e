//! What a report tells, as plain data.

use restem_em::{Estimate, PairedComparison};
use serde::{Deserialize, Serialize};

/// Everything a report shows. Empty parts are left out.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Heading of the page.
    pub title: String,
    /// About the run: (what, value), such as model, verifier and its digest, seed, duration.
    pub facts: Vec<(String, String)>,
    /// Results, one entry per evaluated set; the one that matters most first.
    pub sets: Vec<SetResults>,
    /// What each iteration drew and kept.
    pub e_steps: Vec<EStepRow>,
    /// Numbers over time.
    pub curves: Vec<Curve>,
    /// Some completions and what the verifier made of them.
    pub samples: Vec<SampleRow>,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// Every arm on one set of problems.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SetResults {
    /// The set's name.
    pub name: String,
    /// The arms in the order they are shown.
    pub arms: Vec<ArmRow>,
    /// Paired comparisons on these problems.
    pub comparisons: Vec<PairedComparison>,
}

/// One model on one set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ArmRow {
    /// `base`, `iteration-1`, …
    pub name: String,
    /// Whether it is the best iteration by validation.
    pub best: bool,
    /// Problems judged.
    pub problems: u64,
    /// Problems solved by the greedy completion.
    pub correct: u64,
    /// Problems that could not be judged.
    pub faults: u64,
    /// Greedy pass@1.
    pub pass_at_1: Option<Estimate>,
    /// Share of completions with an answer in the asked-for format.
    pub well_formed: Option<Estimate>,
    /// Mean tokens per completion, where it is known.
    pub mean_tokens: Option<f64>,
    /// pass@k from samples.
    pub pass_at: Vec<AtK>,
    /// Majority voting over samples.
    pub majority: Option<AtK>,
    /// Rows it was trained on; none for a model that was not.
    pub trained_on: Option<u64>,
}

/// An estimate from k samples per problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtK {
    /// Samples that count.
    pub k: u32,
    /// Problems looked at.
    pub problems: u64,
    /// Share solved.
    pub estimate: Estimate,
}

/// What one iteration drew and kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct EStepRow {
    /// The iteration.
    pub name: String,
    /// Samples drawn.
    pub samples: u64,
    /// Judged correct.
    pub correct: u64,
    /// Not judged.
    pub faults: u64,
    /// Rows kept for training.
    pub kept: u64,
    /// Problems with a kept row.
    pub solved: u64,
    /// Problems.
    pub problems: u64,
    /// Mean reward over judged samples.
    pub mean_reward: f64,
}

/// A chart of one or more series.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// What it shows.
    pub title: String,
    /// What is counted along x: `optimizer step`, `iteration`.
    pub x_label: String,
    /// What y is.
    pub y: Quantity,
    /// The series.
    pub lines: Vec<Line>,
}

/// What the values of a chart are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Quantity {
    /// Shares of [0, 1]: shown as per cent, from 0.
    Share(String),
    /// Any numbers, with what they are and their unit: `loss (nats per token)`.
    Number(String),
}

/// One series of a chart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Its name in the legend.
    pub name: String,
    /// (x, y) with x rising. A y that is not finite breaks the line and is counted in the legend.
    pub points: Vec<(u64, f64)>,
}

/// One completion and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleRow {
    /// The phase it was drawn in.
    pub phase: String,
    /// The problem's name.
    pub problem: String,
    /// The question.
    pub prompt: String,
    /// What the model said.
    pub completion: String,
    /// What became of it.
    pub decision: Decision,
    /// Its reward, if it was judged.
    pub reward: Option<f64>,
    /// The verifier's canonical answer, or its note or fault message.
    pub note: Option<String>,
    /// Which verifier: name, version and digest.
    pub verifier: String,
}

/// What became of a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Correct and trained on.
    Kept,
    /// Correct, but a duplicate or beyond the cap.
    Spare,
    /// Judged wrong.
    Rejected,
    /// Not judged.
    Fault,
}

impl Decision {
    /// The word shown.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Spare => "spare",
            Self::Rejected => "rejected",
            Self::Fault => "fault",
        }
    }
}
