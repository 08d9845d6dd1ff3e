//! Samples of a policy.

use serde::{Deserialize, Serialize};

use crate::{ProblemId, Seed};

/// How completions are drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// 0 is greedy decoding; otherwise logits are divided by it.
    pub temperature: f32,
    /// Keep the `k` most likely tokens; 0 keeps all.
    pub top_k: u32,
    /// Keep the smallest set of tokens whose probability reaches this; 1 keeps all.
    pub top_p: f32,
    /// At most so many new tokens.
    pub max_tokens: u32,
    /// A completion ends before the first of these texts, which is cut off.
    pub stop: Vec<String>,
}

/// Why a completion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// A stop string or an end-of-sequence token.
    Stop,
    /// `max_tokens` was reached.
    Length,
}

/// One completion drawn for a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// The problem it answers.
    pub problem: ProblemId,
    /// Index among that problem's samples in this phase, from 0.
    pub k: u32,
    /// The seed it was drawn with.
    pub seed: Seed,
    /// The text, without the stop string.
    pub completion: String,
    /// New tokens drawn, the end-of-sequence token included.
    pub tokens: u32,
    /// Sum of the drawn tokens' log-probabilities in nats at temperature 1, where the backend tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_prob: Option<f64>,
    /// Why it ended.
    pub finish: FinishReason,
}
