//! The GGUF container, read without trusting it.
//!
//! A GGUF file is a header (metadata and a table of tensors) followed by tensor data. Every count, length and
//! offset in the header is checked against the size of the file before anything is allocated for it, so a
//! hostile header costs at most a small multiple of the file's own size.
//!
//! Format: <https://github.com/ggml-org/ggml/blob/master/docs/gguf.md>.

mod cursor;
mod header;
mod metadata;
mod tensor_table;
mod tensor_type;
mod value;

pub(super) use header::GgufFile;
pub(super) use metadata::Metadata;
pub(super) use tensor_table::{TensorEntry, TensorTable};
