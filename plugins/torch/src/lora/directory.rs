//! Adapter directories in PEFT's format: `adapter_config.json` and `adapter_model.safetensors`.

use std::collections::BTreeSet;
use std::path::Path;

use restem_policy_abi::ADAPTER_CONFIG;
use tch::{Kind, Tensor};

use super::adapter::{Adapter, key};
use super::{settings, targets};
use crate::checkpoint::Checkpoint;
use crate::error::{Result, TorchError};
use crate::model::{Model, on_cpu};

/// The adapters' tensors.
const WEIGHTS: &str = "adapter_model.safetensors";

/// Gives `model` the adapters of `directory`, in f32.
///
/// # Errors
/// Files that can't be read, settings that are not done here, factors of the wrong shape, and tensors that belong to no
/// projection of the model's layers.
pub(crate) fn load(model: &mut Model, directory: &Path) -> Result<()> {
    let scaling = settings::read(directory)?;
    let file = Checkpoint::open_file(directory, WEIGHTS)?;
    let mut unread: BTreeSet<&str> = file.names().collect();
    let device = model.device();
    for linear in model.linears_mut() {
        let width = linear.weight.size()[1];
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for (name, rows) in &linear.parts {
            let [key_a, key_b] = ['A', 'B'].map(|factor| key(name, factor));
            if !file.contains(&key_a) && !file.contains(&key_b) {
                b.push(None);
                continue;
            }
            a.push(file.load(&key_a, &[scaling.rank, width], Kind::Float, device)?);
            b.push(Some(file.load(
                &key_b,
                &[*rows, scaling.rank],
                Kind::Float,
                device,
            )?));
            unread.remove(&*key_a);
            unread.remove(&*key_b);
        }
        if !a.is_empty() {
            linear.adapter = Some(Adapter::new(linear, scaling, Tensor::cat(&a, 0), b));
        }
    }
    match unread.first() {
        None => Ok(()),
        Some(name) => Err(TorchError::AdapterTensor {
            name: (*name).into(),
            path: directory.join(WEIGHTS),
        }),
    }
}

/// Writes the adapters of `model`, which has some, for PEFT and for [`load`]; `base` is the directory of the base model.
///
/// The weights are written under a temporary name and last, so that a directory that has them is whole.
///
/// # Errors
/// Files that can't be written.
pub(crate) fn save(model: &Model, base: &Path, directory: &Path) -> Result<()> {
    let failed = |action, path: &Path| {
        let path = path.to_path_buf();
        move |source| TorchError::File { action, path, source }
    };
    std::fs::create_dir_all(directory).map_err(failed("create", directory))?;
    let base = std::fs::canonicalize(base).map_err(failed("find", base))?;
    let scaling = model
        .linears()
        .find_map(|linear| Some(linear.adapter.as_ref()?.scaling))
        .ok_or_else(|| TorchError::Lora("the model has no adapters to write".into()))?;
    let config = settings::describe(&scaling, &targets::describe(model), &base.to_string_lossy());
    let path = directory.join(ADAPTER_CONFIG);
    std::fs::write(&path, format!("{config:#}\n")).map_err(failed("write", &path))?;
    let partial = directory.join(format!("{WEIGHTS}.partial"));
    Tensor::write_safetensors(&on_cpu(model.trainable(), Kind::Float), &partial)?;
    let whole = directory.join(WEIGHTS);
    std::fs::rename(&partial, &whole).map_err(failed("rename", &whole))
}
