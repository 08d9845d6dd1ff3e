//! What can go wrong with a run directory, said to people.

use std::io;
use std::path::{Path, PathBuf};

use restem_em::JournalError;

use crate::Difference;

/// A run directory could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The operating system refused.
    #[error("could not {action} `{}`", path.display())]
    Io {
        /// What was tried: "read", "write", …
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// The disk or the user's quota is full.
    #[error(
        "no space is left to {action} `{}`: what was written before is whole; free some space, then go on with `--resume`",
        path.display()
    )]
    DiskFull {
        /// What was tried.
        action: &'static str,
        /// On which file or directory.
        path: PathBuf,
        /// The operating system's words.
        #[source]
        source: io::Error,
    },
    /// Another process (or another handle of this one) writes to the directory.
    #[error(
        "the run directory `{}` is in use by {holder}: wait for it to end, stop it, or choose another directory",
        path.display()
    )]
    Locked {
        /// The run directory.
        path: PathBuf,
        /// Process id and host, as the holder wrote them.
        holder: String,
    },
    /// A new run was asked for where one is already.
    #[error(
        "`{}` already holds a run: add `--resume` to go on with it, or choose another directory",
        path.display()
    )]
    AlreadyARun {
        /// The run directory.
        path: PathBuf,
    },
    /// A new run was asked for in a directory with other files.
    #[error(
        "`{}` is not empty (it holds `{entry}`) and is no run directory: choose a new or an empty one",
        path.display()
    )]
    NotEmpty {
        /// The directory.
        path: PathBuf,
        /// One of the files in it.
        entry: String,
    },
    /// There is no run to go on with.
    #[error("`{}` holds no run (it has no config.toml): check the path, or start one without `--resume`", path.display())]
    NotARun {
        /// The directory.
        path: PathBuf,
    },
    /// A row before the last one is damaged.
    #[error(
        "{}:{line}: this row is damaged ({reason}): restore the file from a copy, or cut it before line {line} \
         and resume, so that the rows from there on are made again",
        path.display()
    )]
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A whole file can't be understood.
    #[error(
        "`{}` can't be understood: it was changed by hand or written by another version of restem; \
         restore it, or start a new run directory",
        path.display()
    )]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What the parser says.
        #[source]
        source: serde_json::Error,
    },
    /// A value can't be written as a row.
    #[error("a row for `{}` can't be written as a JSON object", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the serializer says, where it is the one that refused.
        #[source]
        source: Option<serde_json::Error>,
    },
    /// A name that would not stay inside the run directory.
    #[error(
        "`{name}` can't be the name of {what}: use a-z, 0-9, `@`, `.`, `_` and `-`, not beginning with a dot"
    )]
    Name {
        /// What it names.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The run was begun with something else than what it is resumed with.
    #[error(
        "the run in `{}` was begun with other ingredients:\n{}\nresume it with the ones it was begun with, or start a new run directory",
        path.display(),
        Difference::list(differences)
    )]
    IdentityChanged {
        /// The run directory.
        path: PathBuf,
        /// Each value that differs.
        differences: Vec<Difference>,
    },
}

impl StoreError {
    /// An operating-system error with what was tried, a full disk told apart.
    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::DiskFull { action, path, source }
            }
            _ => Self::Io { action, path, source },
        }
    }
}

impl From<StoreError> for JournalError {
    fn from(error: StoreError) -> Self {
        Self {
            message: error.to_string(),
            source: std::error::Error::source(&error)
                .map(ToString::to_string)
                .map(Into::into),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_other_trouble() {
        let error = |kind| {
            StoreError::io(
                "append to",
                Path::new("run/journal/base/x/samples.jsonl"),
                io::Error::from(kind),
            )
        };
        assert!(matches!(
            error(io::ErrorKind::StorageFull),
            StoreError::DiskFull { .. }
        ));
        assert!(matches!(
            error(io::ErrorKind::PermissionDenied),
            StoreError::Io { .. }
        ));
        insta::assert_snapshot!(error(io::ErrorKind::StorageFull), @"no space is left to append to `run/journal/base/x/samples.jsonl`: what was written before is whole; free some space, then go on with `--resume`");
    }
}
