//! What builds the sources in a directory, by what is in it.

use std::path::Path;

use anyhow::bail;

use super::{componentize, rust};

/// How much is optimised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// As it is published.
    Release,
    /// As it is debugged.
    Debug,
}

/// What a builder leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Built {
    /// The sources' own name.
    pub(crate) name: String,
    /// Their version.
    pub(crate) version: String,
    /// What built them, for people.
    pub(crate) how: String,
    /// A component, or a core module with a component-type section.
    pub(crate) bytes: Vec<u8>,
}

/// What turns sources into WebAssembly; one file each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Builder {
    /// cargo.
    Rust,
    /// componentize-py.
    Python,
    /// componentize-js.
    JavaScript,
}

impl Builder {
    /// The builder of the sources in `dir`.
    ///
    /// # Errors
    /// When `dir` has nothing that a builder knows.
    pub(crate) fn of(dir: &Path) -> anyhow::Result<Self> {
        if dir.join("Cargo.toml").is_file() {
            return Ok(Self::Rust);
        }
        if dir.join(componentize::PYTHON.source).is_file() {
            return Ok(Self::Python);
        }
        if dir.join(componentize::JAVASCRIPT.source).is_file() {
            return Ok(Self::JavaScript);
        }
        bail!(
            "{} holds no plugin's sources: it has no Cargo.toml, scorer.py or scorer.js\n  hint: name the plugin's directory, or begin one with `restem plugin new NAME`",
            dir.display()
        )
    }

    /// Builds the sources in `dir`.
    ///
    /// # Errors
    /// When a tool is missing or refuses the sources.
    pub(crate) fn build(self, dir: &Path, profile: Profile) -> anyhow::Result<Built> {
        match self {
            Self::Rust => rust::build(dir, profile),
            Self::Python => componentize::build(dir, &componentize::PYTHON),
            Self::JavaScript => componentize::build(dir, &componentize::JAVASCRIPT),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_without_sources_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let error = Builder::of(dir.path()).unwrap_err().to_string();
        insta::assert_snapshot!(error.replace(&*dir.path().to_string_lossy(), "DIR"), @r"
        DIR holds no plugin's sources: it has no Cargo.toml, scorer.py or scorer.js
          hint: name the plugin's directory, or begin one with `restem plugin new NAME`
        ");
    }
}
