//! What the author of a backend implements.

use std::path::Path;

use crate::{
    BackendError, Drawn, ModelIdentity, OpenRequest, Prompt, Sequence, StepReport, TrainingOptions,
    TrainingStep,
};

/// A backend: opens models.
pub trait Backend: 'static {
    /// Its name, such as `torch`.
    const NAME: &'static str;
    /// Its version: `env!("CARGO_PKG_VERSION")`.
    const VERSION: &'static str;
    /// What else changes its arithmetic: versions of the libraries it was built with.
    const BUILD: &'static str;
    /// Its models.
    type Model: Model;

    /// Whether it can serve a device (`auto`, `cpu`, `cuda:N`) and data type (`auto`, `f32`, `bf16`) on this machine.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Unsuitable`] with a message that says why not.
    fn suitability(device: &str, dtype: &str) -> Result<(), BackendError>;

    /// Loads a model.
    ///
    /// # Errors
    /// When the directory is not a model that the backend knows, or memory is too small.
    fn open(request: &OpenRequest<'_>) -> Result<Self::Model, BackendError>;
}

/// A loaded model.
///
/// Generations and trainings don't hold their model: each call hands it to them. Several may be open at once; the host
/// closes those it opened for an evaluation before the next training step. Calls on a model come one after another, from
/// whatever thread; meanwhile other threads may call other models.
pub trait Model: Send + Sized + 'static {
    /// Its streams of samples.
    type Generation: Generation<Self>;
    /// Its optimizers.
    type Training: Training<Self>;

    /// What it runs on, after automatic choices; asked once, after opening.
    fn identity(&self) -> ModelIdentity;

    /// Starts an empty stream of samples.
    ///
    /// # Errors
    /// When memory is too small.
    fn generation(&mut self) -> Result<Self::Generation, BackendError>;

    /// Log-probabilities in nats, at temperature 1, of each sequence's target tokens.
    ///
    /// `micro_batch_tokens` bounds a forward pass as in training.
    ///
    /// # Errors
    /// When a token is not in the vocabulary or a sequence is longer than the model's context.
    fn log_probs(
        &mut self,
        sequences: &[Sequence<'_>],
        micro_batch_tokens: u64,
    ) -> Result<Vec<Vec<f32>>, BackendError>;

    /// Makes an AdamW optimizer for the weights.
    ///
    /// # Errors
    /// When memory is too small or the model can't be trained.
    fn training(&mut self, options: &TrainingOptions) -> Result<Self::Training, BackendError>;

    /// Writes the weights as they are now to `dir`, a directory that [`Backend::open`] reads, configuration and
    /// tokenizer included; `dtype` is `auto` for that of the directory the model came from.
    ///
    /// # Errors
    /// When a file can't be written.
    fn save(&mut self, dir: &Path, dtype: &str) -> Result<(), BackendError>;
}

/// Which samples to forget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cancel<'a> {
    /// Every sample.
    All,
    /// Those with these ids; unknown ones are ignored.
    Listed(&'a [u64]),
}

/// A stream of samples: prompts go in at any time, tokens come out step by step.
///
/// A sample's tokens depend on weights, prompt, sampling and its seed only, never on its neighbours.
pub trait Generation<M>: Send + 'static {
    /// Adds a prompt. Its samples wait until there is room, in order of submission.
    ///
    /// # Errors
    /// When a token is not in the vocabulary or the prompt is longer than the model's context; nothing is added then.
    fn submit(&mut self, model: &mut M, prompt: &Prompt<'_>) -> Result<(), BackendError>;

    /// Draws the next token of as many samples as fit, at most one each, and pushes them to `drawn` (which is empty).
    ///
    /// A sample whose token carries [`Drawn::finish`] has left. Returns how many samples wait or go on.
    ///
    /// # Errors
    /// When the forward pass fails; the stream can only be closed then.
    fn step(&mut self, model: &mut M, drawn: &mut Vec<Drawn>) -> Result<u64, BackendError>;

    /// Forgets samples. The host also stops samples this way, when it finds a stop string in their text.
    ///
    /// # Errors
    /// When the stream is broken.
    fn cancel(&mut self, model: &mut M, which: Cancel<'_>) -> Result<(), BackendError>;
}

/// An optimizer and its state.
pub trait Training<M>: Send + 'static {
    /// One AdamW step on the gradient of `sum(weight * -log p) / target tokens`, accumulated over as many forward
    /// passes as [`TrainingStep::micro_batch_tokens`] asks for, then clipped.
    ///
    /// # Errors
    /// When the pass fails or the loss is not finite; weights are as before the step then.
    fn step(&mut self, model: &mut M, step: &TrainingStep<'_>) -> Result<StepReport, BackendError>;

    /// Writes weights, moments and step count to a file.
    ///
    /// # Errors
    /// When the file can't be written.
    fn save_state(&mut self, model: &mut M, path: &Path) -> Result<(), BackendError>;

    /// Reads back what [`Training::save_state`] wrote; later steps are bit-identical to those of the run that wrote it.
    ///
    /// # Errors
    /// When the file can't be read or belongs to another model.
    fn load_state(&mut self, model: &mut M, path: &Path) -> Result<(), BackendError>;

    /// Frees the optimizer; the model keeps the trained weights.
    ///
    /// # Errors
    /// When the weights can't be handed back to the model.
    fn end(self, model: &mut M) -> Result<(), BackendError>;
}
