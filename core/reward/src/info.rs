//! What a plugin says about itself, checked.

use restem_em::RewardKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::RewardError;
use crate::api::RawInfo;
use crate::printable::{is_plain, printable};

/// Characters of a name or version.
const NAME_CHARS: usize = 100;

/// Key of a property's schema: with this value the option makes rewards graded, though the plugin describes itself as
/// binary, which it must before it has seen a configuration.
const GRADED_WHEN: &str = "x-restem-graded-when";

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
    /// Checks what a guest says of itself under a configuration; `label` names the file in errors.
    pub(crate) fn check(label: &str, raw: RawInfo, config: &Value) -> Result<Self, RewardError> {
        let refuse = |what: String| RewardError::BadDescription {
            plugin: label.to_owned(),
            what,
        };
        for (what, text) in [("name", &raw.name), ("version", &raw.version)] {
            // It stands in messages, rows and reports, where it must not pass for something else.
            if text.trim().is_empty() || text.chars().nth(NAME_CHARS).is_some() || !is_plain(text) {
                return Err(refuse(format!(
                    "the {what} `{}`: it must have 1 to {NAME_CHARS} characters, all of them visible",
                    printable(text, NAME_CHARS)
                )));
            }
        }
        let (min, max) = (raw.min, raw.max);
        // NaN fails every comparison, and so this one.
        if !(0.0 <= min && min <= max && max <= 1.0) {
            return Err(refuse(format!(
                "rewards from {min} to {max}: they must lie within 0 and 1"
            )));
        }
        let Ok(schema) = serde_json::from_str::<Value>(&raw.config_schema) else {
            return Err(refuse("a configuration schema that is not JSON".to_owned()));
        };
        let kind = if is_graded(&schema, config) {
            RewardKind::Graded
        } else {
            raw.kind
        };
        Ok(Self {
            name: raw.name,
            version: raw.version,
            kind,
            // -0 is 0, and would be written as another number.
            min: min + 0.0,
            max: max + 0.0,
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

/// Whether an option that makes rewards graded is set so.
fn is_graded(schema: &Value, config: &Value) -> bool {
    let Some(properties) = schema["properties"].as_object() else {
        return false;
    };
    properties.iter().any(|(name, property)| {
        property
            .get(GRADED_WHEN)
            .is_some_and(|when| config.get(name) == Some(when))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(config: Value) -> RewardKind {
        let schema = json!({"properties": {
            "partial_credit": {"type": "boolean", "x-restem-graded-when": true},
            "other": {"type": "boolean"},
        }});
        let raw = RawInfo {
            name: "p".to_owned(),
            version: "1.0.0".to_owned(),
            kind: RewardKind::Binary,
            min: 0.0,
            max: 1.0,
            config_schema: schema.to_string(),
        };
        PluginInfo::check("p.wasm", raw, &config).unwrap().kind
    }

    #[test]
    fn an_option_can_make_a_binary_plugin_graded() {
        assert_eq!(kind(Value::Null), RewardKind::Binary);
        assert_eq!(kind(json!({"other": true})), RewardKind::Binary);
        assert_eq!(kind(json!({"partial_credit": false})), RewardKind::Binary);
        assert_eq!(kind(json!({"partial_credit": true})), RewardKind::Graded);
    }
}
