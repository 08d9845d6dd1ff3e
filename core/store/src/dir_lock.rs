//! One writer per run directory.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, Write as _};

use crate::{Layout, StoreError};

/// An exclusive lock that the operating system takes back when its process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DirLock {
    /// Closing it unlocks. Opened close-on-exec, so that worker processes that outlive this one don't hold it.
    _file: File,
}

impl DirLock {
    /// Locks a run directory for this process.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another handle holds it; [`StoreError::Io`] where the file system has no locks.
    pub(crate) fn acquire(layout: &Layout) -> Result<Self, StoreError> {
        let path = layout.process_lock();
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(|source| StoreError::io("open", &path, source))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked {
                    path: layout.root().to_owned(),
                    holder: holder(&mut file),
                });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", &path, source)),
        }
        sign(&mut file).map_err(|source| StoreError::io("write", &path, source))?;
        Ok(Self { _file: file })
    }
}

/// Says in the file who holds it: read by people and by whoever is refused.
fn sign(file: &mut File) -> io::Result<()> {
    let host = gethostname::gethostname();
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "process {} on {}", std::process::id(), host.display())
}

/// Who says to hold the file.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    // Another system may forbid reading a locked file, and the holder may not have signed yet.
    match file.take(300).read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "another process".to_owned(),
    }
}
