//! What a run is asked to do.

use serde::{Deserialize, Serialize};

use crate::{PromptKind, PromptedProblem, Sampling, Seed, SelectOptions, TrainOptions};

/// Where each iteration's fine-tuning starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum StartFrom {
    /// The base model: ReST^EM.
    #[default]
    Base,
    /// The previous iteration's model: ReST (Gulcehre et al. 2023).
    Previous,
}

/// A named set of problems to evaluate on.
#[derive(Debug, Clone)]
pub struct EvalSet {
    /// Its name: `[a-z0-9-]`.
    pub name: String,
    /// Its problems.
    pub problems: Vec<PromptedProblem>,
}

/// How to evaluate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvalOptions {
    /// The same prompt for every model in a comparison.
    pub prompt: PromptKind,
    /// Greedy decoding for pass@1.
    pub greedy: Sampling,
    /// Each k of pass@k.
    pub pass_at: Vec<u32>,
    /// Sampling for pass@k (the paper: T 1.0, top-p 0.95).
    pub pass_sampling: Sampling,
    /// Votes of majority voting; 0 turns it off.
    pub majority: u32,
    /// Sampling for majority voting (the paper: T 0.7, top-k 40).
    pub majority_sampling: Sampling,
    /// Problems of each test set that pass@k and majority voting look at (the first ones); 0 is none.
    pub sampled_problems: u32,
}

/// Evaluation inside training (the paper's "while reward improves on D_val").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidationOptions {
    /// Validation problems looked at each time (the first ones); 0 keeps the last weights.
    pub problems: u32,
    /// Evaluations without improvement that end training; 0 never does.
    pub patience: u32,
}

/// A model that the iterations are compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// Fine-tuned on human solutions, as many rows as the first iteration kept (or as many as there are).
    SftHuman,
    /// Fine-tuned on as many of the first iteration's samples, kept at random instead of by the verifier.
    RandomKept,
}

impl Comparison {
    /// The arm's name in files and tables.
    #[must_use]
    pub const fn arm(self) -> &'static str {
        match self {
            Self::SftHuman => "sft-human",
            Self::RandomKept => "random-kept",
        }
    }
}

/// A run's options.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunOptions {
    /// Every random choice derives from it.
    pub seed: Seed,
    /// At most so many iterations.
    pub max_iterations: u32,
    /// Stop when an iteration no longer improves validation pass@1.
    pub stop_on_plateau: bool,
    /// Where fine-tuning starts.
    pub start: StartFrom,
    /// Samples per training problem (the paper: 32 for MATH, 64 for APPS).
    pub samples: u32,
    /// How they are drawn (the paper: T 0.7, top-k 40).
    pub sampling: Sampling,
    /// Prompt of the E-step.
    pub generate_prompt: PromptKind,
    /// Prompt of the M-step.
    pub train_prompt: PromptKind,
    /// Appended to each training completion that ended by itself, so that the model learns to end.
    pub end_text: String,
    /// What becomes a training row.
    pub select: SelectOptions,
    /// How to fine-tune.
    pub train: TrainOptions,
    /// Evaluation inside training.
    pub validation: ValidationOptions,
    /// Evaluation of finished models.
    pub eval: EvalOptions,
    /// Share of verdicts that may be faults.
    pub max_fault_rate: f64,
    /// Further models to train and compare with.
    pub compare: Vec<Comparison>,
}
