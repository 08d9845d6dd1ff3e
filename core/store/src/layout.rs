//! Where each thing of a run lies.

use std::path::{Path, PathBuf};

use restem_em::Phase;

use crate::StoreError;

/// The paths of a run directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    root: PathBuf,
}

impl Layout {
    /// The layout of the run directory at `root`.
    #[must_use]
    pub const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// The run directory itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The resolved configuration.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.root.join("config.toml")
    }

    /// The run's identity: digests and settings that must not change.
    #[must_use]
    pub fn identity(&self) -> PathBuf {
        self.root.join("restem.lock")
    }

    /// The file whose operating-system lock says that a process writes here.
    pub(crate) fn process_lock(&self) -> PathBuf {
        self.root.join(".lock")
    }

    /// Metrics over time.
    #[must_use]
    pub fn metrics(&self) -> PathBuf {
        self.root.join("metrics.jsonl")
    }

    /// Directory of TensorBoard event files.
    #[must_use]
    pub fn events(&self) -> PathBuf {
        self.root.join("events")
    }

    /// Samples and verdicts of all phases.
    pub(crate) fn journal(&self) -> PathBuf {
        self.root.join("journal")
    }

    /// Results of all finished steps.
    pub(crate) fn results(&self) -> PathBuf {
        self.root.join("results")
    }

    /// Checkpoints of all arms.
    pub fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints")
    }

    /// The samples of a phase.
    ///
    /// # Errors
    /// [`StoreError::Name`] when the phase's name is no path inside the journal.
    pub fn samples(&self, phase: &Phase) -> Result<PathBuf, StoreError> {
        let (arm, step) = parts(phase)?;
        Ok(self.journal().join(arm).join(step).join("samples.jsonl"))
    }

    /// The verdicts of a phase.
    ///
    /// # Errors
    /// [`StoreError::Name`] when the phase's name is no path inside the journal.
    pub fn verdicts(&self, phase: &Phase) -> Result<PathBuf, StoreError> {
        let (arm, step) = parts(phase)?;
        Ok(self.journal().join(arm).join(step).join("verdicts.jsonl"))
    }

    /// The result of a finished step.
    ///
    /// # Errors
    /// [`StoreError::Name`] when the phase's name is no path inside the results.
    pub fn result(&self, phase: &Phase) -> Result<PathBuf, StoreError> {
        let (arm, step) = parts(phase)?;
        Ok(self.results().join(arm).join(format!("{step}.json")))
    }

    /// A dataset file, such as `iteration-1.jsonl`.
    ///
    /// # Errors
    /// [`StoreError::Name`] when it is no plain file name.
    pub fn dataset(&self, name: &str) -> Result<PathBuf, StoreError> {
        Ok(self.root.join("datasets").join(checked("a dataset", name)?))
    }

    /// The model directory of an arm's weights.
    ///
    /// # Errors
    /// [`StoreError::Name`] when it is no plain directory name.
    pub fn checkpoint(&self, arm: &str) -> Result<PathBuf, StoreError> {
        Ok(self.checkpoints().join(checked("a checkpoint", arm)?))
    }

    /// A file at the top of the run directory that a report writes.
    ///
    /// # Errors
    /// [`StoreError::Name`] when it is no plain file name, or one that the store itself uses.
    pub fn report(&self, name: &str) -> Result<PathBuf, StoreError> {
        let name = checked("a report", name)?;
        if ["config.toml", "restem.lock", "metrics.jsonl"].contains(&name) {
            return Err(StoreError::Name {
                what: "a report",
                name: name.to_owned(),
            });
        }
        Ok(self.root.join(name))
    }
}

/// Arm and step of a phase.
fn parts(phase: &Phase) -> Result<(&str, &str), StoreError> {
    let (arm, step) = phase.as_str().split_once('/').ok_or_else(|| StoreError::Name {
        what: "a phase (arm/step)",
        name: phase.to_string(),
    })?;
    Ok((checked("an arm", arm)?, checked("a step", step)?))
}

/// `name`, if it is one plain path component on every file system.
fn checked<'a>(what: &'static str, name: &'a str) -> Result<&'a str, StoreError> {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"@._-".contains(&byte);
    if name.is_empty() || name.len() > 100 || name.starts_with('.') || !name.bytes().all(plain) {
        return Err(StoreError::Name {
            what,
            name: name.to_owned(),
        });
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leaves_the_run_directory() {
        let layout = Layout::new(PathBuf::from("run"));
        for (arm, step) in [
            ("..", "x"),
            ("a", ".."),
            ("/etc", "x"),
            ("", "x"),
            ("a", "b/c"),
            ("a", "B"),
            ("a\0", "b"),
        ] {
            assert!(layout.samples(&Phase::new(arm, step)).is_err(), "{arm}/{step}");
            assert!(layout.result(&Phase::new(arm, step)).is_err(), "{arm}/{step}");
        }
        assert!(layout.dataset("../config.toml").is_err());
        assert!(layout.checkpoint(".deleted-x").is_err());
        assert!(layout.report("config.toml").is_err());
    }

    #[test]
    fn ordinary_names_stand_where_people_look_for_them() {
        let layout = Layout::new(PathBuf::from("run"));
        let phase = Phase::new("iteration-1", "test-pass@8");
        assert_eq!(
            layout.samples(&phase).unwrap(),
            Path::new("run/journal/iteration-1/test-pass@8/samples.jsonl")
        );
        assert_eq!(
            layout.result(&phase).unwrap(),
            Path::new("run/results/iteration-1/test-pass@8.json")
        );
        assert_eq!(
            layout.checkpoint("iteration-1").unwrap(),
            Path::new("run/checkpoints/iteration-1")
        );
    }

    #[test]
    fn a_refused_name_says_what_is_allowed() {
        let error = Layout::new(PathBuf::from("run"))
            .checkpoint("My Arm")
            .unwrap_err();
        insta::assert_snapshot!(error, @"`My Arm` can't be the name of a checkpoint: use a-z, 0-9, `@`, `.`, `_` and `-`, not beginning with a dot");
    }
}
