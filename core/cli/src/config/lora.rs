//! `[train.lora]`: adapters that are trained instead of the weights.

use restem_em::LoraOptions;
use restem_policy::ALL_LINEAR;
use schemars::JsonSchema;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// `[train.lora]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct LoraSection {
    /// Rank of each adapter.
    pub(crate) rank: u32,
    /// What an adapter adds is multiplied by `alpha / rank`.
    pub(crate) alpha: f64,
    /// 0: there is no dropout here.
    #[serde(deserialize_with = "no_dropout", skip_serializing)]
    pub(crate) dropout: f64,
    /// `all-linear`, or a list of projections such as `["q_proj", "v_proj"]` (`["qkv_proj"]` in Phi-3).
    pub(crate) target_modules: Targets,
    /// Multiply by `alpha / sqrt(rank)` instead.
    pub(crate) rslora: bool,
}

/// A name or several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum Targets {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Default for LoraSection {
    fn default() -> Self {
        Self {
            rank: 16,
            alpha: 32.0,
            dropout: 0.0,
            target_modules: Targets::One(ALL_LINEAR.into()),
            rslora: false,
        }
    }
}

impl LoraSection {
    /// The loop's view of it.
    pub(crate) fn options(&self) -> LoraOptions {
        LoraOptions {
            rank: self.rank,
            alpha: self.alpha,
            rslora: self.rslora,
            target_modules: match &self.target_modules {
                Targets::One(name) => vec![name.clone()],
                Targets::Several(names) => names.clone(),
            },
        }
    }
}

fn no_dropout<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    match f64::deserialize(deserializer)? {
        0.0 => Ok(0.0),
        other => Err(D::Error::custom(format!(
            "train.lora.dropout = {other}: adapters are trained without dropout here; leave it out"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(text: &str) -> Result<LoraOptions, String> {
        let section: Result<LoraSection, _> = toml::from_str(text);
        section
            .map(|section| section.options())
            .map_err(|error| error.message().to_owned())
    }

    #[test]
    fn what_is_left_out_has_a_default() {
        let options = options("rank = 8").unwrap();
        assert_eq!((options.rank, options.alpha, options.rslora), (8, 32.0, false));
        assert_eq!(options.target_modules, ["all-linear"]);
    }

    #[test]
    fn projections_are_named_as_in_peft_and_dropout_is_refused() {
        let named = options("target_modules = ['q_proj', 'v_proj']\nalpha = 16\ndropout = 0").unwrap();
        assert_eq!(named.target_modules, ["q_proj", "v_proj"]);
        insta::assert_snapshot!(
            options("dropout = 0.05").unwrap_err(),
            @"train.lora.dropout = 0.05: adapters are trained without dropout here; leave it out"
        );
    }
}
