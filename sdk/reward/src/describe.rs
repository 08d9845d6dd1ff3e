//! What a plugin says about itself.

/// Whether rewards are 0 or 1, or anything between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 0 or 1.
    ///
    /// A plugin that an option makes graded marks that option in its configuration's schema, with the value that does so:
    /// `#[schemars(extend("x-restem-graded-when" = true))]`.
    Binary,
    /// Any value of the range; training on it needs an explicit threshold.
    Graded,
}

/// What a plugin is: its kind and range, and a name and version if they aren't its crate's.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Binary or graded.
    pub kind: Kind,
    /// Lowest reward; not below 0.
    pub min: f64,
    /// Highest reward; not above 1.
    pub max: f64,
    /// Name, where it is not the crate's.
    pub name: Option<String>,
    /// Version, where it is not the crate's.
    pub version: Option<String>,
}

impl Description {
    /// Rewards of 0 or 1.
    #[must_use]
    pub const fn binary() -> Self {
        Self {
            kind: Kind::Binary,
            min: 0.0,
            max: 1.0,
            name: None,
            version: None,
        }
    }

    /// Rewards within [min, max], which must lie within [0, 1].
    #[must_use]
    pub const fn graded(min: f64, max: f64) -> Self {
        Self {
            kind: Kind::Graded,
            min,
            max,
            name: None,
            version: None,
        }
    }

    /// Another name than the crate's.
    #[must_use]
    pub fn with_name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Another version than the crate's.
    #[must_use]
    pub fn with_version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }
}
