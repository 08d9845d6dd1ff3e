//! Reading a run directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use restem_em::{Digest, Phase, Sample, VerdictRow};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Layout, Metric, RunIdentity, StoreError, metric, phase_digest, row_line};

/// A run directory to read from, without a lock: a run that goes on shows what it has handed to the system so far.
#[derive(Debug, Clone)]
pub struct RunView {
    layout: Layout,
}

impl RunView {
    /// Opens a run directory for reading.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] when `path` holds no run.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let layout = Layout::new(path.to_owned());
        if !layout.config().is_file() {
            return Err(StoreError::NotARun {
                path: path.to_owned(),
            });
        }
        Ok(Self { layout })
    }

    /// Where everything lies.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The resolved configuration that the run was begun with, as TOML.
    ///
    /// # Errors
    /// [`StoreError::Io`] when it can't be read.
    pub fn config(&self) -> Result<String, StoreError> {
        let path = self.layout.config();
        fs::read_to_string(&path).map_err(|source| StoreError::io("read", &path, source))
    }

    /// What the run is made of, once it is fixed.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the file was changed by hand; [`StoreError::Io`].
    pub fn identity(&self) -> Result<Option<RunIdentity>, StoreError> {
        read_json(&self.layout.identity())
    }

    /// Every phase that has samples or verdicts, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError::Io`] when the journal can't be listed.
    pub fn phases(&self) -> Result<Vec<Phase>, StoreError> {
        let journal = self.layout.journal();
        let mut phases = Vec::new();
        for arm in names(&journal)? {
            phases.extend(
                names(&journal.join(&arm))?
                    .iter()
                    .map(|step| Phase::new(&arm, step)),
            );
        }
        Ok(phases)
    }

    /// The samples of a phase in the order they were appended; a torn tail is left out.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row before the last one is damaged; [`StoreError::Io`].
    pub fn samples(&self, phase: &Phase) -> Result<Vec<Sample>, StoreError> {
        read_rows(&self.layout.samples(phase)?)
    }

    /// The verdicts of a phase in the order they were appended; a torn tail is left out.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row before the last one is damaged; [`StoreError::Io`].
    pub fn verdicts(&self, phase: &Phase) -> Result<Vec<VerdictRow>, StoreError> {
        read_rows(&self.layout.verdicts(phase)?)
    }

    /// The result of a step, if it has finished.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the file was changed by hand; [`StoreError::Io`].
    pub fn result(&self, phase: &Phase) -> Result<Option<Value>, StoreError> {
        read_json(&self.layout.result(phase)?)
    }

    /// Every finished step with its result, in the order of their names.
    ///
    /// # Errors
    /// As for [`RunView::result`].
    pub fn results(&self) -> Result<Vec<(Phase, Value)>, StoreError> {
        let root = self.layout.results();
        let mut results = Vec::new();
        for arm in names(&root)? {
            for file in names(&root.join(&arm))? {
                let Some(step) = file.strip_suffix(".json") else {
                    continue;
                };
                let phase = Phase::new(&arm, step);
                if let Some(result) = self.result(&phase)? {
                    results.push((phase, result));
                }
            }
        }
        Ok(results)
    }

    /// Every metric by series and step; the last one written for a step counts.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when a row before the last one is damaged; [`StoreError::Io`].
    pub fn metrics(&self) -> Result<Vec<Metric>, StoreError> {
        read_rows(&self.layout.metrics()).map(metric::latest)
    }

    /// Digest of a phase's samples and verdicts, equal for equal content in whatever order it was written.
    ///
    /// Fuel and the texts of faults do not count: both may differ between a run and its resumption.
    ///
    /// # Errors
    /// As for [`RunView::samples`].
    pub fn phase_digest(&self, phase: &Phase) -> Result<Digest, StoreError> {
        Ok(phase_digest::of(self.samples(phase)?, self.verdicts(phase)?))
    }

    /// Digest of all phases by name and content.
    ///
    /// # Errors
    /// As for [`RunView::phase_digest`].
    pub fn run_digest(&self) -> Result<Digest, StoreError> {
        let mut parts = Vec::new();
        for phase in self.phases()? {
            parts.push(phase.to_string());
            parts.push(self.phase_digest(&phase)?.to_string());
        }
        Ok(Digest::of_parts(parts))
    }
}

/// The rows of a file, none if it isn't there.
fn read_rows<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => row_line::decode(&bytes, path),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(source) => Err(StoreError::io("read", path, source)),
    }
}

/// The content of a JSON file, if it is there.
fn read_json<T: DeserializeOwned>(path: &PathBuf) -> Result<Option<T>, StoreError> {
    match fs::read(path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|source| StoreError::Malformed {
                path: path.clone(),
                source,
            }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::io("read", path, source)),
    }
}

/// Sorted names in a directory, none if it isn't there.
fn names(dir: &Path) -> Result<Vec<String>, StoreError> {
    let error = |source| StoreError::io("list", dir, source);
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(source) => return Err(error(source)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(error)?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}
