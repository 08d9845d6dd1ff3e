//! The backend against transformers' results, against itself in other company, and against hostile files.

mod backend;
mod configs;
mod determinism;
mod golden;
mod hostile_files;
mod parity;
mod stream_rules;
mod streams;
mod training;
