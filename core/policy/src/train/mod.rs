//! What every trainer inside this process needs: token sequences, their order, the learning rate, kept weights.

mod encode;
mod kept_weights;
mod learning_rate;
mod plan;

pub(crate) use encode::{EncodedExample, encode};
pub(crate) use kept_weights::KeptWeights;
pub(crate) use learning_rate::learning_rate;
pub(crate) use plan::plan;
