//! Which checkpoints stay.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which checkpoints of a series stay: `"all"`, `"best"`, `"last"` or a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub enum Keep {
    /// Every one.
    All,
    /// The best one, and the newest because the loop goes on from it.
    #[default]
    Best,
    /// The newest one.
    Last,
    /// The newest so many.
    Newest(NonZeroU32),
}

/// How a [`Keep`] stands in a configuration.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(u32),
    Word(String),
}

/// A text or number that is no [`Keep`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{written}` does not say which checkpoints to keep: write \"all\", \"best\", \"last\" or a number from 1"
)]
pub struct KeepError {
    /// What was written.
    pub written: String,
}

impl Keep {
    /// Which of `oldest_first` may be deleted when `best` is the best so far.
    #[must_use]
    pub fn obsolete<'a>(self, oldest_first: &[&'a str], best: Option<&str>) -> Vec<&'a str> {
        let newest = match self {
            Self::All => return Vec::new(),
            Self::Best | Self::Last => 1,
            Self::Newest(count) => count.get() as usize,
        };
        let older = &oldest_first[..oldest_first.len().saturating_sub(newest)];
        let stays = |name: &&&str| self == Self::Best && Some(**name) == best;
        older.iter().filter(|name| !stays(name)).copied().collect()
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Best => f.write_str("best"),
            Self::Last => f.write_str("last"),
            Self::Newest(count) => count.fmt(f),
        }
    }
}

impl FromStr for Keep {
    type Err = KeepError;

    fn from_str(text: &str) -> Result<Self, KeepError> {
        match text {
            "all" => Ok(Self::All),
            "best" => Ok(Self::Best),
            "last" => Ok(Self::Last),
            number => number.parse().map(Self::Newest).map_err(|_| KeepError {
                written: text.to_owned(),
            }),
        }
    }
}

impl TryFrom<Written> for Keep {
    type Error = KeepError;

    fn try_from(written: Written) -> Result<Self, KeepError> {
        match written {
            Written::Number(count) => count.to_string().parse(),
            Written::Word(word) => word.parse(),
        }
    }
}

impl From<Keep> for Written {
    fn from(keep: Keep) -> Self {
        match keep {
            Keep::Newest(count) => Self::Number(count.get()),
            word => Self::Word(word.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ARMS: [&str; 4] = ["iteration-1", "iteration-2", "iteration-3", "iteration-4"];

    fn obsolete(keep: serde_json::Value, best: &str) -> Vec<&'static str> {
        serde_json::from_value::<Keep>(keep)
            .unwrap()
            .obsolete(&ARMS, Some(best))
    }

    #[test]
    fn each_policy_keeps_what_it_says() {
        assert!(obsolete(json!("all"), "iteration-2").is_empty());
        assert_eq!(
            obsolete(json!("best"), "iteration-2"),
            ["iteration-1", "iteration-3"]
        );
        assert_eq!(obsolete(json!("best"), "iteration-4"), ARMS[..3]);
        assert_eq!(obsolete(json!("last"), "iteration-2"), ARMS[..3]);
        assert_eq!(obsolete(json!(3), "iteration-2"), ARMS[..1]);
        assert!(obsolete(json!(9), "iteration-2").is_empty());
    }

    #[test]
    fn a_policy_is_written_as_it_was_read() {
        for written in [json!("all"), json!("best"), json!("last"), json!(2)] {
            let keep: Keep = serde_json::from_value(written.clone()).unwrap();
            assert_eq!(serde_json::to_value(keep).unwrap(), written);
            assert_eq!(keep.to_string().parse(), Ok(keep));
        }
    }

    #[test]
    fn other_words_are_refused_with_what_is_allowed() {
        assert!(serde_json::from_value::<Keep>(json!(0)).is_err());
        insta::assert_snapshot!("none".parse::<Keep>().unwrap_err(), @r#"`none` does not say which checkpoints to keep: write "all", "best", "last" or a number from 1"#);
    }
}
