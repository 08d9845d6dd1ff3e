//! The run directory as the loop's memory.

use std::fs;
use std::io;
use std::path::PathBuf;

use restem_em::{Journal, JournalError, Phase, Sample, VerdictRow};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{RunDir, StoreError, row_line, write_atomically};

impl RunDir {
    /// Rows of a file, those held back included.
    fn rows<T: DeserializeOwned>(&self, path: &PathBuf) -> Result<Vec<T>, StoreError> {
        let mut bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(source) => return Err(StoreError::io("read", path, source)),
        };
        if let Some(file) = self.files.get(path) {
            // Behind the rows written there may lie a part of a failed write.
            bytes.truncate(usize::try_from(file.written_len()).unwrap_or(usize::MAX));
            bytes.extend_from_slice(file.held_back());
        }
        row_line::decode(&bytes, path)
    }
}

impl Journal for RunDir {
    fn samples(&self, phase: &Phase) -> Result<Vec<Sample>, JournalError> {
        Ok(self.rows(&self.layout().samples(phase)?)?)
    }

    fn append_sample(&mut self, phase: &Phase, sample: &Sample) -> Result<(), JournalError> {
        Ok(self.append(self.layout().samples(phase)?, sample)?)
    }

    fn verdicts(&self, phase: &Phase) -> Result<Vec<VerdictRow>, JournalError> {
        Ok(self.rows(&self.layout().verdicts(phase)?)?)
    }

    fn append_verdict(&mut self, phase: &Phase, row: &VerdictRow) -> Result<(), JournalError> {
        Ok(self.append(self.layout().verdicts(phase)?, row)?)
    }

    fn sync(&mut self) -> Result<(), JournalError> {
        Ok(Self::sync(self)?)
    }

    fn result(&self, phase: &Phase) -> Result<Option<Value>, JournalError> {
        Ok(self.view.result(phase)?)
    }

    /// The rows that a result was made from are on the disk before it is.
    fn record_result(&mut self, phase: &Phase, result: &Value) -> Result<(), JournalError> {
        Self::sync(self)?;
        let path = self.layout().result(phase)?;
        let mut text = serde_json::to_vec_pretty(result).map_err(|source| StoreError::Unwritable {
            path: path.clone(),
            source: Some(source),
        })?;
        text.push(b'\n');
        Ok(write_atomically(&path, &text)?)
    }
}
