//! Compiled functions, kept from the first of an installation's two compilations to the second: both have the same code
//! and differ in memory and globals only.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use wasmtime::CacheStore;

/// Functions in a file, with an index in memory: they are half a gigabyte.
///
/// A record is the lengths of key and value, 4 bytes each, and then the two.
pub(crate) struct FunctionCache(Mutex<State>);

struct State {
    file: File,
    end: u64,
    index: HashMap<Vec<u8>, (u64, usize)>,
}

/// Bytes of a record's two lengths.
const LENGTHS: usize = 8;

impl FunctionCache {
    /// Opens the cache at `path`, made if it isn't there. What a killed process left unfinished is written over.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut state = State {
            file,
            end: 0,
            index: HashMap::new(),
        };
        state.read_index()?;
        Ok(Self(Mutex::new(state)))
    }
}

impl State {
    fn read_index(&mut self) -> io::Result<()> {
        let size = self.file.metadata()?.len();
        let mut reader = io::BufReader::new(&self.file);
        let mut lengths = [0; LENGTHS];
        while self.end + LENGTHS as u64 <= size {
            reader.read_exact(&mut lengths)?;
            let [key, value] =
                [0, 4].map(|at| u32::from_le_bytes([0, 1, 2, 3].map(|byte| lengths[at + byte])));
            let start = self.end + LENGTHS as u64 + u64::from(key);
            if start + u64::from(value) > size {
                break;
            }
            let mut name = vec![0; key as usize];
            reader.read_exact(&mut name)?;
            reader.seek_relative(i64::from(value))?;
            self.index.insert(name, (start, value as usize));
            self.end = start + u64::from(value);
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        Ok(())
    }

    fn append(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        let [key_length, value_length] =
            [key, value].map(|part| u32::try_from(part.len()).map(u32::to_le_bytes));
        let mut record = Vec::with_capacity(LENGTHS + key.len() + value.len());
        record.extend(key_length.map_err(io::Error::other)?);
        record.extend(value_length.map_err(io::Error::other)?);
        record.extend(key);
        record.extend(value);
        self.file.write_all(&record)?;
        let start = self.end + (LENGTHS + key.len()) as u64;
        self.index.insert(key.to_owned(), (start, value.len()));
        self.end += record.len() as u64;
        Ok(())
    }
}

impl std::fmt::Debug for FunctionCache {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("FunctionCache")
    }
}

impl CacheStore for FunctionCache {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (start, length) = *state.index.get(key)?;
        let mut code = vec![0; length];
        state.file.read_exact_at(&mut code, start).ok()?;
        Some(Cow::Owned(code))
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.append(key, &value).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_also_later() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("functions");
        let cache = FunctionCache::open(&path).unwrap();
        assert!(cache.insert(b"a", vec![1, 2, 3]));
        assert!(cache.insert(b"bb", vec![4]));
        assert_eq!(cache.get(b"a").as_deref(), Some([1, 2, 3].as_slice()));
        drop(cache);
        let cache = FunctionCache::open(&path).unwrap();
        assert_eq!(cache.get(b"bb").as_deref(), Some([4].as_slice()));
        assert_eq!(cache.get(b"c"), None);
    }

    #[test]
    fn an_unfinished_record_is_written_over() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("functions");
        FunctionCache::open(&path).unwrap().insert(b"a", vec![1]);
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.extend([3, 0, 0, 0, 200, 0, 0, 0, 1, 2]);
        std::fs::write(&path, bytes).unwrap();
        let cache = FunctionCache::open(&path).unwrap();
        assert!(cache.insert(b"b", vec![2]));
        let cache = FunctionCache::open(&path).unwrap();
        assert_eq!(cache.get(b"a").as_deref(), Some([1].as_slice()));
        assert_eq!(cache.get(b"b").as_deref(), Some([2].as_slice()));
    }
}
