//! An output directory that appears complete or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use tempfile::TempDir;

use super::error::ImportError;

/// A directory being filled beside the place where it will stand.
pub(super) struct StagedDirectory {
    target: PathBuf,
    parent: PathBuf,
    staging: TempDir,
}

impl StagedDirectory {
    /// Checks that nothing is at `target` and makes a temporary sibling of it.
    ///
    /// # Errors
    /// [`ImportError::OutputExists`] for anything but an empty directory, [`ImportError::Io`].
    pub(super) fn create(target: &Path) -> Result<Self, ImportError> {
        let io = |action, path: &Path| {
            let path = path.to_owned();
            move |source| ImportError::Io { action, path, source }
        };
        match fs::symlink_metadata(target) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(io("read", target)(error)),
            Ok(about) => {
                let empty =
                    about.is_dir() && fs::read_dir(target).map_err(io("read", target))?.next().is_none();
                if !empty {
                    return Err(ImportError::OutputExists {
                        path: target.to_owned(),
                    });
                }
            }
        }
        let parent = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        fs::create_dir_all(&parent).map_err(io("create", &parent))?;
        let mut builder = tempfile::Builder::new();
        builder.prefix(".model-import-");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // As `mkdir` would make it; a temporary directory is closed to others by default.
            builder.permissions(fs::Permissions::from_mode(0o777));
        }
        let staging = builder
            .tempdir_in(&parent)
            .map_err(io("create a directory in", &parent))?;
        Ok(Self {
            target: target.to_owned(),
            parent,
            staging,
        })
    }

    /// Where the file `name` is to be written.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.staging.path().join(name)
    }

    /// Writes `fields` as the JSON file `name`.
    pub(super) fn write_json(&self, name: &str, fields: Map<String, Value>) -> Result<(), ImportError> {
        let path = self.path(name);
        let text = format!("{:#}\n", Value::Object(fields));
        fs::write(&path, text).map_err(|source| ImportError::Io {
            action: "write",
            path,
            source,
        })
    }

    /// Moves the directory to its place.
    ///
    /// # Errors
    /// [`ImportError::OutputExists`] when something was put there meanwhile, [`ImportError::Io`].
    pub(super) fn publish(self) -> Result<(), ImportError> {
        fs::rename(self.staging.path(), &self.target).map_err(|source| {
            if source.kind() == std::io::ErrorKind::DirectoryNotEmpty {
                ImportError::OutputExists {
                    path: self.target.clone(),
                }
            } else {
                ImportError::Io {
                    action: "create",
                    path: self.target.clone(),
                    source,
                }
            }
        })?;
        // It has moved: there is nothing left to delete.
        let _ = self.staging.keep();
        // Best effort: some file systems cannot sync a directory.
        let _ = File::open(&self.parent).and_then(|parent| parent.sync_all());
        Ok(())
    }
}
