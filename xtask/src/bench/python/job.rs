//! Programs with their tests, as every side reads them.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use anyhow::Result;
use serde_json::{Value, json};

/// A program and what it is run with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Job {
    /// Its name in results.
    pub(crate) id: String,
    /// The whole program.
    pub(crate) source: String,
    /// Its tests' standard inputs.
    pub(crate) stdins: Vec<String>,
    /// How often each test is run.
    pub(crate) repeats: usize,
    /// Bound in the sandbox; None for one that no benchmark reaches.
    pub(crate) fuel: Option<u64>,
    /// Per test the sha256 of the standard output, for sides that only compare. Empty while unknown.
    pub(crate) expected: Vec<Option<String>>,
}

impl Job {
    /// A program whose tests are run once.
    pub(crate) fn new(id: impl Into<String>, source: impl Into<String>, stdins: Vec<String>) -> Self {
        Self {
            id: id.into(),
            source: source.into(),
            stdins,
            repeats: 1,
            ..Self::default()
        }
    }

    /// Tests that are run so often.
    pub(crate) fn times(mut self, repeats: usize) -> Self {
        self.repeats = repeats;
        self
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "source": self.source,
            "stdins": self.stdins,
            "repeats": self.repeats,
            "fuel": self.fuel,
            "expected": self.expected,
        })
    }
}

/// Writes one job per line.
///
/// # Errors
/// When the file can't be written.
pub(crate) fn write<'j>(path: &Path, jobs: impl IntoIterator<Item = &'j Job>) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for job in jobs {
        writeln!(file, "{}", job.to_json())?;
    }
    Ok(file.flush()?)
}
