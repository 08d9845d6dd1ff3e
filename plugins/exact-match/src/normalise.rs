//! What differences between texts do not count.

use restem_sdk::prelude::*;

use crate::Config;

/// Whether upper and lower case differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// They differ.
    #[default]
    Keep,
    /// They do not.
    Ignore,
}

/// What becomes of white space.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Whitespace {
    /// It counts as it is.
    Keep,
    /// It is dropped at both ends.
    Trim,
    /// It is dropped at both ends, and a run of it is one space.
    #[default]
    Collapse,
}

/// Brings a text into the form that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Normaliser {
    case: Case,
    whitespace: Whitespace,
    strip_final_period: bool,
}

impl Normaliser {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            case: config.case,
            whitespace: config.whitespace,
            strip_final_period: config.strip_final_period,
        }
    }

    pub(crate) fn apply(self, text: &str) -> String {
        let mut text = self.spaces(text);
        if self.strip_final_period
            && let Some(rest) = text.strip_suffix('.')
        {
            text = self.spaces(rest);
        }
        match self.case {
            Case::Keep => text,
            Case::Ignore => text.to_lowercase(),
        }
    }

    fn spaces(self, text: &str) -> String {
        match self.whitespace {
            Whitespace::Keep => text.to_owned(),
            Whitespace::Trim => text.trim().to_owned(),
            Whitespace::Collapse => text.split_whitespace().collect::<Vec<_>>().join(" "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(whitespace: Whitespace, text: &str) -> String {
        Normaliser {
            case: Case::Keep,
            whitespace,
            strip_final_period: true,
        }
        .apply(text)
    }

    #[test]
    fn white_space_goes_as_asked() {
        assert_eq!(apply(Whitespace::Keep, " a  b ."), " a  b ");
        assert_eq!(apply(Whitespace::Trim, " a  b ."), "a  b");
        assert_eq!(apply(Whitespace::Collapse, " a \n b ."), "a b");
    }

    #[test]
    fn only_one_period_is_dropped() {
        assert_eq!(apply(Whitespace::Trim, "wait..."), "wait..");
        assert_eq!(apply(Whitespace::Trim, "."), "");
    }
}
