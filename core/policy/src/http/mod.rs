//! Sampling from a server that speaks the `OpenAI` completions API (vLLM, llama.cpp, TGI, …).

mod client;
mod completion;
mod error;
mod generator;

pub use client::HttpOptions;
pub use error::HttpError;
pub use generator::HttpGenerator;
