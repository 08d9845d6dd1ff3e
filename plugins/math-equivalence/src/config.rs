//! The plugin's configuration.

use restem_sdk::{schemars, serde};

/// Where a final answer may stand in a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum Method {
    /// Inside the last `\boxed{…}` or `\fbox{…}` whose braces close.
    Boxed,
    /// After the last `####`, to the end of its line.
    Hashes,
    /// After the last "answer is" or "answer:".
    AnswerIs,
    /// Inside the last `$…$`, `$$…$$`, `\(…\)` or `\[…\]`.
    Math,
    /// The last number of the text.
    LastNumber,
}

impl Method {
    /// The name in configurations.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Boxed => "boxed",
            Self::Hashes => "hashes",
            Self::AnswerIs => "answer-is",
            Self::Math => "math",
            Self::LastNumber => "last-number",
        }
    }

    /// Whether the writer marked the answer as such, rather than us guessing which number was meant.
    #[must_use]
    pub const fn is_marker(self) -> bool {
        matches!(self, Self::Boxed | Self::Hashes | Self::AnswerIs)
    }
}

/// What `50%` equals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum PercentRule {
    /// 1/2 and also 50: whichever the reference has. Data sets write it either way.
    #[default]
    Either,
    /// 1/2 only.
    Fraction,
    /// 50 only: the sign is a unit.
    Unit,
}

/// The configuration, as users write it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", default, deny_unknown_fields)]
#[schemars(crate = "restem_sdk::schemars")]
pub struct Config {
    /// Where to look for the final answer, in this order; the first place that has one counts.
    pub extract: Vec<Method>,
    /// What `50%` equals.
    pub percent: PercentRule,
    /// A completion ends before the first line that starts with one of these. A base model goes on with questions of
    /// its own after its answer, and their answers are not the one to judge.
    pub stop_at: Vec<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            extract: vec![
                Method::Boxed,
                Method::Hashes,
                Method::AnswerIs,
                Method::Math,
                Method::LastNumber,
            ],
            percent: PercentRule::default(),
            stop_at: vec!["Question:".to_owned()],
        }
    }
}

impl Config {
    /// Refuses values that parse but make no sense.
    ///
    /// # Errors
    /// A sentence that names the key: an empty or repeating `extract`, an empty entry of `stop_at`.
    pub fn check(&self) -> Result<(), String> {
        if self.extract.is_empty() {
            return Err(
                "`extract` is empty: no answer would ever be found; name at least one of boxed, hashes, \
                        answer-is, math, last-number"
                    .to_owned(),
            );
        }
        for (index, method) in self.extract.iter().enumerate() {
            if self.extract[..index].contains(method) {
                return Err(format!("`extract` names {} twice; drop one", method.name()));
            }
        }
        if self.stop_at.iter().any(|stop| stop.trim().is_empty()) {
            return Err(
                "`stop_at` has an empty entry, which would end every completion at its first line; \
                        use [] to keep completions whole"
                    .to_owned(),
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_accepted() {
        assert_eq!(Config::default().check(), Ok(()));
    }

    #[test]
    fn an_empty_list_of_places_is_refused() {
        let config = Config {
            extract: Vec::new(),
            ..Config::default()
        };
        insta::assert_snapshot!(config.check().unwrap_err(), @"`extract` is empty: no answer would ever be found; name at least one of boxed, hashes, answer-is, math, last-number");
    }

    #[test]
    fn a_place_named_twice_is_refused() {
        let config = Config {
            extract: vec![Method::Boxed, Method::Boxed],
            ..Config::default()
        };
        insta::assert_snapshot!(config.check().unwrap_err(), @"`extract` names boxed twice; drop one");
    }

    #[test]
    fn an_empty_stop_is_refused() {
        let config = Config {
            stop_at: vec![" ".to_owned()],
            ..Config::default()
        };
        insta::assert_snapshot!(config.check().unwrap_err(), @"`stop_at` has an empty entry, which would end every completion at its first line; use [] to keep completions whole");
    }
}
