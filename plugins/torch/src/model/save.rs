//! From a [`Model`] to a Hugging Face directory that transformers loads.

use std::path::Path;

use serde_json::Value;
use tch::{Device, Kind, Tensor};

use crate::config::read_json;
use crate::error::{Result, TorchError};
use crate::lora;
use crate::model::{Model, Parameter};

/// What belongs to a model besides its weights and is carried over unchanged.
const COMPANIONS: [&str; 8] = [
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "tokenizer.model",
    "special_tokens_map.json",
    "added_tokens.json",
    "chat_template.jinja",
    "LICENSE",
];

impl Model {
    /// Writes `config.json`, `model.safetensors` (as `kind`, under Hugging Face names) and copies of the tokenizer and
    /// generation settings found in `origin`, the directory that the model was loaded from.
    ///
    /// The weights are written under a temporary name first, so that a directory with `model.safetensors` is whole.
    ///
    /// # Errors
    /// Files that cannot be read or written.
    pub fn save(&self, origin: &Path, directory: &Path, kind: Kind) -> Result<()> {
        let failed = |action, path: &Path| {
            let path = path.to_path_buf();
            move |source| TorchError::File { action, path, source }
        };
        std::fs::create_dir_all(directory).map_err(failed("create", directory))?;
        let mut config = read_json(&origin.join("config.json"))?;
        let dtype = if kind == Kind::Float {
            "float32"
        } else {
            "bfloat16"
        };
        // transformers 5 writes `dtype`; older files say `torch_dtype`, and some say both.
        let older = config.get("torch_dtype").is_some();
        if older {
            config["torch_dtype"] = Value::from(dtype);
        }
        if !older || config.get("dtype").is_some() {
            config["dtype"] = Value::from(dtype);
        }
        let path = directory.join("config.json");
        std::fs::write(&path, format!("{config:#}\n")).map_err(failed("write", &path))?;
        copy_companions(origin, directory)?;
        let partial = directory.join("model.safetensors.partial");
        Tensor::write_safetensors(&on_cpu(self.parameters(), kind), &partial)?;
        let whole = directory.join("model.safetensors");
        std::fs::rename(&partial, &whole).map_err(failed("rename", &whole))
    }

    /// Writes the adapters as PEFT does, with copies of the tokenizer found in `origin`, the directory that the model was
    /// loaded from, or in `base`, that of its base model, which the adapters then name by its absolute path.
    ///
    /// # Errors
    /// Files that cannot be read or written, and a model without adapters.
    pub fn save_adapters(&self, base: &Path, origin: &Path, directory: &Path) -> Result<()> {
        lora::save(self, base, directory)?;
        copy_companions(base, directory)?;
        copy_companions(origin, directory)
    }
}

/// Copies what belongs to a model besides its weights from `origin` to `directory`, where it is there.
///
/// # Errors
/// Files that cannot be copied.
pub(crate) fn copy_companions(origin: &Path, directory: &Path) -> Result<()> {
    for from in COMPANIONS.map(|name| origin.join(name)) {
        let Some(name) = from.file_name().filter(|_| from.exists() && origin != directory) else {
            continue;
        };
        std::fs::copy(&from, directory.join(name)).map_err(|source| TorchError::File {
            action: "copy",
            path: from.clone(),
            source,
        })?;
    }
    Ok(())
}

/// Parameters under their names in a checkpoint, stacked ones taken apart, on the CPU as `kind`.
pub(crate) fn on_cpu(parameters: Vec<Parameter<'_>>, kind: Kind) -> Vec<(String, Tensor)> {
    let mut tensors = Vec::new();
    for parameter in parameters {
        let mut row = 0;
        for (name, rows) in parameter.parts {
            let part = parameter.tensor.detach().narrow(0, row, rows);
            tensors.push((name, part.to_kind(kind).to_device(Device::Cpu).contiguous()));
            row += rows;
        }
    }
    tensors
}
