//! Reading the tensors of a Hugging Face model directory, whole or sharded, without trusting the files.
#![expect(unsafe_code, reason = "memory-mapping a file")]

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::path::{Path, PathBuf};

use memmap2::Mmap;
use safetensors::{Dtype, SafeTensors};
use tch::{Device, Kind, Tensor};

use crate::config::read_json;
use crate::error::{Result, TorchError};
use crate::transfer::to_device;

/// The tensors of a model directory, found by name.
pub struct Checkpoint {
    directory: PathBuf,
    files: Vec<(PathBuf, Mmap)>,
    /// Tensor name to the index of its file.
    places: HashMap<String, usize>,
}

impl Checkpoint {
    /// Maps `model.safetensors`, or the shards that `model.safetensors.index.json` names.
    ///
    /// # Errors
    /// Missing or unreadable files, files that are no whole safetensors file, an index that names files outside the
    /// directory or tensors that their shard lacks.
    pub fn open(directory: &Path) -> Result<Self> {
        let index = directory.join("model.safetensors.index.json");
        if !index.exists() {
            return Self::open_file(directory, "model.safetensors");
        }
        let shards = shards_of(&index)?;
        let mut checkpoint = Self {
            directory: directory.into(),
            files: Vec::new(),
            places: HashMap::new(),
        };
        for (file, tensors) in shards {
            let path = directory.join(&file);
            let map = map_file(&path)?;
            let shard = header(&path, &map)?;
            for name in tensors {
                if shard.tensor(&name).is_err() {
                    let reason =
                        format!("the index places tensor `{name}` here, but it is not in this shard");
                    return Err(TorchError::Safetensors { path, reason });
                }
                checkpoint.places.insert(name, checkpoint.files.len());
            }
            checkpoint.files.push((path, map));
        }
        Ok(checkpoint)
    }

    /// Maps one file of `directory`.
    ///
    /// # Errors
    /// When it is missing, unreadable or no whole safetensors file.
    pub fn open_file(directory: &Path, name: &str) -> Result<Self> {
        let path = directory.join(name);
        let map = map_file(&path)?;
        let places = header(&path, &map)?
            .names()
            .into_iter()
            .map(|name| (name.into(), 0))
            .collect();
        Ok(Self {
            directory: directory.into(),
            places,
            files: vec![(path, map)],
        })
    }

    /// The tensors' names.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// Whether a tensor of this name exists.
    pub fn contains(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Copies one tensor to `device` as `kind`.
    ///
    /// # Errors
    /// When it is missing, has another shape than `expected`, or is no floating-point type.
    pub fn load(&self, name: &str, expected: &[i64], kind: Kind, device: Device) -> Result<Tensor> {
        let Some((path, map)) = self.places.get(name).map(|&file| &self.files[file]) else {
            return Err(TorchError::MissingTensor {
                name: name.into(),
                expected: expected.into(),
                directory: self.directory.clone(),
            });
        };
        let file = header(path, map)?;
        let view = file.tensor(name).map_err(|error| malformed(path, &error))?;
        let found: Vec<i64> = view.shape().iter().map(|&size| size as i64).collect();
        if found != expected {
            return Err(TorchError::TensorShape {
                name: name.into(),
                expected: expected.into(),
                found,
            });
        }
        let stored = match view.dtype() {
            Dtype::BF16 => Kind::BFloat16,
            Dtype::F16 => Kind::Half,
            Dtype::F32 => Kind::Float,
            other => {
                return Err(TorchError::TensorType {
                    name: name.into(),
                    found: format!("{other:?}"),
                });
            }
        };
        let host = Tensor::f_from_data_size(view.data(), &found, stored)?;
        Ok(to_device(&host, device)?.f_to_kind(kind)?)
    }
}

pub(crate) fn map_file(path: &Path) -> Result<Mmap> {
    let file = File::open(path).map_err(|source| TorchError::File {
        action: "open",
        path: path.into(),
        source,
    })?;
    // SAFETY: the map is only read, and every read goes through `SafeTensors`, which checks offsets against the map's
    // length. That nobody shortens the file while the model loads is the caller's side of the bargain, as for any
    // reader of safetensors; `a_truncated_file_is_refused_by_name` covers files that were short from the start.
    let map = unsafe { Mmap::map(&file) };
    map.map_err(|source| TorchError::File {
        action: "map",
        path: path.into(),
        source,
    })
}

fn header<'a>(path: &Path, map: &'a Mmap) -> Result<SafeTensors<'a>> {
    SafeTensors::deserialize(map).map_err(|error| malformed(path, &error))
}

pub(crate) fn malformed(path: &Path, error: &safetensors::SafeTensorError) -> TorchError {
    TorchError::Safetensors {
        path: path.into(),
        reason: error.to_string(),
    }
}

/// Shard file name to the tensors in it.
fn shards_of(index: &Path) -> Result<BTreeMap<String, Vec<String>>> {
    let json = read_json(index)?;
    let broken = |reason: &str| TorchError::Safetensors {
        path: index.into(),
        reason: reason.into(),
    };
    let map = json["weight_map"]
        .as_object()
        .ok_or_else(|| broken("it has no `weight_map` object"))?;
    let mut shards = BTreeMap::<String, Vec<String>>::new();
    for (tensor, file) in map {
        let file = file
            .as_str()
            .ok_or_else(|| broken("`weight_map` has a value that is no string"))?;
        let plain = Path::new(file).file_name().is_some_and(|name| name == file);
        if !plain {
            return Err(broken("`weight_map` names a file outside the model directory"));
        }
        shards.entry(file.into()).or_default().push(tensor.clone());
    }
    Ok(shards)
}
