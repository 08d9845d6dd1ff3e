//! The policy's side of the loop: sampling and fine-tuning.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Digest, ProblemId, Sample, Sampling, Seed};

/// Go on, or end early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// End as soon as possible; what was delivered stands.
    Stop,
}

/// A model's weights, as a directory that the backend can open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Hugging Face model directory, or whatever name the generator understands.
    pub path: PathBuf,
}

/// What draws samples: part of a run's identity, since other arithmetic draws other tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GeneratorIdentity {
    /// Backend name, version and build.
    pub backend: String,
    /// Device and data type, such as `cpu/bf16`.
    pub device: String,
    /// Which instructions compute, where devices of one kind differ in them; empty where the backend does not tell.
    #[serde(default)]
    pub instructions: String,
    /// Rows of a decode step (R); 0 where the backend does not tell.
    pub rows: u32,
    /// Threads of a matrix product; 0 where the backend does not tell.
    pub threads: u32,
}

impl GeneratorIdentity {
    /// Device, data type and instructions in words, such as `cpu/bf16 with AVX2`.
    #[must_use]
    pub fn place(&self) -> String {
        match self.instructions.as_str() {
            "" => self.device.clone(),
            instructions => format!("{} with {instructions}", self.device),
        }
    }
}

/// The policy failed as a whole.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct PolicyError {
    /// What failed and what to do next.
    pub message: String,
    /// The cause, where there is one.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl PolicyError {
    /// An error that says all by itself.
    pub fn message(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    /// An error with its cause.
    pub fn new(
        message: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self {
            message: message.into(),
            source: Some(source.into()),
        }
    }
}

/// Samples wanted for one prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleRequest {
    /// The problem that the prompt asks.
    pub problem: ProblemId,
    /// The whole text the model continues.
    pub prompt: String,
    /// (k, seed) of each sample wanted.
    pub samples: Vec<(u32, Seed)>,
}

/// Opens checkpoints for sampling.
pub trait Generator {
    /// What draws the samples.
    fn identity(&self) -> GeneratorIdentity;

    /// Loads a checkpoint; it is released when the sampler is dropped.
    ///
    /// # Errors
    /// [`PolicyError`] when the checkpoint can't be loaded.
    fn open(&mut self, checkpoint: &Checkpoint) -> Result<Box<dyn Sampler + '_>, PolicyError>;
}

/// Draws samples from loaded weights.
pub trait Sampler {
    /// Draws every sample of `requests` and hands each over as it ends, in any order.
    ///
    /// A sample depends on weights, prompt, `sampling` and its seed only, never on its neighbours.
    ///
    /// # Errors
    /// [`PolicyError`] when sampling can't go on; samples handed over stand.
    fn sample(
        &mut self,
        requests: &[SampleRequest],
        sampling: &Sampling,
        sink: &mut dyn FnMut(Sample) -> Flow,
    ) -> Result<(), PolicyError>;
}

/// One row of a training set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The problem it solves.
    pub problem: ProblemId,
    /// What the model is given; no loss on it.
    pub prompt: String,
    /// What the model learns to say; an end-of-sequence token or stop string is part of it where it should be learnt.
    pub completion: String,
    /// Weight of its tokens in the loss: 1, or the reward (the paper's eq. 3).
    pub weight: f32,
}

/// How the learning rate moves after warm-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum LearningRateSchedule {
    /// Stays.
    #[default]
    Constant,
    /// Falls to 0 along half a cosine.
    Cosine,
}

/// Low-rank adapters (Hu et al. 2021): trained instead of the weights, which stay as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoraOptions {
    /// Rank of each adapter.
    pub rank: u32,
    /// What an adapter adds is multiplied by `alpha / rank`.
    pub alpha: f64,
    /// Whether that is `alpha / sqrt(rank)` instead.
    pub rslora: bool,
    /// The projections that have adapters, such as `q_proj`; `all-linear` alone stands for all of them.
    pub target_modules: Vec<String>,
}

