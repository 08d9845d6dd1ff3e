//! A model that a backend has loaded.
#![expect(unsafe_code, reason = "the C ABI of policy backends")]

use std::path::Path;

use restem_policy_abi::abi::{
    RestemCloseArgs, RestemIdentityArgs, RestemLogProbsArgs, RestemModel, RestemOpenArgs, RestemSaveArgs,
    RestemSequence, RestemText,
};
use restem_policy_abi::{ModelIdentity, Sequence, TrainingExample};

use super::backend::{lend, read, utf8};
use super::{Backend, NativeError, NativeSettings};

/// A loaded model; closed when dropped.
#[derive(Debug)]
pub struct LoadedModel {
    backend: Backend,
    raw: *mut RestemModel,
    identity: ModelIdentity,
}

// SAFETY: the ABI lets a model move between threads, and `&LoadedModel` reaches no call.
unsafe impl Send for LoadedModel {}

impl LoadedModel {
    /// Loads the model at `dir` on the first device of `settings`.
    ///
    /// # Errors
    /// What the backend says.
    pub fn open(backend: &Backend, dir: &Path, settings: &NativeSettings) -> Result<Self, NativeError> {
        Self::open_on(backend, dir, settings.devices.first(), settings)
    }

    /// Loads the model at `dir` on `device`, whatever the devices of `settings`.
    pub(super) fn open_on(
        backend: &Backend,
        dir: &Path,
        device: &str,
        settings: &NativeSettings,
    ) -> Result<Self, NativeError> {
        let options = settings.options.to_json();
        let mut call = RestemOpenArgs {
            struct_size: size_of::<RestemOpenArgs>() as u64,
            model_dir: lend(utf8(dir)?),
            device: lend(device),
            dtype: lend(&settings.dtype),
            options: lend(&options),
            model: std::ptr::null_mut(),
        };
        // SAFETY: the texts outlive the call.
        unsafe { backend.call("open", backend.api().open, &mut call) }?;
        if call.model.is_null() {
            return Err(backend.contract("`open` succeeded without a model"));
        }
        let identity = ModelIdentity {
            device: String::new(),
            dtype: String::new(),
            rows: 0,
            threads: 0,
            cache_bytes: 0,
            token_bytes: 0,
            instructions: String::new(),
        };
        let mut model = Self {
            backend: backend.clone(),
            raw: call.model,
            identity,
        };
        model.identity = model.ask_identity()?;
        Ok(model)
    }

    fn ask_identity(&mut self) -> Result<ModelIdentity, NativeError> {
        let nothing = RestemText {
            data: std::ptr::null(),
            len: 0,
        };
        let mut call = RestemIdentityArgs {
            struct_size: size_of::<RestemIdentityArgs>() as u64,
            model: self.raw,
            device: nothing,
            dtype: nothing,
            rows: 0,
            threads: 0,
            cache_bytes: 0,
            token_bytes: 0,
            instructions: nothing,
        };
        // SAFETY: the model is open; the texts it answers with live as long as it.
        unsafe {
            self.backend
                .call("identity", self.backend.api().identity, &mut call)?;
            Ok(ModelIdentity {
                device: read(call.device),
                dtype: read(call.dtype),
                rows: call.rows,
                threads: call.threads,
                cache_bytes: call.cache_bytes,
                token_bytes: call.token_bytes,
                instructions: read(call.instructions),
            })
        }
    }

    /// What it runs on, after automatic choices.
    #[must_use]
    pub const fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    /// Log-probabilities in nats, at temperature 1, of each sequence's target tokens; `micro_batch_tokens` bounds a
    /// forward pass.
    ///
    /// # Errors
    /// What the backend says.
    pub fn log_probs(
        &mut self,
        sequences: &[Sequence<'_>],
        micro_batch_tokens: u64,
    ) -> Result<Vec<Vec<f32>>, NativeError> {
        let examples = sequences.iter().map(|&sequence| TrainingExample {
            sequence,
            weight: 1.0,
        });
        let raw: Vec<RestemSequence> = examples.map(|example| lend_example(&example)).collect();
        let mut values = vec![0.0; sequences.iter().map(Sequence::targets).sum()];
        let mut call = RestemLogProbsArgs {
            struct_size: size_of::<RestemLogProbsArgs>() as u64,
            model: self.raw,
            sequences: raw.as_ptr(),
            sequences_len: raw.len() as u64,
            micro_batch_tokens,
            log_probs: values.as_mut_ptr(),
            log_probs_len: values.len() as u64,
        };
        // SAFETY: the model is open, tokens and room outlive the call.
        unsafe {
            self.backend
                .call("log_probs", self.backend.api().log_probs, &mut call)
        }?;
        let mut rest = values.into_iter();
        Ok(sequences
            .iter()
            .map(|sequence| rest.by_ref().take(sequence.targets()).collect())
            .collect())
    }

    /// Writes the weights as they are now to `dir`; `dtype` is `auto` for that of the directory the model came from.
    ///
    /// # Errors
    /// What the backend says.
    pub fn save(&mut self, dir: &Path, dtype: &str) -> Result<(), NativeError> {
        let mut call = RestemSaveArgs {
            struct_size: size_of::<RestemSaveArgs>() as u64,
            model: self.raw,
            dir: lend(utf8(dir)?),
            dtype: lend(dtype),
        };
        // SAFETY: the model is open, the texts outlive the call.
        unsafe { self.backend.call("save", self.backend.api().save, &mut call) }
    }

    pub(super) const fn backend(&self) -> &Backend {
        &self.backend
    }

    pub(super) const fn raw(&mut self) -> *mut RestemModel {
        self.raw
    }
}

impl Drop for LoadedModel {
    fn drop(&mut self) {
        let mut call = RestemCloseArgs {
            struct_size: size_of::<RestemCloseArgs>() as u64,
            model: self.raw,
        };
        // SAFETY: the model is open, nothing opened from it is (it would borrow the model), and it is not used again.
        // There is nobody to tell of an error, and nothing to do about it.
        let _ = unsafe { self.backend.call("close", self.backend.api().close, &mut call) };
    }
}

/// An example for the length of a call.
pub(super) const fn lend_example(example: &TrainingExample<'_>) -> RestemSequence {
    let Sequence { tokens, target_from } = example.sequence;
    RestemSequence {
        tokens: tokens.as_ptr(),
        tokens_len: tokens.len() as u64,
        target_from: target_from as u64,
        weight: example.weight,
        reserved: 0,
    }
}
