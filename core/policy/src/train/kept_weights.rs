//! Weights that appear at their place whole, or not at all.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use restem_em::PolicyError;

/// The best weights so far, in a directory beside the one they are meant for; removed when dropped.
#[derive(Debug)]
pub(crate) struct KeptWeights {
    out: PathBuf,
    kept: PathBuf,
    writing: PathBuf,
}

impl KeptWeights {
    /// Weights meant for `out`; what an interrupted job left beside it is removed.
    pub(crate) fn at(out: &Path) -> Result<Self, PolicyError> {
        let beside = |suffix: &str| {
            let mut name = OsString::from(".");
            name.push(out.file_name().unwrap_or_default());
            name.push(suffix);
            out.with_file_name(name)
        };
        let place = Self {
            out: out.to_owned(),
            kept: beside(".kept"),
            writing: beside(".writing"),
        };
        if let Some(parent) = out.parent() {
            fs::create_dir_all(parent).map_err(|error| failed("create", parent, error))?;
        }
        remove(&place.kept)?;
        remove(&place.writing)?;
        Ok(place)
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
        let _ = remove(&self.kept).and_then(|()| remove(&self.writing));
    }
}

fn remove(dir: &Path) -> Result<(), PolicyError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed("remove", dir, error)),
        _ => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), PolicyError> {
    fs::rename(from, to).map_err(|error| failed("write", to, error))
}

fn failed(verb: &str, path: &Path, error: std::io::Error) -> PolicyError {
    PolicyError::new(format!("cannot {verb} `{}`: {error}", path.display()), error)
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
        let kept = KeptWeights::at(&out).unwrap();
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
        let kept = KeptWeights::at(&folder.path().join("checkpoint")).unwrap();
        kept.replace(write("first")).unwrap();
        drop(kept);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
