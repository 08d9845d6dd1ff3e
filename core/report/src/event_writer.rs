//! TensorBoard event files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::{ReportError, event_proto, tfrecord};

/// While scalars keep coming, TensorBoard sees them so soon.
const AGE: Duration = Duration::from_secs(1);

/// Writes scalars for TensorBoard. Each writer makes a file of its own, so a resumed run adds one beside the old ones;
/// TensorBoard joins them.
#[derive(Debug)]
pub struct EventWriter {
    file: File,
    path: PathBuf,
    buffer: Vec<u8>,
    written: Instant,
    failure: Option<io::Error>,
}

impl EventWriter {
    /// Creates `dir` where needed and a new event file in it; `unix_seconds` is now.
    ///
    /// # Errors
    /// [`ReportError::Events`].
    pub fn create(dir: &Path, unix_seconds: f64) -> Result<Self, ReportError> {
        let error = |source| ReportError::Events {
            path: dir.to_owned(),
            source,
        };
        fs::create_dir_all(dir).map_err(error)?;
        let (file, path) = new_file(dir, unix_seconds).map_err(error)?;
        let mut writer = Self {
            file,
            path,
            buffer: Vec::new(),
            written: Instant::now(),
            failure: None,
        };
        tfrecord::frame(&event_proto::file_version(unix_seconds), &mut writer.buffer);
        writer.flush()?;
        Ok(writer)
    }

    /// Adds a scalar. It is written within a second's pause; a failure to do so is told by [`EventWriter::flush`].
    pub fn scalar(&mut self, tag: &str, step: u64, value: f64, unix_seconds: f64) {
        // TensorBoard's scalars are single precision.
        let event = event_proto::scalar(tag, step, value as f32, unix_seconds);
        tfrecord::frame(&event, &mut self.buffer);
        if self.written.elapsed() >= AGE {
            self.write();
        }
    }

    /// Hands what was added to the operating system.
    ///
    /// # Errors
    /// [`ReportError::Events`] when this or an earlier write failed. The file is then given up: its end is unknown,
    /// another write would tear it, and the events are only a view of metrics that are stored elsewhere.
    pub fn flush(&mut self) -> Result<(), ReportError> {
        self.write();
        match self.failure.take() {
            None => Ok(()),
            Some(source) => {
                self.failure = Some(source.kind().into());
                Err(ReportError::Events {
                    path: self.path.clone(),
                    source,
                })
            }
        }
    }

    fn write(&mut self) {
        if self.failure.is_none() {
            self.failure = self.file.write_all(&self.buffer).err();
        }
        self.buffer.clear();
        self.written = Instant::now();
    }
}

impl Drop for EventWriter {
    fn drop(&mut self) {
        // Whoever must know whether it worked calls `flush`.
        self.write();
    }
}

/// A file whose name TensorBoard recognises and that wasn't there before.
fn new_file(dir: &Path, unix_seconds: f64) -> io::Result<(File, PathBuf)> {
    let mut count = 0;
    loop {
        let path = dir.join(format!(
            "events.out.tfevents.{:010}.restem.{count}",
            unix_seconds as u64
        ));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((file, path)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => count += 1,
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_writers_within_a_second_make_two_files_of_whole_records() {
        let dir = tempfile::tempdir().unwrap();
        for _ in 0..2 {
            let mut writer = EventWriter::create(&dir.path().join("events"), 1.7e9).unwrap();
            writer.scalar("iteration-1/loss", 1, 0.5, 1.7e9);
        }
        let files: Vec<_> = fs::read_dir(dir.path().join("events"))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 2);
        for file in files {
            let bytes = fs::read(file).unwrap();
            let mut rest = &bytes[..];
            let mut records = 0;
            while let Some((head, tail)) = rest.split_at_checked(8) {
                let length = u64::from_le_bytes(head.try_into().unwrap()) as usize;
                rest = &tail[4 + length + 4..];
                records += 1;
            }
            assert_eq!((records, rest.len()), (2, 0));
        }
    }
}
