//! Tensor data as numbers: read in chunks of whole rows and dequantised.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use candle_core::Device;
use candle_core::quantized::ggml_file::qtensor_from_ggml;

use super::error::ImportError;
use super::gguf::TensorEntry;

/// Elements dequantised at a time: 16 MiB as `f32`, whatever the tensor's size.
const CHUNK_ELEMENTS: u64 = 4 << 20;

/// Reads `entry` from `file` and hands its values to `consume` in order, some whole rows at a time.
///
/// Chunks hold a multiple of `unit` rows, which must divide the number of rows; one chunk holds at least one unit.
///
/// # Errors
/// What `consume` returns, [`ImportError::Truncated`] when the file shrank, or [`ImportError::Dequantize`].
pub(super) fn for_each_chunk(
    mut file: &File,
    name: &str,
    entry: &TensorEntry,
    unit: u64,
    mut consume: impl FnMut(&[f32]) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let width = entry.row_elements();
    let row_bytes = entry.row_bytes();
    let rows = entry.rows();
    let units = (CHUNK_ELEMENTS / (width * unit)).max(1);
    let refused = |message: String| ImportError::Dequantize {
        name: name.to_owned(),
        message,
    };
    let mut done = 0;
    let mut raw = Vec::new();
    while done < rows {
        let count = (units * unit).min(rows - done);
        let start = entry.start + done * row_bytes;
        raw.resize((count * row_bytes) as usize, 0);
        file.seek(SeekFrom::Start(start))
            .and_then(|_| file.read_exact(&mut raw))
            .map_err(|_| ImportError::Truncated {
                what: format!("the data of tensor `{name}`"),
                offset: start,
                needed: raw.len() as u64,
                remaining: 0,
            })?;
        let values = qtensor_from_ggml(
            entry.dtype,
            &raw,
            vec![count as usize, width as usize],
            &Device::Cpu,
        )
        .and_then(|tensor| tensor.dequantize(&Device::Cpu))
        .and_then(|tensor| tensor.flatten_all()?.to_vec1::<f32>())
        .map_err(|error| refused(error.to_string()))?;
        consume(&values)?;
        done += count;
    }
    Ok(())
}

/// All values of a small tensor.
pub(super) fn read_all(file: &File, name: &str, entry: &TensorEntry) -> Result<Vec<f32>, ImportError> {
    let mut values = Vec::new();
    for_each_chunk(file, name, entry, 1, |chunk| {
        values.extend_from_slice(chunk);
        Ok(())
    })?;
    Ok(values)
}
