//! A plugin's name, and what it is called in Rust.

use std::fmt;
use std::str::FromStr;

/// What crates.io allows.
const LONGEST: usize = 64;

/// Words that can't name a crate.
const KEYWORDS: [&str; 52] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield", "test",
];

/// Crates that every plugin sees under these names.
const TAKEN: [&str; 9] = [
    "alloc",
    "core",
    "proc-macro",
    "restem-sdk",
    "schemars",
    "serde",
    "serde-json",
    "std",
    "wit-bindgen",
];

/// Types and traits that templates name: a plugin's own type is called otherwise.
const TYPES: [&str; 30] = [
    "Box",
    "Case",
    "Checker",
    "Config",
    "ConfigError",
    "Default",
    "Description",
    "Deserialize",
    "Err",
    "Execution",
    "Fault",
    "From",
    "Into",
    "JsonSchema",
    "Limits",
    "NoConfig",
    "None",
    "Ok",
    "Option",
    "Outcome",
    "Place",
    "Program",
    "Result",
    "Reward",
    "Score",
    "Self",
    "Some",
    "String",
    "Task",
    "Test",
];

/// A name that is a crate's, a file's and, in another spelling, a type's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PluginName(String);

impl PluginName {
    /// As the user wrote it: the package's name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The crate's name in Rust: `last_word`.
    pub(crate) fn crate_name(&self) -> String {
        self.0.replace('-', "_")
    }

    /// The name of the plugin's type: `LastWord`.
    pub(crate) fn type_name(&self) -> String {
        let mut name = String::new();
        for word in self.0.split(['-', '_']) {
            let mut letters = word.chars();
            name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
            name.push_str(letters.as_str());
        }
        if TYPES.contains(&name.as_str()) {
            name.push_str("Plugin");
        }
        name
    }
}

impl fmt::Display for PluginName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a name can't be a plugin's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BadName(String);

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadName {}

impl FromStr for PluginName {
    type Err = BadName;

    fn from_str(name: &str) -> Result<Self, BadName> {
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if let Some(wrong) = name.chars().find(|&c| !allowed(c)) {
            return Err(BadName(format!(
                "a plugin is named like a crate, with a-z, 0-9, `-` and `_`, not {wrong:?}{}",
                instead(name)
            )));
        }
        if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(BadName("a plugin's name begins with a letter".to_owned()));
        }
        if name.len() > LONGEST {
            return Err(BadName(format!(
                "a plugin's name has at most {LONGEST} characters, this one {}",
                name.len()
            )));
        }
        if KEYWORDS.contains(&name) {
            return Err(BadName(format!(
                "`{name}` is a word of Rust's\n  hint: try `{name}-reward`"
            )));
        }
        if TAKEN.contains(&name.replace('_', "-").as_str()) {
            return Err(BadName(format!(
                "`{name}` is a crate that plugins use\n  hint: try `{name}-reward`"
            )));
        }
        Ok(Self(name.to_owned()))
    }
}

/// A hint with an allowed name that is close, where there is one.
fn instead(name: &str) -> String {
    let mut close = String::new();
    for c in name.chars() {
        match c {
            'A'..='Z' => {
                if close.ends_with(|c: char| c.is_ascii_lowercase()) {
                    close.push('-');
                }
                close.push(c.to_ascii_lowercase());
            }
            'a'..='z' | '0'..='9' | '-' | '_' => close.push(c),
            _ if close.ends_with('-') => {}
            _ => close.push('-'),
        }
    }
    let close = close.trim_matches(['-', '_']);
    match close.parse::<PluginName>() {
        Ok(name) => format!("\n  hint: try `{name}`"),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(name: &str) -> String {
        name.parse::<PluginName>().unwrap().type_name()
    }

    #[test]
    fn a_name_is_spelt_as_rust_wants_it() {
        assert_eq!(types("last-word"), "LastWord");
        assert_eq!(types("gsm8k"), "Gsm8k");
        assert_eq!(types("a_b--c"), "ABC");
        assert_eq!(
            "last-word".parse::<PluginName>().unwrap().crate_name(),
            "last_word"
        );
    }

    #[test]
    fn a_type_of_the_sdk_is_not_hidden() {
        assert_eq!(types("reward"), "RewardPlugin");
        assert_eq!(types("score"), "ScorePlugin");
    }

    #[test]
    fn the_lists_are_sorted_where_people_look_them_up() {
        assert!(TAKEN.is_sorted() && TYPES.is_sorted());
    }

    #[test]
    fn a_wrong_name_says_why_and_what_would_do() {
        let error = |name: &str| name.parse::<PluginName>().unwrap_err().to_string();
        insta::assert_snapshot!(error("My Plugin"), @r"
        a plugin is named like a crate, with a-z, 0-9, `-` and `_`, not 'M'
          hint: try `my-plugin`
        ");
        insta::assert_snapshot!(error("LastWord"), @r"
        a plugin is named like a crate, with a-z, 0-9, `-` and `_`, not 'L'
          hint: try `last-word`
        ");
        insta::assert_snapshot!(error("../x"), @r"
        a plugin is named like a crate, with a-z, 0-9, `-` and `_`, not '.'
          hint: try `x`
        ");
        insta::assert_snapshot!(error("数"), @"a plugin is named like a crate, with a-z, 0-9, `-` and `_`, not '数'");
        insta::assert_snapshot!(error(""), @"a plugin's name begins with a letter");
        insta::assert_snapshot!(error("8k"), @"a plugin's name begins with a letter");
        insta::assert_snapshot!(error("match"), @r"
        `match` is a word of Rust's
          hint: try `match-reward`
        ");
        insta::assert_snapshot!(error("serde_json"), @r"
        `serde_json` is a crate that plugins use
          hint: try `serde_json-reward`
        ");
        insta::assert_snapshot!(error(&"a".repeat(65)), @"a plugin's name has at most 64 characters, this one 65");
    }
}
