//! Opening a GGUF file: magic, version, counts, metadata and the table of tensors.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use super::super::error::ImportError;
use super::cursor::Cursor;
use super::metadata::Metadata;
use super::tensor_table::{TensorTable, place_tensors, read_raw_tensor};
use super::value::{Value, read_value};

/// Alignment of tensor data where the file does not state one.
const DEFAULT_ALIGNMENT: u64 = 32;
/// Largest alignment accepted, in bytes.
const ALIGNMENT_LIMIT: u64 = 1 << 20;
/// Bytes that a metadata entry takes at least: an empty key, a type and one byte.
const LEAST_METADATA_BYTES: u64 = 8 + 4 + 1;
/// Bytes that a row of the table of tensors takes at least: an empty name, a count, a type and an offset.
const LEAST_TENSOR_BYTES: u64 = 8 + 4 + 4 + 8;

/// An open GGUF file whose header has been read and checked.
#[derive(Debug)]
pub(in super::super) struct GgufFile {
    /// The file, for reading tensor data.
    pub(in super::super) file: File,
    /// Its key-value pairs.
    pub(in super::super) metadata: Metadata,
    /// Its tensors.
    pub(in super::super) tensors: TensorTable,
}

impl GgufFile {
    /// Opens `path` and reads its header.
    ///
    /// # Errors
    /// [`ImportError::Io`] when the file cannot be read; otherwise what is wrong with its header. All tensor data that
    /// the header promises is known to be inside the file afterwards.
    pub(in super::super) fn open(path: &Path) -> Result<Self, ImportError> {
        let unreadable = |source| ImportError::Io {
            action: "read",
            path: path.to_owned(),
            source,
        };
        let file = File::open(path).map_err(unreadable)?;
        let about = file.metadata().map_err(unreadable)?;
        if !about.is_file() {
            return Err(unreadable(std::io::Error::other("it is not a file")));
        }
        let size = about.len();
        let mut cursor = Cursor::new(BufReader::with_capacity(1 << 16, &file), path.to_owned(), size);

        let magic: [u8; 4] = cursor.array(&|| "the magic number".into())?;
        if magic != *b"GGUF" {
            return Err(ImportError::NotGguf {
                path: path.to_owned(),
                found: format!("\"{}\"", magic.escape_ascii()),
            });
        }
        match cursor.u32(&|| "the version".into())? {
            2 | 3 => {}
            found if matches!(found.swap_bytes(), 1..=3) => return Err(ImportError::BigEndian),
            found => return Err(ImportError::UnsupportedVersion { found }),
        }
        let tensor_count = cursor.u64(&|| "the number of tensors".into())?;
        let metadata_count = cursor.u64(&|| "the number of metadata entries".into())?;
        cursor.require(
            tensor_count
                .saturating_mul(LEAST_TENSOR_BYTES)
                .saturating_add(metadata_count.saturating_mul(LEAST_METADATA_BYTES)),
            || format!("a header of {tensor_count} tensors and {metadata_count} metadata entries"),
        )?;

        let mut values = BTreeMap::new();
        for index in 0..metadata_count {
            let key = cursor.string(&|| format!("the key of metadata entry {index}"))?;
            let value = read_value(&mut cursor, &key)?;
            if values.insert(key.clone(), value).is_some() {
                return Err(ImportError::Malformed {
                    what: format!("it has metadata `{key}` twice"),
                });
            }
        }
        let alignment = alignment(&values)?;

        let mut raw = Vec::new();
        for index in 0..tensor_count {
            raw.push(read_raw_tensor(&mut cursor, index)?);
        }
        let data_start = cursor.position().next_multiple_of(alignment);
        let tensors = place_tensors(raw, data_start, alignment, size)?;
        drop(cursor);
        Ok(Self {
            file,
            metadata: Metadata::new(values),
            tensors,
        })
    }
}

fn alignment(values: &BTreeMap<String, Value>) -> Result<u64, ImportError> {
    match values.get("general.alignment") {
        None => Ok(DEFAULT_ALIGNMENT),
        Some(Value::Unsigned(alignment)) if alignment.is_power_of_two() && *alignment <= ALIGNMENT_LIMIT => {
            Ok(*alignment)
        }
        Some(other) => Err(ImportError::BadValue {
            key: "general.alignment".into(),
            expected: format!("a power of two up to {ALIGNMENT_LIMIT}"),
            found: other.describe(),
        }),
    }
}
