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

use super::draw::draw;
use super::{Backend, LoadedModel, NativeError};

/// Loads the tokenizer of a model directory.
pub type TokenizerLoader = Arc<dyn Fn(&Path) -> Result<Arc<dyn Tokenizer>, PolicyError> + Send + Sync>;

/// How a backend opens models.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeSettings {
    /// `auto`, `cpu`, `cuda:N` or what else the backend knows.
    pub device: String,
    /// `auto`, `f32`, `bf16` or what else the backend knows.
    pub dtype: String,
    /// The rest.
    pub options: OpenOptions,
}

impl Default for NativeSettings {
    fn default() -> Self {
        Self {
            device: "auto".to_owned(),
            dtype: "auto".to_owned(),
            options: OpenOptions::default(),
        }
    }
}

/// Memory of keys and values while sampling; zeros where the backend does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheMemory {
    /// Bytes that may be taken.
    pub bytes: u64,
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
    /// The base model that was opened to learn the identity, for the first who wants it.
    opened: Option<(PathBuf, LoadedModel)>,
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
    /// A generator whose automatic choices are made once, by opening `base`, and then kept for every checkpoint:
    /// other rows or threads would draw other tokens.
    ///
    /// # Errors
    /// When the backend does not suit device or data type, or `base` can't be opened.
    pub fn new(
        backend: Backend,
        settings: NativeSettings,
        tokenizers: TokenizerLoader,
        base: &Checkpoint,
    ) -> Result<Self, NativeError> {
        backend.suitability(&settings.device, &settings.dtype)?;
        let model = LoadedModel::open(&backend, &base.path, &settings)?;
        let chosen = model.identity().clone();
        let known = |number: u32| (number > 0).then_some(number);
        let settings = NativeSettings {
            device: chosen.device,
            dtype: chosen.dtype,
            options: OpenOptions {
                rows: known(chosen.rows).map(Rows::Fixed).or(settings.options.rows),
                threads: known(chosen.threads).or(settings.options.threads),
                ..settings.options
            },
        };
        let identity = GeneratorIdentity {
            backend: backend.describe(),
            device: format!("{}/{}", settings.device, settings.dtype),
            rows: chosen.rows,
            threads: chosen.threads,
        };
        Ok(Self {
            backend,
            settings,
            tokenizers,
            identity,
            cache: CacheMemory {
                bytes: chosen.cache_bytes,
                token_bytes: chosen.token_bytes,
            },
            opened: Some((base.path.clone(), model)),
        })
    }

    /// What its cache may take.
    #[must_use]
    pub const fn cache(&self) -> CacheMemory {
        self.cache
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
        // Dropped before another is opened, if it is not the one: there may be memory for one only.
        let model = match self.opened.take().filter(|(path, _)| *path == checkpoint.path) {
            Some((_, model)) => model,
            None => LoadedModel::open(&self.backend, &checkpoint.path, &self.settings)?,
        };
        let tokenizer = (self.tokenizers)(&checkpoint.path)?;
        Ok(Box::new(ModelSampler { model, tokenizer }))
    }
}

/// Samples from a model that is owned, or lent while it is trained.
pub(super) struct ModelSampler<M> {
    pub(super) model: M,
    pub(super) tokenizer: Arc<dyn Tokenizer>,
}

impl<M: BorrowMut<LoadedModel>> Sampler for ModelSampler<M> {
    fn sample(
        &mut self,
        requests: &[SampleRequest],
        sampling: &Sampling,
        sink: &mut dyn FnMut(Sample) -> Flow,
    ) -> Result<(), PolicyError> {
        draw(
            self.model.borrow_mut(),
            &*self.tokenizer,
            requests,
            sampling,
            sink,
        )
    }
}
