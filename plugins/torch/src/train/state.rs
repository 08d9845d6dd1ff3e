//! A training on disk: one safetensors file with weights, moments and the number of steps.

use std::collections::HashMap;
use std::path::Path;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use tch::{Device, Kind, Tensor};

use crate::checkpoint::{malformed, map_file};
use crate::error::{Result, TorchError};
use crate::model::Model;
use crate::train::slices::bytes;
use crate::train::step::Trainer;

/// Key of the number of steps in the file's metadata.
const STEPS: &str = "steps";

impl Trainer {
    /// Writes what is trained in f32, its moments (both under Hugging Face names) and the number of steps to `path`.
    ///
    /// The file is written under a temporary name first, so that one of this name is whole.
    ///
    /// # Errors
    /// [`TorchError::File`] when it can't be written.
    pub fn save_state(&self, model: &Model, path: &Path) -> Result<()> {
        let parts: Vec<(String, Tensor)> = self
            .parts(model)
            .into_iter()
            .map(|(name, tensor)| (name, tensor.to_device(Device::Cpu).contiguous()))
            .collect();
        let views = parts.iter().map(|(name, tensor)| {
            let shape = tensor.size().iter().map(|&size| size as usize).collect();
            let view = TensorView::new(Dtype::F32, shape, bytes(tensor));
            Ok((name, view.map_err(|error| malformed(path, &error))?))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        let metadata = HashMap::from([(STEPS.to_owned(), self.steps.to_string())]);
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = Path::new(&partial);
        let failed = |source| TorchError::File {
            action: "write",
            path: path.into(),
            source,
        };
        safetensors::serialize_to_file(views, Some(metadata), partial)
            .map_err(|error| failed(std::io::Error::other(error)))?;
        std::fs::rename(partial, path).map_err(failed)
    }

    /// Reads back what [`Trainer::save_state`] wrote: later steps are those of the training that wrote it, bit by bit.
    ///
    /// # Errors
    /// When the file can't be read, is no whole safetensors file or belongs to another model; nothing has changed then.
    pub fn load_state(&mut self, model: &mut Model, path: &Path) -> Result<()> {
        let map = map_file(path)?;
        let refuse = |reason: String| TorchError::TrainingState {
            path: path.into(),
            reason,
        };
        let (_, header) = SafeTensors::read_metadata(&map).map_err(|error| malformed(path, &error))?;
        let file = SafeTensors::deserialize(&map).map_err(|error| malformed(path, &error))?;
        let steps = header
            .metadata()
            .as_ref()
            .and_then(|all| all.get(STEPS)?.parse().ok());
        let steps = steps.ok_or_else(|| refuse("it has no number of steps".into()))?;
        let mut places = Vec::new();
        for (name, place) in self.parts(model) {
            let view = file
                .tensor(&name)
                .map_err(|_| refuse(format!("it has no tensor `{name}`")))?;
            let shape: Vec<i64> = view.shape().iter().map(|&size| size as i64).collect();
            if view.dtype() != Dtype::F32 || shape != place.size() {
                let (found, expected) = (view.dtype(), place.size());
                return Err(refuse(format!(
                    "tensor `{name}` is {found:?} of shape {shape:?}, not F32 of shape {expected:?}"
                )));
            }
            places.push((place, view));
        }
        if file.len() != places.len() {
            let (found, expected) = (file.len(), places.len());
            return Err(refuse(format!("it has {found} tensors instead of {expected}")));
        }
        for (mut place, view) in places {
            let stored = Tensor::f_from_data_size(view.data(), &place.size(), Kind::Float)?;
            tch::no_grad(|| place.f_copy_(&stored))?;
        }
        for (slot, parameter) in self.slots.iter().zip(model.trainable()) {
            if let Some(master) = &slot.master {
                tch::no_grad(|| parameter.tensor.detach().f_copy_(master))?;
            }
        }
        self.steps = steps;
        Ok(())
    }

    /// Every f32 tensor of the state with its name in the file; the tensors share memory with this training and its model.
    fn parts(&self, model: &Model) -> Vec<(String, Tensor)> {
        let mut all = Vec::new();
        for (slot, parameter) in self.slots.iter().zip(model.trainable()) {
            let weight = slot.wide(parameter.tensor);
            let kinds = [
                ("weight", &weight),
                ("first_moment", &slot.first),
                ("second_moment", &slot.second),
            ];
            for (kind, tensor) in kinds {
                let mut row = 0;
                for (name, rows) in &parameter.parts {
                    all.push((format!("{kind}/{name}"), tensor.narrow(0, row, *rows)));
                    row += rows;
                }
            }
        }
        all
    }
}
