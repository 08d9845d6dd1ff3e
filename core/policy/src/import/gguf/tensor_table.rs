//! The table of tensors: names, shapes, types and where their data lies.

use std::collections::BTreeMap;
use std::io::Read;

use candle_core::quantized::GgmlDType;

use super::super::error::ImportError;
use super::cursor::Cursor;
use super::tensor_type::readable_type;

/// Dimensions accepted per tensor (ggml's own limit).
const DIMENSIONS_LIMIT: u64 = 4;

/// One tensor of the file.
#[derive(Debug, Clone)]
pub(in super::super) struct TensorEntry {
    /// Shape with rows first, as in safetensors; GGUF writes it the other way round.
    pub(in super::super) shape: Vec<u64>,
    /// How its elements are stored.
    pub(in super::super) dtype: GgmlDType,
    /// First byte of its data in the file. The table has checked that all of it lies inside.
    pub(in super::super) start: u64,
}

impl TensorEntry {
    /// Elements in one row: the last dimension, a multiple of the type's block.
    pub(in super::super) fn row_elements(&self) -> u64 {
        self.shape.last().copied().unwrap_or(1)
    }

    /// Number of rows: the product of all dimensions but the last.
    pub(in super::super) fn rows(&self) -> u64 {
        self.shape.iter().rev().skip(1).product()
    }

    /// Bytes that one row takes in the file.
    pub(in super::super) fn row_bytes(&self) -> u64 {
        self.row_elements() / self.dtype.block_size() as u64 * self.dtype.type_size() as u64
    }
}

/// The tensors of a file by their GGUF names.
#[derive(Debug)]
pub(in super::super) struct TensorTable {
    entries: BTreeMap<String, TensorEntry>,
}

impl TensorTable {
    /// The tensor `name`, if the file has it.
    pub(in super::super) fn get(&self, name: &str) -> Option<&TensorEntry> {
        self.entries.get(name)
    }

    /// Names of all tensors, in byte order.
    pub(in super::super) fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// Number of tensors.
    pub(in super::super) fn len(&self) -> usize {
        self.entries.len()
    }
}

/// A row of the table as it stands in the file: `start` is relative to the data section.
pub(super) struct RawTensor {
    name: String,
    entry: TensorEntry,
    bytes: u64,
}

/// Reads row `index` of the table.
///
/// # Errors
/// An unknown or unreadable type, no or too many dimensions, a dimension of zero, a row that is no multiple of the
/// type's block, or a size that overflows.
pub(super) fn read_raw_tensor<R: Read>(cursor: &mut Cursor<R>, index: u64) -> Result<RawTensor, ImportError> {
    let name = cursor.string(&|| format!("the name of tensor {index}"))?;
    let what = || format!("the description of tensor `{name}`");
    let dimensions = cursor.u32(&what)?.into();
    if dimensions > DIMENSIONS_LIMIT {
        return Err(ImportError::LimitExceeded {
            what: format!("the number of dimensions of tensor `{name}`"),
            limit: DIMENSIONS_LIMIT,
            requested: dimensions,
        });
    }
    let mut shape = Vec::new();
    for _ in 0..dimensions {
        shape.push(cursor.u64(&what)?);
    }
    shape.reverse();
    let tag = cursor.u32(&what)?;
    let start = cursor.u64(&what)?;
    let dtype = match readable_type(tag) {
        Ok(dtype) => dtype,
        Err(found) => return Err(ImportError::UnsupportedTensorType { name, found }),
    };
    let block = dtype.block_size() as u64;
    let elements = shape
        .iter()
        .try_fold(1_u64, |product, size| product.checked_mul(*size));
    let bytes = match elements {
        Some(elements) if elements > 0 && dimensions > 0 => {
            if !shape[shape.len() - 1].is_multiple_of(block) {
                return Err(ImportError::Malformed {
                    what: format!(
                        "tensor `{name}` has rows of {} elements, which is no multiple of its type's block of {block}",
                        shape[shape.len() - 1]
                    ),
                });
            }
            (elements / block).checked_mul(dtype.type_size() as u64)
        }
        _ => None,
    };
    let Some(bytes) = bytes else {
        return Err(ImportError::Malformed {
            what: format!("tensor `{name}` has the impossible shape {shape:?}"),
        });
    };
    Ok(RawTensor {
        name,
        entry: TensorEntry { shape, dtype, start },
        bytes,
    })
}

/// Places the tensors in the file, whose data section begins at `data_start`.
///
/// # Errors
/// A tensor that is not aligned, that lies outside the file, that shares bytes with another, or whose name comes twice.
pub(super) fn place_tensors(
    raw: Vec<RawTensor>,
    data_start: u64,
    alignment: u64,
    file_size: u64,
) -> Result<TensorTable, ImportError> {
    let mut entries = BTreeMap::new();
    let mut ranges = Vec::new();
    for RawTensor {
        name,
        mut entry,
        bytes,
    } in raw
    {
        if !entry.start.is_multiple_of(alignment) {
            return Err(ImportError::Malformed {
                what: format!(
                    "the data of tensor `{name}` begins at {}, which is not aligned to {alignment}",
                    entry.start
                ),
            });
        }
        entry.start = entry.start.saturating_add(data_start);
        let end = entry.start.saturating_add(bytes);
        if end > file_size {
            return Err(ImportError::Truncated {
                what: format!("the data of tensor `{name}`"),
                offset: entry.start,
                needed: bytes,
                remaining: file_size.saturating_sub(entry.start),
            });
        }
        ranges.push((entry.start, end, name.clone()));
        if entries.insert(name.clone(), entry).is_some() {
            return Err(ImportError::Malformed {
                what: format!("it describes tensor `{name}` twice"),
            });
        }
    }
    ranges.sort();
    for pair in ranges.windows(2) {
        if pair[1].0 < pair[0].1 {
            return Err(ImportError::Malformed {
                what: format!("tensors `{}` and `{}` overlap", pair[0].2, pair[1].2),
            });
        }
    }
    Ok(TensorTable { entries })
}
