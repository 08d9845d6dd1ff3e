//! What can go wrong with a report.

use std::io;
use std::path::PathBuf;

/// A report could not be made or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A built-in template failed: a defect of restem.
    #[error("the report template `{template}` failed: please report this as a defect of restem")]
    Template {
        /// Which template.
        template: &'static str,
        /// Where and why.
        #[source]
        source: minijinja::Error,
    },
    /// An event file could not be written.
    #[error("could not write the TensorBoard events in `{}`: check its space and permissions", path.display())]
    Events {
        /// The file or directory.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}
