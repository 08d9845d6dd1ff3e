//! Named vectors in safetensors files.

use std::collections::HashMap;
use std::path::Path;

use restem_policy_abi::BackendError;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Writes vectors of f32 and one number of metadata.
pub(crate) fn write(path: &Path, vectors: &[(&str, &[f32])], steps: u64) -> Result<(), BackendError> {
    let failed =
        |error: &dyn std::fmt::Display| BackendError::io(format!("cannot write {}: {error}", path.display()));
    let bytes: Vec<Vec<u8>> = (vectors.iter())
        .map(|(_, values)| values.iter().flat_map(|value| value.to_le_bytes()).collect())
        .collect();
    let views = (vectors.iter().zip(&bytes))
        .map(|((name, values), bytes)| Ok((*name, TensorView::new(Dtype::F32, vec![values.len()], bytes)?)))
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()
        .map_err(|error| failed(&error))?;
    let metadata = HashMap::from([("steps".to_owned(), steps.to_string())]);
    safetensors::serialize_to_file(views, Some(metadata), path).map_err(|error| failed(&error))
}

/// Reads the vectors of these names, each of `len` values, and the number.
pub(crate) fn read<const N: usize>(
    path: &Path,
    names: [&str; N],
    len: usize,
) -> Result<([Vec<f32>; N], u64), BackendError> {
    let invalid = |what: String| BackendError::invalid_model(format!("{}: {what}", path.display()));
    let bytes = std::fs::read(path)
        .map_err(|error| BackendError::io(format!("cannot read {}: {error}", path.display())))?;
    let (_, metadata) = SafeTensors::read_metadata(&bytes).map_err(|error| invalid(error.to_string()))?;
    let steps = (metadata.metadata().as_ref())
        .and_then(|map| map.get("steps")?.parse().ok())
        .ok_or_else(|| invalid("no count of steps".to_owned()))?;
    let tensors = SafeTensors::deserialize(&bytes).map_err(|error| invalid(error.to_string()))?;
    let mut vectors = [const { Vec::new() }; N];
    for (vector, name) in vectors.iter_mut().zip(names) {
        let view = tensors.tensor(name).map_err(|error| invalid(error.to_string()))?;
        let (numbers, _) = view.data().as_chunks::<4>();
        if view.dtype() != Dtype::F32 || numbers.len() != len {
            return Err(invalid(format!("`{name}` should hold {len} values of f32")));
        }
        *vector = numbers.iter().map(|number| f32::from_le_bytes(*number)).collect();
    }
    Ok((vectors, steps))
}
