//! What can go wrong while importing a GGUF file, in sentences that name the thing to do next.

use std::path::PathBuf;

/// Why a GGUF file was not imported.
///
/// Nothing is left at the output path when an import fails: files are written to a temporary
/// sibling directory that is renamed only at the very end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The operating system refused to read or write.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Io {
        /// What was being done, as a verb: `read`, `create`, …
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },

    /// The output path holds something already.
    #[error(
        "`{}` already exists and is not an empty directory: choose another output directory, \
         or remove this one first",
        path.display()
    )]
    OutputExists {
        /// The path that was asked for.
        path: PathBuf,
    },

    /// The file holds a part of a model.
    #[error(
        "`{}` is one of the {parts} files of a model: join them first, with llama.cpp's `llama-gguf-split --merge`",
        path.display()
    )]
    Split {
        /// The file.
        path: PathBuf,
        /// How many there are.
        parts: u64,
    },

    /// The file does not begin with `GGUF`.
    #[error(
        "`{}` is not a GGUF file: it begins with {found}, not with \"GGUF\"",
        path.display()
    )]
    NotGguf {
        /// The file.
        path: PathBuf,
        /// Its first bytes, escaped.
        found: String,
    },

    /// A GGUF version that this importer does not read.
    #[error(
        "this GGUF file has version {found}, supported are 2 and 3: convert it again with a current llama.cpp"
    )]
    UnsupportedVersion {
        /// The version in the header.
        found: u32,
    },

    /// The file was written for a big-endian machine.
    #[error("this GGUF file is big-endian: convert it with llama.cpp's gguf_convert_endian.py")]
    BigEndian,

    /// The file ends, or would have to end, before what it announces.
    #[error(
        "the GGUF file is truncated or corrupt: {what} at byte {offset} needs at least {needed} bytes \
         and {remaining} are left (download it again and compare its checksum)"
    )]
    Truncated {
        /// What was being read.
        what: String,
        /// Position in the file, in bytes.
        offset: u64,
        /// Bytes that it needs at least.
        needed: u64,
        /// Bytes left in the file.
        remaining: u64,
    },

    /// A number in the file is larger than anything a real model has.
    #[error("the GGUF file is corrupt: {what} is {requested}, the limit is {limit}")]
    LimitExceeded {
        /// What is too large.
        what: String,
        /// Largest accepted value.
        limit: u64,
        /// Value in the file.
        requested: u64,
    },

    /// The bytes are there and make no sense.
    #[error("the GGUF file is corrupt: {what}")]
    Malformed {
        /// What is wrong, as a clause.
        what: String,
    },

    /// The model's architecture has no importer.
    #[error("cannot import a GGUF file of architecture `{found}`: supported are {supported}")]
    UnsupportedArchitecture {
        /// `general.architecture` of the file.
        found: String,
        /// The ones that work, comma-separated.
        supported: String,
    },

    /// The model asks for something of its architecture that the policy backends cannot compute.
    #[error("cannot import this {architecture} model: {what}")]
    UnsupportedFeature {
        /// The architecture.
        architecture: &'static str,
        /// What it asks for.
        what: String,
    },

    /// Metadata that the importer needs is not in the file.
    #[error("the GGUF file has no metadata `{key}`, which this importer needs")]
    MissingKey {
        /// Name of the key.
        key: String,
    },

    /// Metadata has another type or value than it can have.
    #[error("the GGUF file's metadata `{key}` is {found}, expected {expected}")]
    BadValue {
        /// Name of the key.
        key: String,
        /// What a valid file has there.
        expected: String,
        /// What this file has there.
        found: String,
    },

    /// A weight of the architecture is not in the file.
    #[error("the GGUF file has no tensor `{name}`, which a {architecture} model needs")]
    MissingTensor {
        /// The architecture.
        architecture: &'static str,
        /// GGUF name of the tensor.
        name: String,
    },

    /// The file holds a weight that the architecture has no place for.
    ///
    /// Dropping it silently would give a different model.
    #[error(
        "the GGUF file has a tensor `{name}` that the {architecture} importer does not know: it is a variant that is not supported"
    )]
    UnknownTensor {
        /// The architecture.
        architecture: &'static str,
        /// GGUF name of the tensor.
        name: String,
    },

    /// A weight does not have the shape that the metadata implies. Shapes are rows first.
    #[error("tensor `{name}` has shape {found:?}, the metadata implies {expected:?}")]
    TensorShape {
        /// GGUF name of the tensor.
        name: String,
        /// Shape that follows from the metadata.
        expected: Vec<u64>,
        /// Shape in the file.
        found: Vec<u64>,
    },

    /// A quantisation that the reader cannot undo.
    #[error(
        "tensor `{name}` is stored as {found}, which cannot be read: use a file quantised as \
         F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 or one of the K-quants (Q4_K_M and the like)"
    )]
    UnsupportedTensorType {
        /// GGUF name of the tensor.
        name: String,
        /// Name or number of the type.
        found: String,
    },

    /// The dequantiser refused a tensor.
    #[error("cannot dequantise tensor `{name}`: {message}")]
    Dequantize {
        /// GGUF name of the tensor.
        name: String,
        /// What the dequantiser said.
        message: String,
    },

    /// The tokenizer's kind has no importer.
    #[error("cannot rebuild the tokenizer: `{key}` is `{found}`, supported are {supported}")]
    UnsupportedTokenizer {
        /// The metadata that names the kind.
        key: &'static str,
        /// Its value.
        found: String,
        /// The values that work, comma-separated.
        supported: String,
    },
}
