//! A run's configuration: what `restem.toml` says.
//!
//! Every key has a default or is named in the error when it is missing; unknown keys are errors with the nearest name.

mod device;
mod layers;
mod lora;
mod options;
mod sections;
mod unknown;

pub(crate) use layers::{Layers, Origin, Resolved, parse_value};
pub(crate) use sections::{CombineSection, Config, ModelSection, PromptSection, RewardSection};
