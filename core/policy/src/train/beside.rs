//! Directories beside the one that weights are meant for.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use restem_em::PolicyError;

/// The hidden neighbour of `out` with this suffix.
pub(super) fn beside(out: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(suffix);
    out.with_file_name(name)
}

/// Removes a directory, if it is there.
pub(super) fn remove(dir: &Path) -> Result<(), PolicyError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(failed("remove", dir, error)),
        _ => Ok(()),
    }
}

/// Moves a directory to a place where there is none.
pub(super) fn rename(from: &Path, to: &Path) -> Result<(), PolicyError> {
    fs::rename(from, to).map_err(|error| failed("write", to, error))
}

/// The error of something that can't be done to a path.
pub(super) fn failed(verb: &str, path: &Path, error: std::io::Error) -> PolicyError {
    PolicyError::new(format!("cannot {verb} `{}`: {error}", path.display()), error)
}
