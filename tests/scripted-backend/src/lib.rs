//! A policy backend of a few hundred lines, for tests and as an example of [`restem_policy_abi`].
//!
//! The model is log-linear: logits of the next token are `sum_j W[j][token j places back]`. It samples by seed, learns
//! by AdamW, saves and loads. [`write_model`] makes a model directory, [`library`] finds the built `cdylib`, and
//! [`ByteTokenizer`] speaks its tokens.

mod adamw;
mod backend;
mod config;
mod draw;
mod generation;
mod library;
mod model;
mod recipe;
mod tokenizer;
mod tokenizer_file;
mod weights;

pub use backend::Scripted;
pub use library::library;
pub use recipe::write_model;
pub use tokenizer::ByteTokenizer;

restem_policy_abi::export_backend!(Scripted);
