//! What a run is made of, fixed when it begins.

use std::collections::BTreeMap;

use restem_em::{Digest, GeneratorIdentity, VerifierIdentity};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Everything that decides a run's outcome; written once to `restem.lock`, compared on resume.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunIdentity {
    /// Digests of the models by role: `base`, …
    #[serde(default)]
    pub models: BTreeMap<String, Digest>,
    /// Digests of the problem files by role: `train`, `validation`, …
    #[serde(default)]
    pub data: BTreeMap<String, Digest>,
    /// What judges.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verifier: Option<VerifierIdentity>,
    /// What draws samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<GeneratorIdentity>,
    /// The settings that decide the outcome, as nested objects.
    #[serde(default)]
    pub settings: Map<String, Value>,
}

/// A value that is not what it was when the run began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its dotted path, such as `verifier.sha256`.
    pub name: String,
    /// What the run was begun with, if anything.
    pub begun: Option<String>,
    /// What it is now, if anything.
    pub now: Option<String>,
}

impl Difference {
    /// One line per difference.
    pub(crate) fn list(differences: &[Self]) -> String {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "nothing".to_owned());
        let line = |d: &Self| {
            format!(
                "  {}: begun with {}, now {}",
                d.name,
                value(&d.begun),
                value(&d.now)
            )
        };
        differences.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

impl RunIdentity {
    /// Every value that differs between this identity, which the run was begun with, and `now`.
    #[must_use]
    pub fn differences(&self, now: &Self) -> Vec<Difference> {
        let (begun, now) = (self.leaves(), now.leaves());
        let names: std::collections::BTreeSet<_> = begun.keys().chain(now.keys()).collect();
        names
            .into_iter()
            .filter(|name| begun.get(*name) != now.get(*name))
            .map(|name| Difference {
                name: name.clone(),
                begun: begun.get(name).map(Value::to_string),
                now: now.get(name).map(Value::to_string),
            })
            .collect()
    }

    /// Every value by its dotted path.
    fn leaves(&self) -> BTreeMap<String, Value> {
        let mut leaves = BTreeMap::new();
        let whole = serde_json::to_value(self).expect("maps have text keys and digests are texts");
        collect(String::new(), whole, &mut leaves);
        leaves
    }
}

/// Descends into objects; arrays are values, since their elements have no names.
fn collect(path: String, value: Value, leaves: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let path = if path.is_empty() {
                    name
                } else {
                    format!("{path}.{name}")
                };
                collect(path, member, leaves);
            }
        }
        value => {
            leaves.insert(path, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use restem_em::RewardKind;
    use serde_json::json;

    use super::*;
    use crate::StoreError;

    fn identity() -> RunIdentity {
        RunIdentity {
            models: [("base".to_owned(), Digest::of("weights"))].into(),
            data: [("train".to_owned(), Digest::of("train"))].into(),
            verifier: Some(VerifierIdentity {
                name: "exact-match".into(),
                version: "0.1.0".into(),
                sha256: Digest::of("component"),
                config: Digest::of("{}"),
                api: "0.1.0".into(),
                kind: RewardKind::Binary,
                interpreter: None,
                members: BTreeMap::new(),
                directories: BTreeMap::new(),
            }),
            generator: Some(GeneratorIdentity {
                backend: "torch 2.13.0".into(),
                device: "cpu/bf16".into(),
                instructions: "AVX2".into(),
                rows: 32,
                threads: 2,
            }),
            settings: json!({ "seed": 18_446_744_073_709_551_615_u64, "sampling": { "temperature": 0.7, "stop": ["Q:"] } })
                .as_object()
                .unwrap()
                .clone(),
        }
    }

    #[test]
    fn an_identity_read_back_is_the_same() {
        let text = serde_json::to_string_pretty(&identity()).unwrap();
        let back: RunIdentity = serde_json::from_str(&text).unwrap();
        assert_eq!(back, identity());
        assert!(identity().differences(&back).is_empty());
    }

    #[test]
    fn each_difference_is_named_with_both_values() {
        let mut now = identity();
        now.data.insert("validation".into(), Digest::of("validation"));
        now.generator.as_mut().unwrap().rows = 16;
        now.settings["sampling"]["temperature"] = json!(1.0);
        now.settings.remove("seed");
        let error = StoreError::IdentityChanged {
            path: PathBuf::from("runs/first"),
            differences: identity().differences(&now),
        };
        insta::assert_snapshot!(error, @r#"
        the run in `runs/first` was begun with other ingredients:
          data.validation: begun with nothing, now "98c41dcd20b86b86830ec0794559835614458ceaae0f0ec77a3ed1cd3a1f7d55"
          generator.rows: begun with 32, now 16
          settings.sampling.temperature: begun with 0.7, now 1.0
          settings.seed: begun with 18446744073709551615, now nothing
        resume it with the ones it was begun with, or start a new run directory
        "#);
    }
}
