//! Sampling for the loop.

use std::borrow::BorrowMut;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use restem_em::{
    Checkpoint, Flow, Generator, GeneratorIdentity, PolicyError, Sample, SampleRequest, Sampler, Sampling,
    Tokenizer,
};
use restem_policy_abi::{OpenOptions, Rows};

use super::devices::kind;
use super::side_by_side::{draw_side_by_side, open_side_by_side};
use super::{Backend, Devices, LoadedModel};

/// The ABI's minor version that has [`Rows::MeasuredWhereSame`].
const MEASURES_WHERE_SAME: u32 = 2;

/// Loads the tokenizer of a model directory.
pub type TokenizerLoader = Arc<dyn Fn(&Path) -> Result<Arc<dyn Tokenizer>, PolicyError> + Send + Sync>;

/// How a backend opens models.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeSettings {
    /// `auto`, `cpu`, `cuda:N` or what else the backend knows. All of them draw samples, the first alone trains.
    pub devices: Devices,
    /// `auto`, `f32`, `bf16` or what else the backend knows.
    pub dtype: String,
    /// The rest.
    pub options: OpenOptions,
}

impl Default for NativeSettings {
    fn default() -> Self {
        Self {
            devices: Devices::default(),
            dtype: "auto".to_owned(),
            options: OpenOptions::default(),
        }
    }
}

/// Memory of keys and values while sampling; zeros where the backend does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheMemory {
    /// Each device, with the bytes that may be taken there.
    pub devices: Vec<(String, u64)>,
    /// Bytes of a token.
    pub token_bytes: u64,
}

/// Samples with a native backend.
pub struct NativeGenerator {
    backend: Backend,
    settings: NativeSettings,
    tokenizers: TokenizerLoader,
    identity: GeneratorIdentity,
    cache: CacheMemory,
    /// The base model that was opened to learn the identity, for the first who wants it; one on each device.
    opened: Option<(PathBuf, Vec<LoadedModel>)>,
}

impl fmt::Debug for NativeGenerator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            settings, identity, ..
        } = self;
        f.debug_struct("NativeGenerator")
            .field("settings", settings)
            .field("identity", identity)
            .finish()
    }
}

impl NativeGenerator {
    /// A generator whose automatic choices are made once, by opening `base`, and then kept for every checkpoint and on
    /// every device: other rows or threads would draw other tokens. Rows that were left out are measured if they change no sample.
    ///
    /// # Errors
    /// When the backend does not suit a device or the data type, or `base` can't be opened.
    pub fn new(
        backend: Backend,
        settings: NativeSettings,
        tokenizers: TokenizerLoader,
        base: &Checkpoint,
    ) -> Result<Self, PolicyError> {
        let mut settings = NativeSettings {
            devices: settings.devices.settled(&backend, &settings.dtype)?,
            ..settings
        };
        if backend.api().abi_minor >= MEASURES_WHERE_SAME {
            settings.options.rows.get_or_insert(Rows::MeasuredWhereSame);
        }
        let mut models = open_side_by_side(&backend, &base.path, &settings, 0..1)?;
        let chosen = models[0].identity().clone();
        let known = |number: u32| (number > 0).then_some(number);
        settings.dtype = chosen.dtype;
        settings.options.rows = known(chosen.rows).map(Rows::Fixed).or(settings.options.rows);
        settings.options.threads = known(chosen.threads).or(settings.options.threads);
        let others = 1..settings.devices.names().len();
        models.extend(open_side_by_side(&backend, &base.path, &settings, others)?);
        settings.devices = Devices::of(&models);
        let identity = GeneratorIdentity {
            backend: backend.describe(),
            device: format!("{}/{}", kind(&chosen.device), settings.dtype),
            instructions: chosen.instructions,
            rows: chosen.rows,
            threads: chosen.threads,
        };
        let bound = |model: &LoadedModel| (model.identity().device.clone(), model.identity().cache_bytes);
        Ok(Self {
            backend,
            settings,
            tokenizers,
            identity,
            cache: CacheMemory {
                devices: models.iter().map(bound).collect(),
                token_bytes: chosen.token_bytes,
            },
            opened: Some((base.path.clone(), models)),
        })
    }

    /// What its cache may take.
    #[must_use]
    pub const fn cache(&self) -> &CacheMemory {
        &self.cache
    }

    /// The settings with automatic choices made, for a trainer of the same run.
    #[must_use]
    pub const fn settings(&self) -> &NativeSettings {
        &self.settings
    }
}

impl Generator for NativeGenerator {
    fn identity(&self) -> GeneratorIdentity {
        self.identity.clone()
    }

    fn open(&mut self, checkpoint: &Checkpoint) -> Result<Box<dyn Sampler + '_>, PolicyError> {
        // Dropped before others are opened, if they are not the ones: there may be memory for one set only.
        let models = match self.opened.take().filter(|(path, _)| *path == checkpoint.path) {
            Some((_, models)) => models,
            None => {
                let all = 0..self.settings.devices.names().len();
                open_side_by_side(&self.backend, &checkpoint.path, &self.settings, all)?
            }
        };
        let tokenizer = (self.tokenizers)(&checkpoint.path)?;
        Ok(Box::new(ModelSampler { models, tokenizer }))
    }
}

/// Samples from copies of a model that are owned, or from one that is lent while it is trained.
pub(super) struct ModelSampler<M> {
    pub(super) models: M,
    pub(super) tokenizer: Arc<dyn Tokenizer>,
}

impl<M: BorrowMut<[LoadedModel]>> Sampler for ModelSampler<M> {
    fn sample(
        &mut self,
        requests: &[SampleRequest],
        sampling: &Sampling,
        sink: &mut dyn FnMut(Sample) -> Flow,
    ) -> Result<(), PolicyError> {
        draw_side_by_side(
            self.models.borrow_mut(),
            &*self.tokenizer,
            requests,
            sampling,
            sink,
        )
    }
}
