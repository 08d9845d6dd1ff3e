//! The run directory: append-only, crash-safe, resumable.
//!
//! A [`RunDir`] is the one writer of a directory, held by an operating-system lock that ends with its process, and
//! implements [`restem_em::Journal`]. A [`RunView`] reads the same directory without a lock, also while a run goes on.
//! The files and what each promises are listed in this crate's README.
//!
//! Three ways of writing, one per need: rows are appended with a checksum each, so that a torn tail is told from a
//! damaged middle; whole files are written beside their place, synced and renamed; directories (checkpoints) are
//! renamed out of the way before they are deleted. After a kill the directory is therefore always readable.

mod appender;
mod atomic;
mod dir_lock;
mod error;
mod identity;
mod journal;
mod layout;
mod metric;
mod phase_digest;
mod retention;
mod row_line;
mod run_dir;
mod run_view;

pub use atomic::write_atomically;
pub use error::StoreError;
pub use identity::{Difference, RunIdentity};
pub use layout::Layout;
pub use metric::Metric;
pub use retention::{Keep, KeepError};
pub use run_dir::RunDir;
pub use run_view::RunView;
