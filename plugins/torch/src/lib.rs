//! The libtorch policy backend: loads a Hugging Face model directory, samples from it and trains it.
//!
//! - [`ModelConfig`] reads `config.json`; [`arch`] is the registry of architectures.
//! - [`Checkpoint`] reads safetensors files without trusting them.
//! - [`Model`] is the decoder itself; [`Stream`] samples from it, [`Trainer`] trains it, whole or its [`Adapter`]s.
//! - [`Torch`] is the C ABI's view of all that.

pub mod arch;
mod backend;
mod budget;
mod checkpoint;
mod config;
mod device;
mod elementwise;
mod error;
mod generate;
mod instructions;
#[cfg(target_arch = "x86_64")]
mod kernels;
#[cfg(not(target_arch = "x86_64"))]
#[path = "kernels/absent.rs"]
mod kernels;
mod lora;
mod memory;
mod model;
mod philox;
mod threads;
mod train;
mod transfer;

pub use backend::{OpenModel, Torch};
pub use checkpoint::Checkpoint;
pub use config::{Activation, AttentionScale, Biases, Fields, ModelConfig, Rope, RopeScaling, Span};
pub use device::{parse_device, parse_dtype};
pub use error::{Result, TorchError};
pub use generate::{MOST_ROWS, Stream, default_rows, fastest_rows};
pub use lora::{Adapter, Scaling};
pub use memory::keep_freed_memory;
pub use model::{Angles, Layer, LayerAngles, Linear, Model, Norm, Parameter, Projected, RopeTable, Ropes};
pub use train::{Trainer, log_probs};
