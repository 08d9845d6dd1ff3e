//! The one struct that each call takes. Fields marked "Result" are written by the call, when it succeeds.

use super::values::{
    RestemGeneration, RestemModel, RestemSampleSeed, RestemSampling, RestemSequence, RestemText, RestemToken,
    RestemTraining,
};

/// suitability: can this backend serve a device and data type? If not: RESTEM_ERROR_UNSUITABLE, whose message says why.
#[repr(C)]
#[derive(Debug)]
pub struct RestemSuitabilityArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// auto, cpu, cuda:N or what else the backend knows.
    pub device: RestemText,
    /// auto, f32, bf16 or what else the backend knows.
    pub dtype: RestemText,
}

/// open: loads a model.
#[repr(C)]
#[derive(Debug)]
pub struct RestemOpenArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// Hugging Face model directory, UTF-8.
    pub model_dir: RestemText,
    /// As for suitability.
    pub device: RestemText,
    /// As for suitability.
    pub dtype: RestemText,
    /// A JSON object such as {"rows": 64, "threads": 2}; empty text for none. Unknown keys are errors; rows may be "auto", which
    /// measures, or since minor version 2 "auto-where-same", which measures if samples are the same at any number of rows; copies,
    /// also since then, is how many models are opened on the device to be used at once, where they are several.
    pub options: RestemText,
    /// Result: the model, to be closed by the caller.
    pub model: *mut RestemModel,
}

/// identity: what the model runs on, after automatic choices.
#[repr(C)]
#[derive(Debug)]
pub struct RestemIdentityArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// Result: the device; lives as long as the model.
    pub device: RestemText,
    /// Result: the data type of weights and products; lives as long as the model.
    pub dtype: RestemText,
    /// Result: rows of a decode step, 0 if that means nothing here.
    pub rows: u32,
    /// Result: threads of a matrix product, 0 if that means nothing here.
    pub threads: u32,
    /// Result: bytes that keys and values of a generation may take, 0 if the backend does not tell. Since minor version 1.
    pub cache_bytes: u64,
    /// Result: bytes of a token's keys and values, 0 if the backend does not tell. Since minor version 1.
    pub token_bytes: u64,
    /// Result: which instructions compute, where devices of one kind differ in them and so in the last digits, such as AVX2; empty if
    /// the backend does not tell; lives as long as the model. Since minor version 2.
    pub instructions: RestemText,
}

/// gen_open: starts an empty stream of samples.
#[repr(C)]
#[derive(Debug)]
pub struct RestemGenOpenArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// Result: the stream, to be closed by the caller before the model is.
    pub generation: *mut RestemGeneration,
}

/// gen_submit: adds a prompt and the samples wanted of it. Allowed at any time; all wait in the order of submission.
#[repr(C)]
#[derive(Debug)]
pub struct RestemGenSubmitArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The stream.
    pub generation: *mut RestemGeneration,
    /// The prompt's tokens.
    pub prompt: *const u32,
    /// Number of tokens, at least 1.
    pub prompt_len: u64,
    /// The samples wanted.
    pub samples: *const RestemSampleSeed,
    /// Number of samples.
    pub samples_len: u64,
    /// How they are drawn.
    pub sampling: RestemSampling,
}

/// gen_step: draws the next token of as many samples as fit, at most one each.
#[repr(C)]
#[derive(Debug)]
pub struct RestemGenStepArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The stream.
    pub generation: *mut RestemGeneration,
    /// Samples that the caller found to be complete; they leave before the step. Unknown ids are ignored.
    pub stop: *const u64,
    /// Number of ids in stop.
    pub stop_len: u64,
    /// Result: what was drawn; lives until the next call on the stream.
    pub tokens: *const RestemToken,
    /// Result: number of tokens.
    pub tokens_len: u64,
    /// Result: samples that wait or go on; 0 when there is nothing left to do.
    pub pending: u64,
}

