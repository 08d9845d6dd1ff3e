//! A file that only grows, by whole rows.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::{StoreError, atomic, row_line};

/// Rows held back at most.
const ROWS: usize = 64;
/// Bytes held back at most, but for the row that passes it.
const BYTES: usize = 1 << 16;
/// A row appended later than this after the last write is written at once, so slow rows never wait.
const AGE: Duration = Duration::from_secs(1);

/// Appends rows to `F` through a small buffer.
///
/// Nothing is dropped on a failed write: the buffer keeps its rows and the next write goes to the same offset, over
/// whatever part of them the failed one had left there.
pub(crate) struct Appender<F = File> {
    file: F,
    path: PathBuf,
    /// Length of the rows that the operating system has.
    end: u64,
    buffer: Vec<u8>,
    rows: usize,
    written: Instant,
    is_synced: bool,
}

impl Appender {
    /// Opens the file, creating it and its directory where needed, and cuts off a torn tail.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row before the last one is damaged; [`StoreError::Io`].
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        if let Some(parent) = path.parent() {
            atomic::create_dir_all(parent)?;
        }
        let is_new = !path.exists();
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|source| StoreError::io("open", path, source))?;
        if is_new {
            atomic::sync_parent(path)?;
        }
        let bytes = std::fs::read(path).map_err(|source| StoreError::io("read", path, source))?;
        let end = row_line::scan(&bytes, path)?.sound_len;
        if end < bytes.len() {
            file.set_len(end as u64)
                .map_err(|source| StoreError::io("cut the torn end off", path, source))?;
        }
        Ok(Self::new(file, path, end as u64))
    }

    /// Writes what is held back and waits until the disk has it.
    pub(crate) fn sync(&mut self) -> Result<(), StoreError> {
        self.flush()?;
        if !self.is_synced {
            self.file
                .sync_data()
                .map_err(|source| StoreError::io("sync", &self.path, source))?;
            self.is_synced = true;
        }
        Ok(())
    }
}

impl<F: Write + Seek> Appender<F> {
    fn new(file: F, path: &Path, end: u64) -> Self {
        Self {
            file,
            path: path.to_owned(),
            end,
            buffer: Vec::new(),
            rows: 0,
            written: Instant::now(),
            // What another process left may not be on the disk yet.
            is_synced: false,
        }
    }

    /// Appends a row.
    ///
    /// # Errors
    /// [`StoreError::Unwritable`] leaves the row out; on any other error it is kept for the next write.
    pub(crate) fn append<T: Serialize>(&mut self, row: &T) -> Result<(), StoreError> {
        row_line::encode(row, &mut self.buffer, &self.path)?;
        self.rows += 1;
        if self.rows >= ROWS || self.buffer.len() >= BYTES || self.written.elapsed() >= AGE {
            self.flush()?;
        }
        Ok(())
    }

    /// Hands what is held back to the operating system: it then survives the death of this process.
    pub(crate) fn flush(&mut self) -> Result<(), StoreError> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        self.is_synced = false;
        self.file
            .seek(SeekFrom::Start(self.end))
            .and_then(|_| self.file.write_all(&self.buffer))
            .and_then(|()| self.file.flush())
            .map_err(|source| StoreError::io("append to", &self.path, source))?;
        self.end += self.buffer.len() as u64;
        self.buffer.clear();
        self.rows = 0;
        self.written = Instant::now();
        Ok(())
    }

    /// The lines held back.
    pub(crate) fn held_back(&self) -> &[u8] {
        &self.buffer
    }

    /// Length of the lines that the operating system has.
    pub(crate) const fn written_len(&self) -> u64 {
        self.end
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Cursor};

    use serde_json::{Value, json};

    use super::*;

    /// A disk of `capacity` bytes that takes what still fits before it fails.
    struct SmallDisk {
        disk: Cursor<Vec<u8>>,
        capacity: usize,
    }

    impl Write for SmallDisk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let room = self.capacity.saturating_sub(self.disk.position() as usize);
            if room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            self.disk.write(&bytes[..bytes.len().min(room)])
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Seek for SmallDisk {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.disk.seek(to)
        }
    }

    fn on_disk(appender: &Appender<SmallDisk>) -> Vec<Value> {
        row_line::decode(appender.file.disk.get_ref(), Path::new("rows.jsonl")).unwrap()
    }

    #[test]
    fn a_full_disk_keeps_earlier_rows_readable_and_later_rows_for_another_try() {
        let disk = SmallDisk {
            disk: Cursor::default(),
            capacity: 70,
        };
        let mut appender = Appender::new(disk, Path::new("rows.jsonl"), 0);
        let rows: Vec<_> = (0..4).map(|k| json!({ "k": k, "text": "completion" })).collect();

        appender.append(&rows[0]).unwrap();
        appender.flush().unwrap();
        appender.append(&rows[1]).unwrap();
        assert!(matches!(appender.flush(), Err(StoreError::DiskFull { .. })));
        assert_eq!(on_disk(&appender), rows[..1]);
        appender.append(&rows[2]).unwrap();
        assert!(matches!(appender.flush(), Err(StoreError::DiskFull { .. })));
        assert_eq!(on_disk(&appender), rows[..1]);

        appender.file.capacity = 1000;
        appender.append(&rows[3]).unwrap();
        appender.flush().unwrap();
        assert_eq!(on_disk(&appender), rows);
    }

    #[test]
    fn a_burst_is_written_before_it_grows_long() {
        let disk = SmallDisk {
            disk: Cursor::default(),
            capacity: 1 << 20,
        };
        let mut appender = Appender::new(disk, Path::new("rows.jsonl"), 0);
        for k in 0..1000 {
            appender.append(&json!({ "k": k })).unwrap();
            assert!(appender.rows < ROWS);
        }
        assert!(on_disk(&appender).len() > 1000 - ROWS);
    }

    #[test]
    fn a_torn_tail_is_cut_off_so_that_the_next_row_starts_a_line() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/rows.jsonl");
        let rows = [json!({ "k": 0 }), json!({ "k": 1 }), json!({ "k": 2 })];
        let mut appender = Appender::open(&path).unwrap();
        appender.append(&rows[0]).unwrap();
        appender.append(&rows[1]).unwrap();
        appender.sync().unwrap();
        let whole = std::fs::read(&path).unwrap();

        for cut in 0..whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let kept = whole[..cut].iter().filter(|byte| **byte == b'\n').count();
            let mut appender = Appender::open(&path).unwrap();
            appender.append(&rows[2]).unwrap();
            appender.sync().unwrap();
            let found: Vec<Value> = row_line::decode(&std::fs::read(&path).unwrap(), &path).unwrap();
            assert_eq!(found, [&rows[..kept], &rows[2..]].concat());
        }
    }
}
