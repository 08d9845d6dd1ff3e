//! The configured policy: a native backend for sampling and training.

use std::path::Path;
use std::sync::Arc;

use restem_data::HfTokenizer;
use restem_em::{Checkpoint, PolicyError, Tokenizer};
use restem_policy::OpenOptions;
use restem_policy::native::{Backend, NativeGenerator, NativeSettings, NativeTrainer, TokenizerLoader};

use crate::config::ModelSection;

/// A loaded backend and how it opens models.
pub(crate) struct Policy {
    backend: Backend,
    settings: NativeSettings,
}

impl Policy {
    /// Loads the configured backend.
    pub(crate) fn load(section: &ModelSection) -> anyhow::Result<Self> {
        let options = OpenOptions::from_json(&serde_json::to_string(&section.options)?)
            .map_err(|error| anyhow::anyhow!("model.options: {error}"))?;
        let (device, dtype) = (section.device.clone(), section.dtype.clone());
        let backend = Backend::load(&section.backend)?;
        Ok(Self {
            backend,
            settings: NativeSettings {
                device,
                dtype,
                options,
            },
        })
    }

    /// A generator; opens `base` once to settle automatic choices.
    pub(crate) fn generator(&self, base: &Checkpoint) -> anyhow::Result<NativeGenerator> {
        Ok(NativeGenerator::new(
            self.backend.clone(),
            self.settings.clone(),
            tokenizers(),
            base,
        )?)
    }

    /// A trainer with a generator's settled choices.
    pub(crate) fn trainer(&self, settings: &NativeSettings) -> NativeTrainer {
        NativeTrainer::new(self.backend.clone(), settings.clone(), tokenizers())
    }

    /// A trainer with the configured settings.
    pub(crate) fn trainer_alone(&self) -> NativeTrainer {
        self.trainer(&self.settings)
    }
}

fn tokenizers() -> TokenizerLoader {
    Arc::new(|dir: &Path| -> Result<Arc<dyn Tokenizer>, PolicyError> {
        let tokenizer =
            HfTokenizer::from_dir(dir).map_err(|error| PolicyError::new(error.to_string(), error))?;
        Ok(Arc::new(tokenizer))
    })
}
