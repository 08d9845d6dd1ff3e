//! What every trainer inside this process needs: token sequences, their order, the learning rate, kept weights, progress.

mod beside;
mod encode;
mod kept_weights;
mod learning_rate;
mod plan;
mod progress;

pub(crate) use encode::{EncodedExample, encode};
pub(crate) use kept_weights::KeptWeights;
pub(crate) use learning_rate::learning_rate;
pub(crate) use plan::plan;
pub(crate) use progress::{Arithmetic, Progress, ProgressDir, digest};
