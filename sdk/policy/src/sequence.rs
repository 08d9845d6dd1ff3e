//! Token sequences: what goes in, what is drawn.

use crate::abi;

/// How tokens are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sampling<'a> {
    /// 0 is greedy; otherwise logits are divided by it.
    pub temperature: f32,
    /// Keep the smallest set of tokens whose probability reaches this; 1 keeps all.
    pub top_p: f32,
    /// Keep the `k` most likely tokens, before `top_p`; 0 keeps all.
    pub top_k: u32,
    /// A sample ends with this many new tokens, stop token included; at least 1.
    pub max_tokens: u32,
    /// A sample ends with one of these tokens.
    pub stop_tokens: &'a [u32],
}

/// One sample wanted: an id that is unique within the generation, and a seed.
pub use abi::RestemSampleSeed as SampleSeed;

/// A prompt and the samples wanted of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Prompt<'a> {
    /// At least one token.
    pub tokens: &'a [u32],
    /// The samples wanted.
    pub samples: &'a [SampleSeed],
    /// How they are drawn.
    pub sampling: Sampling<'a>,
}

/// Why a backend ended a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Finish {
    /// The token is one of the stop tokens.
    StopToken = abi::RESTEM_FINISH_STOP_TOKEN,
    /// `max_tokens` or the model's context is used up.
    Length = abi::RESTEM_FINISH_LENGTH,
}

/// One token drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drawn {
    /// The sample's id.
    pub sample: u64,
    /// The token.
    pub token: u32,
    /// Its log-probability in nats at temperature 1, before `top_k` and `top_p`.
    pub log_prob: f32,
    /// Why the sample ended with it; `None` when it goes on.
    pub finish: Option<Finish>,
}

/// A token sequence whose tail is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence<'a> {
    /// All tokens.
    pub tokens: &'a [u32],
    /// Index of the first target, from 1 to `tokens.len() - 1`; it and all after it are targets.
    pub target_from: usize,
}

impl Sequence<'_> {
    /// Number of target tokens, at least 1.
    #[must_use]
    pub const fn targets(&self) -> usize {
        self.tokens.len() - self.target_from
    }
}

/// A sequence to learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingExample<'a> {
    /// Tokens and targets.
    pub sequence: Sequence<'a>,
    /// Weight of its target tokens in the loss.
    pub weight: f32,
}

/// One optimizer step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrainingStep<'a> {
    /// At least one.
    pub examples: &'a [TrainingExample<'a>],
    /// Most rows of a forward pass. A backend that pads counts padding ([`crate::micro_batches`] splits so), one that computes
    /// what sequences have in common once counts it once.
    pub micro_batch_tokens: u64,
    /// Learning rate of this step.
    pub learning_rate: f64,
}

/// What an optimizer step did.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepReport {
    /// `sum(weight * -log p) / target_tokens` over the step's target tokens, in nats, before the step.
    pub loss: f64,
    /// Norm of the loss's gradient, before clipping.
    pub grad_norm: f64,
    /// Target tokens of the step.
    pub target_tokens: u64,
}
