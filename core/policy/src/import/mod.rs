//! Importing GGUF files: `model.gguf` becomes a Hugging Face directory that backends and transformers load.
//!
//! The header is read and checked (`gguf`), an architecture turns it into a configuration and a plan of weights
//! (`architecture`, `plan`), the weights are dequantised and written in chunks (`values`, `safetensors`), and the
//! tokenizer is rebuilt from the vocabulary (`tokenizer`). Nothing in the file is trusted.

mod architecture;
mod directory;
mod error;
mod gguf;
mod plan;
mod safetensors;
#[cfg(test)]
mod tests;
mod tokenizer;
mod values;

use std::path::Path;

pub use error::ImportError;
use serde_json::json;

use directory::StagedDirectory;
use gguf::GgufFile;
use tokenizer::Vocabulary;

/// Number format of the weights that an import writes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WeightType {
    /// 16 bits, rounded to nearest even: what models are published in.
    #[default]
    Bf16,
    /// 32 bits: the dequantised values exactly.
    F32,
}

impl WeightType {
    fn bytes(self) -> u64 {
        match self {
            Self::Bf16 => 2,
            Self::F32 => 4,
        }
    }

    fn safetensors_name(self) -> &'static str {
        match self {
            Self::Bf16 => "BF16",
            Self::F32 => "F32",
        }
    }

    fn config_name(self) -> &'static str {
        match self {
            Self::Bf16 => "bfloat16",
            Self::F32 => "float32",
        }
    }
}

/// What an import can be told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportOptions {
    /// Number format of the weights.
    pub dtype: WeightType,
}

/// How far an import is. Reported after each chunk of weights, which is most of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImportProgress {
    /// Weights written completely.
    pub tensors_done: u64,
    /// Weights of the model.
    pub tensors_total: u64,
    /// Bytes of weights written.
    pub bytes_done: u64,
    /// Bytes of weights to write.
    pub bytes_total: u64,
}

/// What an import made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportReport {
    /// `general.architecture` of the file: for example `gemma3`.
    pub architecture: String,
    /// The model's name, where the file states one.
    pub name: Option<String>,
    /// The model's licence, where the file states one.
    pub license: Option<String>,
    /// Number of weights, the tied output head counted once.
    pub parameters: u64,
    /// Number of tensors.
    pub tensors: u64,
    /// Number of tokens of the tokenizer.
    pub vocabulary: u64,
    /// Bytes of `model.safetensors`.
    pub bytes: u64,
    /// Whether the file brought a chat template.
    pub chat_template: bool,
}

/// Writes the model in `gguf` to the new directory `out`.
///
/// The directory gets `config.json`, `model.safetensors`, `tokenizer.json`, `tokenizer_config.json` and
/// `generation_config.json`. It appears complete or not at all, and memory stays small: weights pass through in chunks of
/// at most 4 Mi elements (or one attention head, where rows have to be reordered).
///
/// # Errors
/// [`ImportError`] says what is wrong with the file or that `out` is not free. The file is checked completely, sizes and
/// shapes included, before anything is written; no input makes it panic.
pub fn import_gguf(
    gguf: &Path,
    out: &Path,
    options: &ImportOptions,
    progress: &mut dyn FnMut(ImportProgress),
) -> Result<ImportReport, ImportError> {
    let file = GgufFile::open(gguf)?;
    if let Some(parts @ 2..) = file.metadata.integer("split.count")? {
        return Err(ImportError::Split {
            path: gguf.to_path_buf(),
            parts,
        });
    }
    let architecture = architecture::find(&file)?;
    let imported = architecture.import(&file)?;
    let vocabulary = Vocabulary::read(&file.metadata, imported.vocabulary)?;
    let weights = imported.weights.resolve(architecture.name(), &file.tensors)?;
    let document = tokenizer::build(&file.metadata, &vocabulary, architecture)?;

    let mut config = imported.config;
    let special = vocabulary.special();
    let context = config.get("max_position_embeddings").cloned().unwrap_or_default();
    config.insert("bos_token_id".into(), json!(special.bos));
    config.insert("eos_token_id".into(), json!(special.eos));
    config.insert("pad_token_id".into(), json!(special.pad));
    config.insert("dtype".into(), json!(options.dtype.config_name()));
    let tokenizer_config = tokenizer::tokenizer_config(&file.metadata, &vocabulary, &context)?;
    let report = ImportReport {
        architecture: architecture.name().to_owned(),
        name: file.metadata.text("general.name")?.map(str::to_owned),
        license: file.metadata.text("general.license")?.map(str::to_owned),
        parameters: weights
            .iter()
            .map(|(weight, _)| weight.shape.iter().product::<u64>())
            .sum(),
        tensors: weights.len() as u64,
        vocabulary: vocabulary.len() as u64,
        bytes: 0,
        chat_template: tokenizer_config.contains_key("chat_template"),
    };

    let staged = StagedDirectory::create(out)?;
    staged.write_json("config.json", config)?;
    staged.write_json("tokenizer_config.json", tokenizer_config)?;
    staged.write_json("generation_config.json", tokenizer::generation_config(special))?;
    tokenizer::write(&document, &staged.path("tokenizer.json"))?;
    let path = staged.path("model.safetensors");
    let bytes = safetensors::write(&file, &weights, options.dtype, &path, progress)?;
    staged.publish()?;
    Ok(ImportReport { bytes, ..report })
}
