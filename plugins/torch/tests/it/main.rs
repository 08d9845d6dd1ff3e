//! The backend against transformers' results, against itself in other company, and against hostile files.

mod golden;
mod hostile_files;
mod parity;
