//! What a plugin says about itself, checked.

use restem_em::RewardKind;
use serde::{Deserialize, Serialize};

use crate::RewardError;
use crate::api::RawInfo;
use crate::printable::printable;

/// Characters of a name or version.
const NAME_CHARS: usize = 100;

/// What a plugin says about itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PluginInfo {
    /// Its own name.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// Binary or graded.
    pub kind: RewardKind,
    /// Lowest reward, not below 0.
    pub min: f64,
    /// Highest reward, not above 1.
    pub max: f64,
    /// JSON Schema of its configuration, as text.
    pub config_schema: String,
}

impl PluginInfo {
    /// Checks what a guest says; `label` names the file in errors.
    pub(crate) fn check(label: &str, raw: RawInfo) -> Result<Self, RewardError> {
        let refuse = |what: String| RewardError::BadDescription {
            plugin: label.to_owned(),
            what,
        };
        if raw.name.trim().is_empty() {
            return Err(refuse("an empty name".to_owned()));
        }
        let (min, max) = (raw.min, raw.max);
        // NaN fails every comparison, and so this one.
        if !(0.0 <= min && min <= max && max <= 1.0) {
            return Err(refuse(format!(
                "rewards from {min} to {max}: they must lie within 0 and 1"
            )));
        }
        if serde_json::from_str::<serde::de::IgnoredAny>(&raw.config_schema).is_err() {
            return Err(refuse("a configuration schema that is not JSON".to_owned()));
        }
        Ok(Self {
            name: printable(&raw.name, NAME_CHARS),
            version: printable(&raw.version, NAME_CHARS),
            kind: raw.kind,
            min,
            max,
            config_schema: raw.config_schema,
        })
    }

    /// Why `reward` is none that this plugin may give, if so.
    pub(crate) fn refuses(&self, reward: f64) -> Option<String> {
        let (min, max) = (self.min, self.max);
        if !reward.is_finite() || !(min..=max).contains(&reward) {
            return Some(format!(
                "a reward of {reward}, which is not within {min} and {max}"
            ));
        }
        (self.kind == RewardKind::Binary && reward != min && reward != max).then(|| {
            format!("a reward of {reward}, which is neither {min} nor {max} though its kind is binary")
        })
    }
}
