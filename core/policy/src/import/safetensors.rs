//! Writing `model.safetensors` one chunk at a time.
//!
//! The format is eight bytes of header length, a JSON header with each tensor's type, shape and place, and the data in
//! the header's order without gaps. All sizes are known before the first byte of data, so nothing is held back.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use half::bf16;
use serde_json::{Map, json};

use super::error::ImportError;
use super::gguf::{GgufFile, TensorEntry};
use super::plan::{Transform, Weight};
use super::values::for_each_chunk;
use super::{ImportProgress, WeightType};

/// Writes `weights` of `gguf` to the new file `path` as `dtype` and returns its size in bytes.
///
/// # Errors
/// [`ImportError::Io`], or what reading the tensors fails with.
pub(super) fn write(
    gguf: &GgufFile,
    weights: &[(Weight, TensorEntry)],
    dtype: WeightType,
    path: &Path,
    progress: &mut dyn FnMut(ImportProgress),
) -> Result<u64, ImportError> {
    let failed = |source| ImportError::Io {
        action: "write",
        path: path.to_owned(),
        source,
    };
    let (header, data_bytes) = header(weights, dtype);
    let mut file = BufWriter::with_capacity(1 << 20, File::create_new(path).map_err(failed)?);
    file.write_all(&(header.len() as u64).to_le_bytes())
        .and_then(|()| file.write_all(header.as_bytes()))
        .map_err(failed)?;

    let mut state = ImportProgress {
        tensors_done: 0,
        tensors_total: weights.len() as u64,
        bytes_done: 0,
        bytes_total: data_bytes,
    };
    let mut encoded = Vec::new();
    for (weight, entry) in weights {
        let unit = match weight.transform {
            Transform::SplitRotaryPairs { head_rows } => head_rows,
            Transform::Keep | Transform::SubtractOne => 1,
        };
        for_each_chunk(&gguf.file, &weight.source, entry, unit, |values| {
            encoded.clear();
            encode(
                values,
                entry.row_elements() as usize,
                weight.transform,
                dtype,
                &mut encoded,
            );
            file.write_all(&encoded).map_err(failed)?;
            state.bytes_done += encoded.len() as u64;
            progress(state);
            Ok(())
        })?;
        state.tensors_done += 1;
        progress(state);
    }
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(8 + header.len() as u64 + data_bytes)
}

/// The JSON header, padded with spaces to a multiple of eight bytes, and the bytes of data that follow it.
fn header(weights: &[(Weight, TensorEntry)], dtype: WeightType) -> (String, u64) {
    let mut fields = Map::new();
    // transformers refuses files that do not say which framework wrote them.
    fields.insert("__metadata__".into(), json!({ "format": "pt" }));
    let mut end = 0;
    for (weight, _) in weights {
        let start = end;
        end += weight.shape.iter().product::<u64>() * dtype.bytes();
        fields.insert(
            weight.target.clone(),
            json!({ "dtype": dtype.safetensors_name(), "shape": weight.shape, "data_offsets": [start, end] }),
        );
    }
    let mut text = serde_json::Value::Object(fields).to_string();
    text.extend(std::iter::repeat_n(
        ' ',
        text.len().next_multiple_of(8) - text.len(),
    ));
    (text, end)
}

/// Appends `values`, rows of `width`, to `out` after `transform`.
fn encode(values: &[f32], width: usize, transform: Transform, dtype: WeightType, out: &mut Vec<u8>) {
    let mut push = |value: f32| match dtype {
        WeightType::Bf16 => out.extend_from_slice(&bf16::from_f32(value).to_le_bytes()),
        WeightType::F32 => out.extend_from_slice(&value.to_le_bytes()),
    };
    match transform {
        Transform::Keep => values.iter().copied().for_each(push),
        Transform::SubtractOne => values.iter().for_each(|value| push(value - 1.0)),
        Transform::SplitRotaryPairs { head_rows } => {
            for head in values.chunks_exact(head_rows as usize * width) {
                for half in 0..2 {
                    for pair in 0..head_rows as usize / 2 {
                        let row = (2 * pair + half) * width;
                        head[row..row + width].iter().copied().for_each(&mut push);
                    }
                }
            }
        }
    }
}
