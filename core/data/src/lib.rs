//! Datasets in and out, prompt templates, tokenizers and de-duplication.
//!
//! A [`DatasetSource`] says where problems are and, through a [`Preset`] or a [`Mapping`], which of a row's fields mean
//! what; [`read_problems`] streams them and [`load`] collects them. Rows that can't be read are [`RowFault`]s, never
//! the end of the file. [`PromptTemplate`] and [`ChatTemplate`] turn problems into the model's input, [`HfTokenizer`]
//! turns text into its tokens. [`write_jsonl`] and [`write_parquet`] write what a run made, whole or not at all.
//! [`completion_key`] and [`contamination`] say what counts as the same.

mod atomic;
mod chat_template;
mod columns;
mod contamination;
mod error;
mod exact_numbers;
mod expression;
mod extract;
mod hf_tokenizer;
mod jinja;
mod json_lines;
mod keys;
mod mapping;
mod model_config;
mod nearest;
mod preset;
mod prompt_template;
mod read;
mod rows;
mod source;
mod strftime;
#[cfg(test)]
mod with_data;
mod write_jsonl;
mod write_parquet;

pub use chat_template::{ChatTemplate, GenerationPrompt, Message};
pub use columns::{Column, Values, example_columns, judged_columns};
pub use contamination::{Overlap, contamination};
pub use error::DataError;
pub use exact_numbers::keep_digits;
pub use hf_tokenizer::HfTokenizer;
pub use keys::{completion_key, prompt_key};
pub use mapping::{Mapping, MetadataMapping};
pub use preset::Preset;
pub use prompt_template::{FEW_SHOT, PromptTemplate, QUESTION_ONLY};
pub use read::{Dataset, Problems, RowFault, load, read_problems};
pub use source::{DatasetSource, ParseRangeError, RowRange};
pub use write_jsonl::write_jsonl;
pub use write_parquet::write_parquet;
