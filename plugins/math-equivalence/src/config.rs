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
    /// The last line that isn't blank.
    LastLine,
    /// The whole completion is the answer.
    Whole,
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
            Self::LastLine => "last-line",
            Self::Whole => "whole",
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

/// Which box counts when a completion has several.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum Boxes {
    /// The last, and none when boxes of its own sentence say something else: such a completion hedges.
    #[default]
    Agreeing,
    /// The last, whatever the others say.
    Last,
    /// The first of the last one's paragraph.
    First,
}

/// Whether units may be left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum Units {
    /// Either side may leave its unit out; units that are given must agree or convert.
    #[default]
    Lenient,
    /// Both sides have the same kind of unit, or none.
    Strict,
}

/// Whether the order of a list counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum Lists {
    /// `1, 2` equals `2, 1`. Points, vectors and intervals keep their order.
    #[default]
    Unordered,
    /// `1, 2` and `2, 1` differ.
    Ordered,
}

/// What two items in square brackets are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum SquareBrackets {
    /// A closed interval: `[1, 2]` is not `1, 2`.
    #[default]
    Interval,
    /// A list, as programs print it: `[1, 2]` equals `1, 2`.
    List,
}

/// Whether capitals count in words.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum TextCase {
    /// `Friday` equals `friday`.
    #[default]
    Ignore,
    /// They differ.
    Exact,
}

/// Whether an answer may be a decimal that the reference rounds to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(crate = "restem_sdk::serde", rename_all = "kebab-case")]
#[schemars(crate = "restem_sdk::schemars")]
pub enum Decimals {
    /// Never: 0.333 is not 1/3.
    #[default]
    Exact,
    /// When the reference, rounded to the places that the answer gives, is that decimal, and the answer has `min_digits` digits.
    Rounded,
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
    /// Which box counts when there are several.
    pub boxes: Boxes,
    /// Whether units may be left out.
    pub units: Units,
    /// Whether the order of a list counts.
    pub lists: Lists,
    /// What two items in square brackets are.
    pub square_brackets: SquareBrackets,
    /// Whether capitals count in words.
    pub text_case: TextCase,
    /// Whether an answer may be a decimal that the reference rounds to.
    pub decimals: Decimals,
    /// The significant digits that such a decimal needs, 1 to 50.
    pub min_digits: u32,
    /// Whether the note explains every judgement: what was found where, how both sides were read, which rule decided.
    pub explain: bool,
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
            boxes: Boxes::default(),
            units: Units::default(),
            lists: Lists::default(),
            square_brackets: SquareBrackets::default(),
            text_case: TextCase::default(),
            decimals: Decimals::default(),
            min_digits: 3,
            explain: false,
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
                        answer-is, math, last-number, last-line, whole"
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
        if !(1..=50).contains(&self.min_digits) {
            return Err(format!(
                "`min_digits` is {}, it must be from 1 to 50",
                self.min_digits
            ));
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
        insta::assert_snapshot!(config.check().unwrap_err(), @"`extract` is empty: no answer would ever be found; name at least one of boxed, hashes, answer-is, math, last-number, last-line, whole");
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
