//! The model side: native backend loader, HTTP generator, external trainer, model import.
//!
//! - [`native`] opens a policy backend (a shared library) and samples and trains with it,
//! - [`http`] samples from a server that speaks the `OpenAI` completions API,
//! - [`external`] trains by running a command,
//! - [`import`] turns a GGUF file into a model directory.
//!
//! They implement [`restem_em::Generator`] and [`restem_em::Trainer`]; nothing here knows the loop.

mod adapter_dir;
pub mod env;
pub mod external;
pub mod http;
pub mod import;
pub mod native;
mod train;
mod weights_digest;

pub use adapter_dir::{base_dir, tokenizer_dir};
pub use restem_policy_abi::{ALL_LINEAR, LORA, OpenOptions, Rows};
pub use weights_digest::weights_digest;
