//! Whole files and new directories that survive a kill.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use crate::StoreError;

/// Ends the name of a file that is still being written.
const PARTIAL: &str = ".partial";

/// Replaces the file at `path` by `bytes`: whoever opens it, also after a power cut, finds the old content or the new.
///
/// The bytes go to `<path>.partial`, are synced, renamed into place, and the directory is synced. Two writers of one
/// path must not run at once.
///
/// # Errors
/// [`StoreError::DiskFull`] or [`StoreError::Io`]; the old file is then still in place.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if let Some(parent) = path.parent() {
        create_dir_all(parent)?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(PARTIAL);
    let partial = Path::new(&partial);
    let written = File::create(partial).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    if let Err(source) = written {
        // The half-written file only takes room; failing to remove it adds nothing to the first error.
        let _ = fs::remove_file(partial);
        return Err(StoreError::io("write", path, source));
    }
    fs::rename(partial, path).map_err(|source| StoreError::io("rename into place", path, source))?;
    sync_parent(path)
}

/// Whether `name` is a file that a killed process was still writing.
pub(crate) fn is_partial(name: &str) -> bool {
    name.ends_with(PARTIAL)
}

/// Creates a directory with its parents; the new entries survive a power cut.
pub(crate) fn create_dir_all(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        create_dir_all(parent)?;
    }
    match fs::create_dir(path) {
        Ok(()) => sync_parent(path),
        Err(_) if path.is_dir() => Ok(()),
        Err(source) => Err(StoreError::io("create the directory", path, source)),
    }
}

/// Makes the directory entry of `path` durable.
pub(crate) fn sync_parent(path: &Path) -> Result<(), StoreError> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Windows opens no directories as files, and needs no such call.
    if cfg!(unix) {
        File::open(parent)
            .and_then(|dir| dir.sync_all())
            .map_err(|source| StoreError::io("sync the directory", parent, source))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_leaves_nothing_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("results/base/test.json");
        write_atomically(&path, b"one").unwrap();
        write_atomically(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    }

    #[test]
    fn leftovers_of_a_killed_writer_do_no_harm() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("restem.lock");
        fs::write(dir.path().join("restem.lock.partial"), "a long half-written text").unwrap();
        write_atomically(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }
}
