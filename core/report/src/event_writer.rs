//! TensorBoard event files.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::{ReportError, event_proto, tfrecord};

/// Writes scalars for TensorBoard. Each writer makes a file of its own, so a resumed run adds one beside the old ones;
/// TensorBoard joins them.
#[derive(Debug)]
pub struct EventWriter {
    file: File,
    path: PathBuf,
    buffer: Vec<u8>,
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
        };
        tfrecord::frame(&event_proto::file_version(unix_seconds), &mut writer.buffer);
        writer.flush()?;
        Ok(writer)
    }

    /// Adds a scalar; it is in the file after [`EventWriter::flush`].
    pub fn scalar(&mut self, tag: &str, step: u64, value: f64, unix_seconds: f64) {
        // TensorBoard's scalars are single precision.
        let event = event_proto::scalar(tag, step, value as f32, unix_seconds);
        tfrecord::frame(&event, &mut self.buffer);
    }

    /// Hands what was added to the operating system.
    ///
    /// # Errors
    /// [`ReportError::Events`].
    pub fn flush(&mut self) -> Result<(), ReportError> {
        let written = self.file.write_all(&self.buffer);
        // After a failed write the file's end is unknown and a second try would tear it: the events are only a view
        // of metrics that are stored elsewhere.
        self.buffer.clear();
        written.map_err(|source| ReportError::Events {
            path: self.path.clone(),
            source,
        })
    }
}

impl Drop for EventWriter {
    fn drop(&mut self) {
        // Whoever must know whether it worked calls `flush`.
        let _ = self.flush();
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
