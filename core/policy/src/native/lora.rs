//! Adapters instead of weights, as a backend is told of them.

use std::path::Path;

use restem_em::{LoraOptions, Seed};
use restem_policy_abi::Lora;

use super::{Backend, LoadedModel, NativeError, NativeSettings};

/// `settings` for a training of adapters whose first values come from `seed`.
pub(super) fn adapting(settings: &NativeSettings, lora: &LoraOptions, seed: Seed) -> NativeSettings {
    let LoraOptions {
        rank,
        alpha,
        rslora,
        target_modules,
    } = lora.clone();
    let lora = Lora {
        rank,
        alpha,
        rslora,
        target_modules,
        seed: seed.derive(&["lora"]).0,
    };
    NativeSettings {
        options: settings.options.clone().with_lora(&lora),
        ..settings.clone()
    }
}

/// Opens `base` with such adapters and closes it again: what is wrong with them is known before anything is sampled.
///
/// # Errors
/// When the backend knows no adapters, or the model has not the projections that they are for.
pub fn check_lora(
    backend: &Backend,
    settings: &NativeSettings,
    base: &Path,
    lora: &LoraOptions,
) -> Result<(), NativeError> {
    let mut settings = adapting(settings, lora, Seed(0));
    settings.options.rows = None; // Nothing is drawn: there is nothing to measure.
    LoadedModel::open(backend, base, &settings).map(drop)
}