/// How to fine-tune.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainOptions {
    /// Passes over the examples.
    pub epochs: u32,
    /// Examples per optimizer step.
    pub batch_size: u32,
    /// Most tokens of a forward pass; an optimizer step accumulates over as many passes as it needs.
    pub micro_batch_tokens: u32,
    /// Peak learning rate of AdamW.
    pub learning_rate: f64,
    /// Optimizer steps of linear warm-up.
    pub warmup_steps: u32,
    /// After warm-up.
    pub schedule: LearningRateSchedule,
    /// Decoupled weight decay of AdamW.
    pub weight_decay: f64,
    /// Largest gradient norm; larger gradients are scaled down. 0 turns clipping off.
    pub max_grad_norm: f64,
    /// Examples longer than this many tokens are left out, and counted.
    pub max_length: u32,
    /// Evaluate every so many optimizer steps; 0: at the end of each epoch.
    pub eval_every: u32,
    /// Write weights and optimizer to disk every so many optimizer steps, to go on from after a crash; 0: only when the job
    /// is stopped. It changes no result.
    pub checkpoint_every: u32,
    /// Adapters to train instead of the weights; the checkpoint holds them and names its base.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lora: Option<LoraOptions>,
}

/// A fine-tuning job.
#[derive(Debug, Clone)]
pub struct TrainJob<'a> {
    /// Where the weights start.
    pub start: &'a Checkpoint,
    /// Where the kept weights go; written atomically.
    pub out: &'a Checkpoint,
    /// The training set.
    pub examples: &'a [Example],
    /// How.
    pub options: &'a TrainOptions,
    /// Seed of the order of examples.
    pub seed: Seed,
}

/// What one optimizer step did.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TrainStep {
    /// Optimizer steps done, from 1.
    pub step: u32,
    /// Optimizer steps in all.
    pub steps: u32,
    /// Mean loss per target token in nats.
    pub loss: f64,
    /// Norm of the gradient before clipping.
    pub grad_norm: f64,
    /// Learning rate of this step.
    pub learning_rate: f64,
    /// Target tokens of this step.
    pub target_tokens: u64,
}

/// What a fine-tuning job did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainReport {
    /// Optimizer steps done.
    pub steps: u32,
    /// Step whose weights were kept.
    pub kept_step: u32,
    /// Target tokens seen.
    pub target_tokens: u64,
    /// Examples left out because they were longer than `max_length`.
    pub skipped: u32,
    /// Mean loss of the last step, in nats per target token.
    pub last_loss: f64,
    /// Digest of the kept weights.
    pub weights: Digest,
}

/// What to do after an evaluation inside training.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EvalDecision {
    /// These are the best weights so far: keep them, go on.
    Keep,
    /// Go on without keeping.
    Continue,
    /// Patience is used up: end with what was kept.
    Stop,
}

/// Follows a fine-tuning job.
pub trait TrainObserver {
    /// After each optimizer step. [`Flow::Stop`] stops the job, which another process may go on with.
    fn on_step(&mut self, step: &TrainStep) -> Flow;

    /// Every `eval_every` steps and at the end, with the weights as they are now.
    ///
    /// # Errors
    /// [`PolicyError`] from sampling or judging; the job fails with it.
    fn on_eval(&mut self, step: u32, sampler: &mut dyn Sampler) -> Result<EvalDecision, PolicyError>;

    /// What a later process must know to follow the rest of the job as this one would.
    fn remember(&self) -> Value;

    /// Takes up what an observer in an earlier process remembered; called before anything else.
    ///
    /// # Errors
    /// [`PolicyError`] when it is not what this kind of observer remembers.
    fn recall(&mut self, memory: &Value) -> Result<(), PolicyError>;
}

/// Fine-tunes checkpoints.
pub trait Trainer {
    /// Runs a job to its end, going on with what an earlier process left of it. `Ok(None)` when the observer stopped it.
    ///
    /// # Errors
    /// [`PolicyError`] when training fails; nothing is left at `job.out` then.
    fn train(
        &mut self,
        job: &TrainJob<'_>,
        observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError>;
}
