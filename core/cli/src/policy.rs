//! The configured policy: what samples and what fine-tunes.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use restem_data::HfTokenizer;
use restem_em::{
    Checkpoint, Generator, LoraOptions, PolicyError, Tokenizer, TrainJob, TrainObserver, TrainReport, Trainer,
};
use restem_policy::external::ExternalTrainer;
use restem_policy::http::{HttpGenerator, HttpOptions};
use restem_policy::native::{
    Backend, NativeGenerator, NativeSettings, NativeTrainer, TokenizerLoader, check_lora,
};
use restem_policy::{LORA, OpenOptions, Rows, base_dir, tokenizer_dir};

use crate::config::ModelSection;
use crate::memory::Memory;

/// What samples and what fine-tunes.
pub(crate) struct Policy {
    pub(crate) generator: Box<dyn Generator>,
    /// Where the generator draws and what its cache may take there, unless that is a server's affair.
    pub(crate) memory: Option<Memory>,
    pub(crate) trainer: Box<dyn Trainer>,
}

/// Where samples come from, checked before anything is written.
pub(crate) enum Source {
    Native(Backend, NativeSettings),
    Http(HttpOptions),
}

impl Source {
    /// Loads the native backend, unless a server is configured.
    pub(crate) fn load(section: &ModelSection) -> anyhow::Result<Self> {
        match &section.http_url {
            Some(url) => Ok(Self::Http(HttpOptions::new(url.clone()))),
            None => Ok(Self::Native(Backend::load(&section.backend)?, settings(section)?)),
        }
    }

    /// Finds out whether `base` can be trained this way, which would otherwise be said after hours of sampling.
    pub(crate) fn check_lora(
        &self,
        section: &ModelSection,
        base: &Checkpoint,
        lora: &LoraOptions,
    ) -> anyhow::Result<()> {
        match self {
            Self::Native(backend, settings) if section.train_command.is_none() => {
                check_lora(backend, settings, &base.path, lora).context("[train.lora] can't be followed")
            }
            _ => Ok(()),
        }
    }

    /// Takes the rows that an earlier process of the same run measured, instead of measuring again.
    pub(crate) fn settle_rows(&mut self, measured: u32) {
        if let Self::Native(_, settings) = self
            && measured > 0
            && !matches!(settings.options.rows, Some(Rows::Fixed(_)))
        {
            settings.options.rows = Some(Rows::Fixed(measured));
        }
    }

    /// Opens `base` once to settle automatic choices, which training then shares.
    pub(crate) fn open(self, section: &ModelSection, base: &Checkpoint) -> anyhow::Result<Policy> {
        let external: Option<Box<dyn Trainer>> = match &section.train_command {
            Some(command) => Some(Box::new(ExternalTrainer::new(command.clone())?)),
            None => None,
        };
        match self {
            Self::Native(backend, settings) => {
                let generator = NativeGenerator::new(backend.clone(), settings, tokenizers(), base)?;
                let settings = generator.settings().clone();
                let memory = Memory::new(generator.cache(), generator.identity().threads);
                let native = || Box::new(NativeTrainer::new(backend, settings, tokenizers()));
                let trainer = external.unwrap_or_else(|| native());
                Ok(Policy {
                    generator: Box::new(generator),
                    memory: Some(memory),
                    trainer,
                })
            }
            Self::Http(options) => Ok(Policy {
                generator: Box::new(HttpGenerator::new(options)?),
                memory: None,
                trainer: match external {
                    Some(trainer) => trainer,
                    None => Box::new(OnDemand(section.clone())),
                },
            }),
        }
    }
}

/// The configured trainer alone.
pub(crate) fn trainer(section: &ModelSection) -> anyhow::Result<Box<dyn Trainer>> {
    match &section.train_command {
        Some(command) => Ok(Box::new(ExternalTrainer::new(command.clone())?)),
        None => Ok(Box::new(native_trainer(section)?)),
    }
}

/// Loads the native backend when there is something to train: a server's users may have none.
struct OnDemand(ModelSection);

impl Trainer for OnDemand {
    fn train(
        &mut self,
        job: &TrainJob<'_>,
        observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError> {
        let mut native =
            native_trainer(&self.0).map_err(|error| PolicyError::message(format!("{error:#}")))?;
        native.train(job, observer)
    }
}

/// A trainer beside which nothing is drawn, so that there are no rows to measure.
fn native_trainer(section: &ModelSection) -> anyhow::Result<NativeTrainer> {
    let mut settings = settings(section)?;
    if settings.options.rows == Some(Rows::Measured) {
        settings.options.rows = None;
    }
    Ok(NativeTrainer::new(
        Backend::load(&section.backend)?,
        settings,
        tokenizers(),
    ))
}

fn settings(section: &ModelSection) -> anyhow::Result<NativeSettings> {
    let options = OpenOptions::from_json(&serde_json::to_string(&section.options)?)
        .map_err(|error| anyhow::anyhow!("model.options: {error}"))?;
    if options.others.contains_key(LORA) {
        bail!("model.options.{LORA} would be there while sampling, too: write `[train.lora]`");
    }
    if options.copies.is_some() {
        bail!("model.options.copies follows from `model.device`, which may name `cpu` several times");
    }
    Ok(NativeSettings {
        devices: section.device.devices()?,
        dtype: section.dtype.clone(),
        options,
    })
}

fn tokenizers() -> TokenizerLoader {
    Arc::new(|dir: &Path| -> Result<Arc<dyn Tokenizer>, PolicyError> { Ok(Arc::new(tokenizer(dir)?)) })
}

/// The tokenizer of the model or the adapter in `dir`.
pub(crate) fn tokenizer(dir: &Path) -> Result<HfTokenizer, PolicyError> {
    let (own, model) = (tokenizer_dir(dir)?, base_dir(dir)?);
    HfTokenizer::of_model(&own, model.as_deref().unwrap_or(&own))
        .map_err(|error| PolicyError::new(error.to_string(), error))
}
