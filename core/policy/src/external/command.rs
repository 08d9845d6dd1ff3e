//! The command and its placeholders.

use std::path::Path;
use std::process::Command;

/// A command template that can't work, or a run of it that did not.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommandError {
    /// No program.
    #[error(
        "the training command is empty: give a program and its arguments, such as [\"python\", \"train.py\", \"{{data}}\", \"{{out}}\"]"
    )]
    Empty,
    /// A placeholder without which it can't do its work.
    #[error("the training command has no {placeholder}: it would not know {why}")]
    MissingPlaceholder {
        /// The placeholder, braces included.
        placeholder: &'static str,
        /// What it stands for.
        why: &'static str,
    },
    /// The program can't be started.
    #[error("cannot start the training command `{program}`: {source}")]
    CannotStart {
        /// The program.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The program failed.
    #[error("the training command failed with {status}; the end of what it said:\n{tail}")]
    Failed {
        /// Exit status or signal.
        status: std::process::ExitStatus,
        /// Last lines of its standard error.
        tail: String,
    },
}

/// A program and its arguments, with placeholders in them. No shell is involved, so paths need no quoting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Template(Vec<String>);

/// What the placeholders stand for.
pub(super) struct Places<'a> {
    pub(super) model: &'a Path,
    pub(super) data: &'a Path,
    pub(super) options: &'a Path,
    pub(super) out: &'a Path,
    pub(super) seed: u64,
}

impl Template {
    pub(super) fn new(command: Vec<String>) -> Result<Self, CommandError> {
        if command.first().is_none_or(String::is_empty) {
            return Err(CommandError::Empty);
        }
        let needed = [("{data}", "what to train on"), ("{out}", "where the weights go")];
        for (placeholder, why) in needed {
            if !command.iter().any(|part| part.contains(placeholder)) {
                return Err(CommandError::MissingPlaceholder { placeholder, why });
            }
        }
        Ok(Self(command))
    }

    pub(super) fn fill(&self, places: &Places<'_>) -> Command {
        let seed = places.seed.to_string();
        let path = |path: &Path| path.to_string_lossy().into_owned();
        let values = [
            ("{model}", path(places.model)),
            ("{data}", path(places.data)),
            ("{options}", path(places.options)),
            ("{out}", path(places.out)),
            ("{seed}", seed),
        ];
        let mut parts = self.0.iter().map(|part| replace(part, &values));
        let mut command = Command::new(parts.next().unwrap_or_default());
        command.args(parts);
        command
    }
}

/// Replaces placeholders in one pass, so that a value which looks like a placeholder stays as it is.
fn replace(part: &str, values: &[(&str, String)]) -> String {
    let mut text = String::new();
    let mut rest = part;
    while let Some(at) = rest.find('{') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        match values.iter().find(|(name, _)| rest.starts_with(name)) {
            Some((name, value)) => {
                text.push_str(value);
                rest = &rest[name.len()..];
            }
            None => {
                text.push('{');
                rest = &rest[1..];
            }
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_once() {
        let values = [("{data}", "{out}".to_owned()), ("{out}", "o".to_owned())];
        assert_eq!(
            replace("--x={data}:{out} {other} {", &values),
            "--x={out}:o {other} {"
        );
    }

    #[test]
    fn a_command_that_cannot_know_its_data_is_refused() {
        let error = Template::new(vec!["train".into(), "{out}".into()]).unwrap_err();
        insta::assert_snapshot!(error, @"the training command has no {data}: it would not know what to train on");
        insta::assert_snapshot!(Template::new(vec![]).unwrap_err(), @r#"the training command is empty: give a program and its arguments, such as ["python", "train.py", "{data}", "{out}"]"#);
    }
}