/// gen_cancel: forgets samples that wait or go on. Unknown ids are ignored.
#[repr(C)]
#[derive(Debug)]
pub struct RestemGenCancelArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The stream.
    pub generation: *mut RestemGeneration,
    /// Samples to forget, for RESTEM_CANCEL_LISTED.
    pub samples: *const u64,
    /// Number of samples.
    pub samples_len: u64,
    /// RESTEM_CANCEL_LISTED or RESTEM_CANCEL_ALL.
    pub scope: u32,
    /// 0.
    pub reserved: u32,
}

/// gen_close: ends the stream, whatever is pending. The pointer is dead then, also when an error is returned.
#[repr(C)]
#[derive(Debug)]
pub struct RestemGenCloseArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The stream.
    pub generation: *mut RestemGeneration,
}

/// log_probs: log-probabilities in nats, at temperature 1, of the target tokens of sequences.
#[repr(C)]
#[derive(Debug)]
pub struct RestemLogProbsArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The sequences.
    pub sequences: *const RestemSequence,
    /// Number of sequences.
    pub sequences_len: u64,
    /// Tokens, padding included, of a forward pass.
    pub micro_batch_tokens: u64,
    /// Result: the caller's room for one value per target token, sequence after sequence.
    pub log_probs: *mut f32,
    /// Values that fit; must be the number of target tokens.
    pub log_probs_len: u64,
}

/// train_begin: makes an AdamW optimizer for the model's weights.
#[repr(C)]
#[derive(Debug)]
pub struct RestemTrainBeginArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// Decay of the first moment.
    pub beta1: f64,
    /// Decay of the second moment.
    pub beta2: f64,
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// Decoupled weight decay.
    pub weight_decay: f64,
    /// Gradients of a larger norm are scaled down to it; 0 turns that off.
    pub max_grad_norm: f64,
    /// Result: the optimizer, to be ended by the caller before the model is closed.
    pub training: *mut RestemTraining,
}

/// train_step: one optimizer step, accumulated over as many forward passes as the examples need.
///
/// The loss is the sum over target tokens of weight * -log p, divided by the number of target tokens of the step.
#[repr(C)]
#[derive(Debug)]
pub struct RestemTrainStepArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The optimizer.
    pub training: *mut RestemTraining,
    /// The examples of the step.
    pub examples: *const RestemSequence,
    /// Number of examples, at least 1.
    pub examples_len: u64,
    /// Tokens, padding included, of a forward pass; a longer example is a pass of its own.
    pub micro_batch_tokens: u64,
    /// Learning rate of this step.
    pub learning_rate: f64,
    /// Result: the loss before the step.
    pub loss: f64,
    /// Result: norm of its gradient, before clipping.
    pub grad_norm: f64,
    /// Result: target tokens.
    pub target_tokens: u64,
}

/// train_save_state and train_load_state: weights, moments and step count, as a file that only the backend reads.
#[repr(C)]
#[derive(Debug)]
pub struct RestemTrainStateArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The optimizer.
    pub training: *mut RestemTraining,
    /// The file, UTF-8.
    pub path: RestemText,
}

/// train_end: frees the optimizer; the model keeps the trained weights. The pointer is dead then, also on error.
#[repr(C)]
#[derive(Debug)]
pub struct RestemTrainEndArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The optimizer.
    pub training: *mut RestemTraining,
}

/// save: writes the weights as they are now, as a directory that open reads; what else a model directory holds (configuration, tokenizer) is copied.
#[repr(C)]
#[derive(Debug)]
pub struct RestemSaveArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
    /// The directory, UTF-8; created if missing.
    pub dir: RestemText,
    /// Data type of the file: auto for that of the directory the model was opened from.
    pub dtype: RestemText,
}

/// close: frees the model. The pointer is dead then, also when an error is returned.
#[repr(C)]
#[derive(Debug)]
pub struct RestemCloseArgs {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// The model.
    pub model: *mut RestemModel,
}
