//! What can go wrong with a whole file; single rows fail as [`crate::RowFault`]s.

use std::path::PathBuf;

/// A dataset, template or tokenizer can't be used at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// The file system said no.
    #[error("can't {action} {}: {source}", path.display())]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file's format is broken as a whole, so that no row of it can be trusted.
    #[error("{} can't be read as {format}: {reason}\n  hint: {hint}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What it was taken for.
        format: &'static str,
        /// What is wrong.
        reason: String,
        /// What to do next.
        hint: &'static str,
    },
    /// A file is bigger than what is read into memory.
    #[error("{} holds more than {limit} bytes\n  hint: {hint}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
        /// What to do next.
        hint: &'static str,
    },
    /// An expression of a mapping doesn't parse.
    #[error(
        "`mapping.{field}` = `{expression}` is not an expression: {reason}\n  hint: name a field (`question`), compute one \
         (`Body ~ \" \" ~ Question`), or write a text with `{{{{ field }}}}` in it"
    )]
    Mapping {
        /// The mapping's key.
        field: String,
        /// Its value.
        expression: String,
        /// What the parser said.
        reason: String,
    },
    /// A template doesn't parse or can't be rendered.
    #[error("{template}, line {line}: {reason}\n  {text}{hint}", hint = hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default())]
    Template {
        /// Which template.
        template: String,
        /// Line of the template, from 1.
        line: usize,
        /// That line's text.
        text: String,
        /// What is wrong.
        reason: String,
        /// What to do next, where it is known.
        hint: Option<String>,
    },
    /// A model directory lacks a file or has a broken one.
    #[error("{}: {reason}\n  hint: {hint}", path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
        /// What to do next.
        hint: String,
    },
    /// Columns of a table differ in length.
    #[error(
        "column `{column}` has {current} rows, `{first}` has {requested}: columns of a table must be equally long"
    )]
    UnequalColumns {
        /// The first column.
        first: String,
        /// The column that differs.
        column: String,
        /// Its rows.
        current: usize,
        /// The first column's rows.
        requested: usize,
    },
    /// A row can't be written.
    #[error("can't write {}: {reason}", path.display())]
    Encode {
        /// The file that was to be written.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
}

impl DataError {
    /// An [`DataError::Io`] from its parts, for `map_err`.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}
