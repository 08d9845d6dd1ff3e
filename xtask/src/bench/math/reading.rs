//! What people found when they read the disagreements: `plugins/math-equivalence/disagreements.md`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// Who is right where our verdict is not the label's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Our verdict is wrong.
    OursWrong,
    /// The label is wrong.
    LabelWrong,
    /// Both are right by their own rule, such as whether 0.17 may stand for 1/6.
    Convention,
}

impl Class {
    const ALL: [(Self, &'static str); 3] = [
        (Self::OursWrong, "ours wrong"),
        (Self::LabelWrong, "label wrong"),
        (Self::Convention, "convention"),
    ];

    fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, text)| *text == name)
            .map(|(class, _)| class)
    }
}

/// Classes by row.
#[derive(Debug, Default)]
pub(crate) struct Reading(BTreeMap<String, Class>);

impl Reading {
    /// Reads the file, if there is one: of each table row, the id in its first cell and the class in its second.
    ///
    /// # Errors
    /// When a row's class is none, or it stands there twice.
    pub(crate) fn from_file(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::from_text(&text).with_context(|| format!("in {}", path.display()))
    }

    fn from_text(text: &str) -> Result<Self> {
        let mut classes = BTreeMap::new();
        for line in text.lines() {
            // Other tables have no code in their first cell.
            let Some((id, rest)) = line.strip_prefix("| `").and_then(|row| row.split_once("` |")) else {
                continue;
            };
            let name = rest.split('|').next().unwrap_or_default().trim();
            let Some(class) = Class::named(name) else {
                bail!(
                    "`{id}` has the class `{name}`; there are {}",
                    Class::ALL.map(|(_, text)| text).join(", ")
                );
            };
            if classes.insert(id.to_owned(), class).is_some() {
                bail!("`{id}` is classified twice");
            }
        }
        Ok(Self(classes))
    }

    /// The class of a row that somebody has read.
    pub(crate) fn class(&self, id: &str) -> Option<Class> {
        self.0.get(id).copied()
    }

    /// The label after reading: turned where it is wrong; None where it is a matter of convention.
    pub(crate) fn label(&self, id: &str, label: bool) -> Option<bool> {
        match self.class(id) {
            Some(Class::LabelWrong) => Some(!label),
            Some(Class::Convention) => None,
            Some(Class::OursWrong) | None => Some(label),
        }
    }

    /// Whether anything has been read.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_corrected_as_the_table_says() {
        let reading = Reading::from_text(
            "# Disagreements\n| id | class | why |\n|---|---|---|\n| `a/b#1` | label wrong | 3 of 5 roots |\n\
             | `a/b#2` | convention | 0.17 |\n| `a/b#3` | ours wrong | no units |\n",
        )
        .unwrap();
        assert_eq!(
            ["a/b#1", "a/b#2", "a/b#3", "a/b#4"].map(|id| reading.label(id, true)),
            [Some(false), None, Some(true), Some(true)]
        );
    }

    #[test]
    fn an_unknown_class_is_an_error() {
        let error = Reading::from_text("| `a` | whatever |").unwrap_err().to_string();
        assert_eq!(
            error,
            "`a` has the class `whatever`; there are ours wrong, label wrong, convention"
        );
        assert!(Reading::from_text("| `a` | convention |\n| `a` | convention |").is_err());
    }
}
