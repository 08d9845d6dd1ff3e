//! The backend against transformers' results, against itself in other company, and against hostile files.

mod backend;
mod cache_budget;
mod configs;
mod determinism;
mod golden;
mod hostile_adapters;
mod hostile_files;
mod kernels;
mod lora;
mod parity;
mod stream_rules;
mod streams;
mod training;
