//! The one writer of a run directory.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::appender::Appender;
use crate::dir_lock::DirLock;
use crate::{Keep, Layout, Metric, RunIdentity, RunView, StoreError, atomic, write_atomically};

/// Begins the name of a checkpoint that is being deleted.
const DELETED: &str = ".deleted-";

/// A run directory, held for writing by this handle alone.
///
/// Rows appended are handed to the operating system within 64 rows, 64 KB or a second's pause, so that a kill loses no
/// more than that; dropping the handle hands over the rest, [`RunDir::sync`] also waits for the disk.
pub struct RunDir {
    pub(crate) view: RunView,
    pub(crate) files: HashMap<PathBuf, Appender>,
    _lock: DirLock,
}

impl RunDir {
    /// Begins a run in a new or empty directory and records its resolved configuration (TOML).
    ///
    /// # Errors
    /// [`StoreError::AlreadyARun`], [`StoreError::NotEmpty`] or [`StoreError::Locked`] when the directory is taken.
    pub fn create(path: &Path, config: &str) -> Result<Self, StoreError> {
        let layout = Layout::new(path.to_owned());
        atomic::create_dir_all(path)?;
        refuse_others(&layout)?;
        let lock = DirLock::acquire(&layout)?;
        // Again, now that nobody else can begin one.
        refuse_others(&layout)?;
        write_atomically(&layout.config(), config.as_bytes())?;
        Self::hold(path, lock)
    }

    /// Goes on with a run.
    ///
    /// # Errors
    /// [`StoreError::NotARun`] when there is none; [`StoreError::Locked`] while another handle writes to it.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let view = RunView::open(path)?;
        let lock = DirLock::acquire(view.layout())?;
        remove_deleted(view.layout())?;
        Self::hold(path, lock)
    }

    fn hold(path: &Path, lock: DirLock) -> Result<Self, StoreError> {
        Ok(Self {
            view: RunView::open(path)?,
            files: HashMap::new(),
            _lock: lock,
        })
    }

    /// Where everything lies.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        self.view.layout()
    }

    /// The run as a reader sees it, everything appended so far included.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::Io`] when rows held back can't be written.
    pub fn view(&mut self) -> Result<&RunView, StoreError> {
        self.flush()?;
        Ok(&self.view)
    }

    /// The identity that the run was begun with, once it is fixed.
    ///
    /// # Errors
    /// As for [`RunView::identity`].
    pub fn identity(&self) -> Result<Option<RunIdentity>, StoreError> {
        self.view.identity()
    }

    /// Fixes what the run is made of; afterwards, makes sure that it still is.
    ///
    /// # Errors
    /// [`StoreError::IdentityChanged`] with each value that differs from what the run was begun with.
    pub fn lock_identity(&mut self, now: &RunIdentity) -> Result<(), StoreError> {
        let path = self.layout().identity();
        let Some(begun) = self.identity()? else {
            let text = serde_json::to_vec_pretty(now).map_err(|source| StoreError::Unwritable {
                path: path.clone(),
                source: Some(source),
            })?;
            return write_atomically(&path, &text);
        };
        let differences = begun.differences(now);
        if differences.is_empty() {
            return Ok(());
        }
        Err(StoreError::IdentityChanged {
            path: self.layout().root().to_owned(),
            differences,
        })
    }

    /// Appends a metric.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::Io`].
    pub fn append_metric(&mut self, metric: &Metric) -> Result<(), StoreError> {
        self.append(self.layout().metrics(), metric)
    }

    /// Writes a dataset file whole and durably, and says where it is.
    ///
    /// # Errors
    /// [`StoreError::Name`], [`StoreError::DiskFull`] or [`StoreError::Io`].
    pub fn write_dataset(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.layout().dataset(name)?;
        write_atomically(&path, bytes).map(|()| path)
    }

    /// Writes a report file at the top of the run directory whole and durably, and says where it is.
    ///
    /// # Errors
    /// [`StoreError::Name`], [`StoreError::DiskFull`] or [`StoreError::Io`].
    pub fn write_report(&mut self, name: &str, bytes: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.layout().report(name)?;
        write_atomically(&path, bytes).map(|()| path)
    }

    /// Deletes the checkpoints of `oldest_first` that `keep` lets go, and says which those were.
    ///
    /// A checkpoint is renamed before it is deleted: a kill never leaves half of one under its own name.
    ///
    /// # Errors
    /// [`StoreError::Name`] or [`StoreError::Io`].
    pub fn prune_checkpoints(
        &mut self,
        keep: Keep,
        oldest_first: &[&str],
        best: Option<&str>,
    ) -> Result<Vec<String>, StoreError> {
        let mut deleted = Vec::new();
        for arm in keep.obsolete(oldest_first, best) {
            let path = self.layout().checkpoint(arm)?;
            if !path.exists() {
                continue;
            }
            let condemned = path.with_file_name(format!("{DELETED}{arm}"));
            fs::rename(&path, &condemned)
                .map_err(|source| StoreError::io("rename for deletion", &path, source))?;
            deleted.push(arm.to_owned());
        }
        remove_deleted(self.layout())?;
        Ok(deleted)
    }

    /// Hands every row held back to the operating system: it then survives the death of this process.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] or [`StoreError::Io`]; the rows stay held back for another try.
    pub fn flush(&mut self) -> Result<(), StoreError> {
        self.files.values_mut().try_for_each(Appender::flush)
    }

    /// Hands every row held back to the disk and waits until it has them.
    ///
    /// # Errors
    /// As for [`RunDir::flush`].
    pub fn sync(&mut self) -> Result<(), StoreError> {
        self.files.values_mut().try_for_each(Appender::sync)
    }

    pub(crate) fn append<T: Serialize>(&mut self, path: PathBuf, row: &T) -> Result<(), StoreError> {
        if let Some(file) = self.files.get_mut(&path) {
            return file.append(row);
        }
        let mut file = Appender::open(&path)?;
        let appended = file.append(row);
        self.files.insert(path, file);
        appended
    }
}

impl Drop for RunDir {
    fn drop(&mut self) {
        // Whoever must know whether it worked calls `sync`; after a panic this still saves the samples in flight.
        let _ = self.flush();
    }
}

/// Refuses a directory that holds anything but the remains of a run that was killed before it began.
fn refuse_others(layout: &Layout) -> Result<(), StoreError> {
    let path = layout.root();
    if layout.config().exists() {
        return Err(StoreError::AlreadyARun {
            path: path.to_owned(),
        });
    }
    let error = |source| StoreError::io("list", path, source);
    for entry in fs::read_dir(path).map_err(error)? {
        let entry = entry.map_err(error)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path() != layout.process_lock() && !atomic::is_partial(&name) {
            return Err(StoreError::NotEmpty {
                path: path.to_owned(),
                entry: name,
            });
        }
    }
    Ok(())
}

/// Deletes what was renamed for deletion, now or by a process that was killed at it.
fn remove_deleted(layout: &Layout) -> Result<(), StoreError> {
    let Ok(entries) = fs::read_dir(layout.checkpoints()) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if !entry.file_name().to_string_lossy().starts_with(DELETED) {
            continue;
        }
        let path = entry.path();
        // A checkpoint may be a link to weights elsewhere: those are not the run's to delete.
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let removed = if is_dir {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.map_err(|source| StoreError::io("delete", &path, source))?;
    }
    Ok(())
}
