//! What a user grants a plugin: a capability by name, or a directory under a name.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Capability;

/// One grant, written as on the command line: `python`, or `data=DIR`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum Grant {
    /// A capability.
    Capability(Capability),
    /// A directory, to be read.
    Directory(DirectoryGrant),
}

/// A directory that a plugin may read as `/name`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DirectoryGrant {
    /// The name by which the plugin's manifest asks for it.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

impl Grant {
    /// With the path of a directory taken as relative to `base`.
    #[must_use]
    pub fn beneath(self, base: &Path) -> Self {
        match self {
            Self::Directory(DirectoryGrant { name, path }) => Self::Directory(DirectoryGrant {
                name,
                path: base.join(path),
            }),
            capability => capability,
        }
    }
}

impl From<Capability> for Grant {
    fn from(capability: Capability) -> Self {
        Self::Capability(capability)
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Capability(capability) => capability.fmt(f),
            Self::Directory(directory) => write!(f, "{}={}", directory.name, directory.path.display()),
        }
    }
}

impl From<Grant> for String {
    fn from(grant: Grant) -> Self {
        grant.to_string()
    }
}

impl FromStr for Grant {
    type Err = UnreadableGrant;

    fn from_str(text: &str) -> Result<Self, UnreadableGrant> {
        let Some((name, path)) = text.split_once('=') else {
            let capability = text.parse();
            return capability
                .map(Self::Capability)
                .map_err(|_| UnreadableGrant::Unknown(text.to_owned()));
        };
        if !is_directory_name(name) {
            return Err(UnreadableGrant::Name(name.to_owned()));
        }
        if path.is_empty() {
            return Err(UnreadableGrant::NoPath(name.to_owned()));
        }
        Ok(Self::Directory(DirectoryGrant {
            name: name.to_owned(),
            path: PathBuf::from(path),
        }))
    }
}

impl TryFrom<String> for Grant {
    type Error = UnreadableGrant;

    fn try_from(text: String) -> Result<Self, UnreadableGrant> {
        text.parse()
    }
}

/// Whether a directory may be granted under `name`: small letters, digits and hyphens, a letter first; no capability's name.
pub(crate) fn is_directory_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && name.parse::<Capability>().is_err()
}

/// A text that grants nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableGrant {
    /// Neither a capability nor a directory.
    #[error("no capability is named `{0}`: there is `python`; a directory is granted as `name=DIR`")]
    Unknown(String),
    /// A directory under a name that none can have.
    #[error(
        "a directory can't be granted as `{0}`: its name is one of small letters, digits and hyphens, and not a capability's"
    )]
    Name(String),
    /// A name without a directory.
    #[error("no directory is given for `{0}`: write `{0}=DIR`")]
    NoPath(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Grant>().unwrap_err().to_string()
    }

    #[test]
    fn grants_are_read_as_they_are_written() {
        for text in ["python", "data=/srv/words", "word-lists=a=b"] {
            let grant: Grant = text.parse().unwrap();
            assert_eq!(grant.to_string(), text);
            assert_eq!(serde_json::to_value(&grant).unwrap(), text);
        }
    }

    #[test]
    fn a_relative_directory_is_anchored() {
        let grant: Grant = "data=words".parse().unwrap();
        assert_eq!(grant.beneath(Path::new("/etc")).to_string(), "data=/etc/words");
    }

    #[test]
    fn what_is_no_grant_is_told_what_would_be_one() {
        insta::assert_snapshot!(error("network"), @"no capability is named `network`: there is `python`; a directory is granted as `name=DIR`");
        insta::assert_snapshot!(error("../x=/tmp"), @"a directory can't be granted as `../x`: its name is one of small letters, digits and hyphens, and not a capability's");
        insta::assert_snapshot!(error("python=/tmp"), @"a directory can't be granted as `python`: its name is one of small letters, digits and hyphens, and not a capability's");
        insta::assert_snapshot!(error("data="), @"no directory is given for `data`: write `data=DIR`");
    }
}
