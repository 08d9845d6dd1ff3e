//! The C ABI between restem and native policy backends, and a safe way to write one.
//!
//! A backend is a shared library with one symbol, [`abi::ENTRY_POINT`], which returns a constant table of functions
//! ([`abi::RestemPolicyApi`]). The raw types are in [`abi`], and in `include/restem_policy.h` for other languages.
//!
//! In Rust, implement [`Backend`], [`Model`], [`Generation`] and [`Training`] and write one line:
//!
//! ```ignore
//! restem_policy_abi::export_backend!(MyBackend);
//! ```
//!
//! The macro's functions check what comes in, catch panics, and turn [`BackendError`]s into error objects that the host
//! owns. After a panic the model that it hit answers every call but `close` with an error.
//!
//! Text never crosses: prompts and completions are token ids, so tokenising and stop strings are the host's business.

pub mod abi;
mod backend;
mod error;
mod export;
mod identity;
mod lora;
mod micro_batch;
mod options;
mod sequence;

pub use backend::{Backend, Cancel, Generation, Model, Training};
pub use error::{BackendError, ErrorCode};
pub use export::Table;
pub use identity::ModelIdentity;
pub use lora::{ADAPTER_CONFIG, ALL_LINEAR, LORA, Lora, adapter_base};
pub use micro_batch::{PaddedLength, micro_batches};
pub use options::{OpenOptions, OpenRequest, OptionsError, Rows, TrainingOptions};
pub use sequence::{
    Drawn, Finish, Prompt, SampleSeed, Sampling, Sequence, StepReport, TrainingExample, TrainingStep,
};
