//! Weights that appear at their place whole, or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use restem_em::PolicyError;

use super::beside::{beside, failed, remove, rename};

/// The best weights so far, in a directory beside the one they are meant for; removed when dropped, unless they are to stay.
#[derive(Debug)]
pub(crate) struct KeptWeights {
    out: PathBuf,
    kept: PathBuf,
    writing: PathBuf,
    /// Whether a later process needs them: the job's progress is on disk.
    stay: bool,
}

impl KeptWeights {
    /// Weights meant for `out`. What an earlier process left of them is removed, unless this one is `going_on` with its job.
    pub(crate) fn at(out: &Path, going_on: bool) -> Result<Self, PolicyError> {
        let place = Self {
            out: out.to_owned(),
            kept: beside(out, ".kept"),
            writing: beside(out, ".writing"),
            stay: going_on,
        };
        if let Some(parent) = out.parent() {
            fs::create_dir_all(parent).map_err(|error| failed("create", parent, error))?;
        }
        if !going_on {
            remove(&place.kept)?;
        }
        remove(&place.writing)?;
        Ok(place)
    }

    /// Leaves the weights where they are for the process that goes on with the job.
    pub(crate) const fn stay(&mut self) {
        self.stay = true;
    }

    /// Writes new weights with `write`; the former ones go when that succeeded.
    pub(crate) fn replace(
        &self,
        write: impl FnOnce(&Path) -> Result<(), PolicyError>,
    ) -> Result<(), PolicyError> {
        remove(&self.writing)?;
        write(&self.writing)?;
        remove(&self.kept)?;
        rename(&self.writing, &self.kept)
    }

    /// Moves the weights to their place, where an earlier attempt may have left the same.
    pub(crate) fn publish(self) -> Result<(), PolicyError> {
        remove(&self.out)?;
        rename(&self.kept, &self.out)
    }
}

impl Drop for KeptWeights {
    fn drop(&mut self) {
        // What can't be removed now is removed by the next job for the same place.
        let _ = remove(&self.writing);
        if !self.stay {
            let _ = remove(&self.kept);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(text: &'static str) -> impl Fn(&Path) -> Result<(), PolicyError> {
        move |dir| {
            fs::create_dir(dir).unwrap();
            fs::write(dir.join("model.safetensors"), text).unwrap();
            Ok(())
        }
    }

    #[test]
    fn only_published_weights_are_at_their_place() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("new/checkpoint");
        let kept = KeptWeights::at(&out, false).unwrap();
        kept.replace(write("first")).unwrap();
        kept.replace(write("second")).unwrap();
        assert!(kept.replace(|_| Err(PolicyError::message("disk full"))).is_err());
        assert!(!out.exists());
        kept.publish().unwrap();
        assert_eq!(
            fs::read_to_string(out.join("model.safetensors")).unwrap(),
            "second"
        );
        assert_eq!(fs::read_dir(out.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn an_abandoned_job_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let kept = KeptWeights::at(&folder.path().join("checkpoint"), false).unwrap();
        kept.replace(write("first")).unwrap();
        drop(kept);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
