//! Low-rank adapters (Hu et al. 2021), in memory and in PEFT's directories.
//!
//! [`Adapter`] is what a projection carries while its adapter is trained: f32 factors beside weights that stay as they are.
//! [`attach`] makes new ones, [`load`] reads those of a directory, [`save`] writes them. Sampling never sees them: a stream
//! merges them into weights of its own, so that a sample during training is one of the model that would be saved.

mod adapter;
mod attach;
mod directory;
mod settings;
mod targets;

pub(crate) use adapter::parameters;
pub use adapter::{Adapter, Scaling};
pub(crate) use attach::attach;
pub(crate) use directory::{load, save};
pub(crate) use targets::check;
