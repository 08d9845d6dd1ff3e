//! Which part of a completion is its answer.

use restem_sdk::prelude::*;

/// Which part of a completion is its answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// The last line that is not blank.
    LastLine,
    /// What follows the last `marker`, up to the end of that line.
    AfterMarker,
}

/// The answer, if the completion has one.
pub(crate) fn of<'a>(completion: &'a str, part: Part, marker: &str) -> Option<&'a str> {
    match part {
        Part::Whole => Some(completion),
        Part::LastLine => completion.lines().rev().find(|line| !line.trim().is_empty()),
        Part::AfterMarker => {
            let after = &completion[completion.rfind(marker)? + marker.len()..];
            Some(after.split(['\n', '\r']).next().unwrap_or(after))
        }
    }
}
