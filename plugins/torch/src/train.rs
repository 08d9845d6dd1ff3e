//! Fine-tuning: the loss over target tokens, its gradient, and AdamW.
//!
//! A step's examples are split into micro-batches ([`batch`]). Each runs through the decoder ([`body`]) up to the hidden
//! states that predict a target; from there the loss goes through the vocabulary in chunks ([`head`]), which keeps
//! 262,144 logits per token from ever existing for all tokens at once. [`gradient`] sums the micro-batches up, and
//! [`adamw`] applies the sum.

mod activations;
mod adamw;
#[cfg(test)]
mod adapter_gradients;
mod backward;
mod batch;
mod body;
mod embedding_gradient;
mod gradient;
mod head;
mod log_probs;
mod slices;
mod state;
mod step;

pub use log_probs::log_probs;
pub use step::Trainer;
