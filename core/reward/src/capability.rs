//! What a plugin may be given beyond the problem and the completion, and the two sides that must agree on it.
//!
//! A plugin's manifest (`plugin.toml`) asks, the user grants; a component gets what it imports only when both name it.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a plugin may be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Untrusted Python programs, run in a nested sandbox: `restem:reward/python`.
    Python,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::Python];

    /// Its name in manifests, configurations and `--grant`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Python => "python",
        }
    }

    /// The imported interface that needs it, without its version.
    pub(crate) const fn interface(self) -> &'static str {
        match self {
            Self::Python => "restem:reward/python",
        }
    }

    /// The capability that the import `name` needs, if any.
    pub(crate) fn of_import(name: &str) -> Option<Self> {
        let (interface, _version) = name.split_once('@')?;
        Self::ALL
            .into_iter()
            .find(|capability| capability.interface() == interface)
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Capability {
    type Err = UnknownCapability;

    fn from_str(name: &str) -> Result<Self, UnknownCapability> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.name() == name)
            .ok_or_else(|| UnknownCapability(name.to_owned()))
    }
}

/// No capability has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no capability is named `{0}`: there is `python`")]
pub struct UnknownCapability(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for capability in Capability::ALL {
            assert_eq!(capability.name().parse(), Ok(capability));
            let json = serde_json::to_value(capability).unwrap();
            assert_eq!(json, capability.name());
        }
    }

    #[test]
    fn an_import_needs_the_capability_of_its_interface() {
        assert_eq!(
            Capability::of_import("restem:reward/python@0.1.0"),
            Some(Capability::Python)
        );
        assert_eq!(Capability::of_import("restem:reward/host@0.1.0"), None);
    }

    #[test]
    fn an_unknown_name_is_told_what_there_is() {
        let error = "network".parse::<Capability>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "no capability is named `network`: there is `python`"
        );
    }
}
