//! What can go wrong in this backend, said so that a person knows the next step.

use std::path::PathBuf;

use restem_policy_abi::BackendError;

/// Every failure of this crate.
#[derive(Debug, thiserror::Error)]
pub enum TorchError {
    /// A file of the model directory could not be read or written.
    #[error("cannot {action} `{}`: {source}", path.display())]
    File {
        /// What was attempted (`read`, `write`, `map`, …).
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A JSON file of the model directory is not JSON.
    #[error("`{}` is not valid JSON: {source}", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// `config.json` names an architecture that is not in the registry.
    #[error("architecture `{found}` is not supported; supported: {supported}")]
    Architecture {
        /// What `config.json` asks for.
        found: String,
        /// The names in the registry.
        supported: String,
    },
    /// A field of `config.json` is missing.
    #[error("config.json has no `{field}`, which {architecture} needs")]
    MissingField {
        /// The field.
        field: String,
        /// The architecture that needs it.
        architecture: &'static str,
    },
    /// A field of `config.json` has a value that this backend cannot run.
    #[error("config.json: `{field}` = {found} is not supported: expected {expected}")]
    Field {
        /// The field.
        field: String,
        /// Its value.
        found: String,
        /// What would be accepted.
        expected: String,
    },
    /// A safetensors file is malformed or truncated.
    #[error("`{}` is not a whole safetensors file: {reason}", path.display())]
    Safetensors {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The checkpoint lacks a tensor.
    #[error("tensor `{name}` is missing from `{}` (expected shape {expected:?})", directory.display())]
    MissingTensor {
        /// Hugging Face name.
        name: String,
        /// Shape that the config implies.
        expected: Vec<i64>,
        /// The model directory.
        directory: PathBuf,
    },
    /// A tensor has another shape than the config implies.
    #[error("tensor `{name}` has shape {found:?}, but config.json implies {expected:?}")]
    TensorShape {
        /// Hugging Face name.
        name: String,
        /// Shape that the config implies.
        expected: Vec<i64>,
        /// Shape in the file.
        found: Vec<i64>,
    },
    /// A tensor is stored in a type that weights cannot have.
    #[error("tensor `{name}` is stored as {found}; weights must be BF16, F16 or F32")]
    TensorType {
        /// Hugging Face name.
        name: String,
        /// Type in the file.
        found: String,
    },
    /// What was asked of `lora` can't be.
    #[error("lora: {0}")]
    Lora(String),
    /// `adapter_config.json` asks for something that this backend does not do.
    #[error("`{}`: `{field}` = {found} is not supported: expected {expected}", path.display())]
    AdapterField {
        /// The file.
        path: PathBuf,
        /// The field.
        field: String,
        /// Its value.
        found: String,
        /// What would be accepted.
        expected: String,
    },
    /// An adapter has a tensor for something that has no adapters here.
    #[error(
        "`{}`: tensor `{name}` belongs to no projection of the base model's layers\n  hint: check that \
         `base_model_name_or_path` names the adapter's base; adapters of embeddings and heads are not supported",
        path.display()
    )]
    AdapterTensor {
        /// The tensor.
        name: String,
        /// The adapter's file.
        path: PathBuf,
    },
    /// The base model of an adapter directory is not there.
    #[error(transparent)]
    AdapterBase(#[from] BackendError),
    /// The device string is unknown, or the device is not there.
    #[error("device `{requested}` cannot be used: {reason}")]
    Device {
        /// What was asked for.
        requested: String,
        /// Why not.
        reason: String,
    },
    /// The dtype string is unknown.
    #[error("dtype `{requested}` is not supported: use `bf16` or `f32`")]
    Dtype {
        /// What was asked for.
        requested: String,
    },
    /// A request is outside what the engine or the model can do.
    #[error("{what} = {requested} is out of range: {limit}")]
    Limit {
        /// The quantity.
        what: &'static str,
        /// The value that was asked for.
        requested: String,
        /// The bound, in words.
        limit: String,
    },
    /// Not even one sample's keys and values fit into the memory that they may take.
    #[error(
        "a prompt of {prompt} tokens with {new} new ones needs {needed} of cache, and {budget} may be taken\n  hint: raise \
         `model.options.memory_gib`, shorten the prompt or ask for fewer tokens"
    )]
    Cache {
        /// Tokens of the prompt.
        prompt: usize,
        /// Tokens that may be drawn.
        new: u32,
        /// What one sample needs.
        needed: String,
        /// What there is.
        budget: String,
    },
    /// A training step went out of bounds; the weights are as before it.
    #[error(
        "the {what} of this step is {found}: the weights are as before it; lower the learning rate or look at its data"
    )]
    NotFinite {
        /// The quantity.
        what: &'static str,
        /// Its value.
        found: f64,
    },
    /// A file does not hold the training of this model.
    #[error("`{}` is not a training state of this model: {reason}", path.display())]
    TrainingState {
        /// The file.
        path: PathBuf,
        /// What differs.
        reason: String,
    },
    /// libtorch refused an operation.
    #[error("libtorch: {0}")]
    Libtorch(#[from] tch::TchError),
}

/// Shorthand used throughout the crate.
pub type Result<T, E = TorchError> = std::result::Result<T, E>;
