//! A stream of samples.
#![expect(unsafe_code, reason = "the C ABI of policy backends")]

use restem_policy_abi::abi::{
    RESTEM_CANCEL_ALL, RESTEM_FINISH_LENGTH, RESTEM_FINISH_NONE, RESTEM_FINISH_STOP_TOKEN,
    RestemGenCancelArgs, RestemGenCloseArgs, RestemGenOpenArgs, RestemGenStepArgs, RestemGenSubmitArgs,
    RestemGeneration, RestemSampling, RestemToken,
};
use restem_policy_abi::{Drawn, Finish, Prompt};

use super::{LoadedModel, NativeError};

/// A stream of samples of a model; closed when dropped.
#[derive(Debug)]
pub struct Stream<'m> {
    model: &'m mut LoadedModel,
    raw: *mut RestemGeneration,
}

impl<'m> Stream<'m> {
    /// An empty stream.
    ///
    /// # Errors
    /// What the backend says.
    pub fn open(model: &'m mut LoadedModel) -> Result<Self, NativeError> {
        let mut call = RestemGenOpenArgs {
            struct_size: size_of::<RestemGenOpenArgs>() as u64,
            model: model.raw(),
            generation: std::ptr::null_mut(),
        };
        // SAFETY: the model is open.
        unsafe {
            model
                .backend()
                .call("gen_open", model.backend().api().gen_open, &mut call)
        }?;
        if call.generation.is_null() {
            return Err(model
                .backend()
                .contract("`gen_open` succeeded without a generation"));
        }
        Ok(Self {
            model,
            raw: call.generation,
        })
    }

    /// Adds a prompt and its samples.
    ///
    /// # Errors
    /// What the backend says.
    pub fn submit(&mut self, prompt: &Prompt<'_>) -> Result<(), NativeError> {
        let stop_tokens = prompt.sampling.stop_tokens;
        let mut call = RestemGenSubmitArgs {
            struct_size: size_of::<RestemGenSubmitArgs>() as u64,
            model: self.model.raw(),
            generation: self.raw,
            prompt: prompt.tokens.as_ptr(),
            prompt_len: prompt.tokens.len() as u64,
            samples: prompt.samples.as_ptr(),
            samples_len: prompt.samples.len() as u64,
            sampling: RestemSampling {
                temperature: prompt.sampling.temperature,
                top_p: prompt.sampling.top_p,
                top_k: prompt.sampling.top_k,
                max_tokens: prompt.sampling.max_tokens,
                stop_tokens: stop_tokens.as_ptr(),
                stop_tokens_len: stop_tokens.len() as u64,
            },
        };
        let backend = self.model.backend();
        // SAFETY: model and stream are open, the lists outlive the call.
        unsafe { backend.call("gen_submit", backend.api().gen_submit, &mut call) }
    }

    /// Takes the samples of `stop` out, draws the next token of as many others as fit, and puts them into `drawn`.
    /// Returns how many samples wait or go on.
    ///
    /// # Errors
    /// What the backend says.
    pub fn step(&mut self, stop: &[u64], drawn: &mut Vec<Drawn>) -> Result<u64, NativeError> {
        let mut call = RestemGenStepArgs {
            struct_size: size_of::<RestemGenStepArgs>() as u64,
            model: self.model.raw(),
            generation: self.raw,
            stop: stop.as_ptr(),
            stop_len: stop.len() as u64,
            tokens: std::ptr::null(),
            tokens_len: 0,
            pending: 0,
        };
        let backend = self.model.backend();
        drawn.clear();
        // SAFETY: model and stream are open, `stop` outlives the call; the tokens live until the next one.
        unsafe {
            backend.call("gen_step", backend.api().gen_step, &mut call)?;
            if call.tokens_len > 0 {
                let tokens = std::slice::from_raw_parts(call.tokens, call.tokens_len as usize);
                for token in tokens {
                    drawn.push(self.check(token)?);
                }
            }
        }
        Ok(call.pending)
    }

    fn check(&self, token: &RestemToken) -> Result<Drawn, NativeError> {
        let finish = match token.finish {
            RESTEM_FINISH_NONE => None,
            RESTEM_FINISH_STOP_TOKEN => Some(Finish::StopToken),
            RESTEM_FINISH_LENGTH => Some(Finish::Length),
            other => {
                return Err(self
                    .model
                    .backend()
                    .contract(format!("`gen_step` gave finish = {other}")));
            }
        };
        Ok(Drawn {
            sample: token.sample,
            token: token.token,
            log_prob: token.log_prob,
            finish,
        })
    }

    /// Forgets every sample.
    ///
    /// # Errors
    /// What the backend says.
    pub fn cancel_all(&mut self) -> Result<(), NativeError> {
        let mut call = RestemGenCancelArgs {
            struct_size: size_of::<RestemGenCancelArgs>() as u64,
            model: self.model.raw(),
            generation: self.raw,
            samples: std::ptr::null(),
            samples_len: 0,
            scope: RESTEM_CANCEL_ALL,
            reserved: 0,
        };
        let backend = self.model.backend();
        // SAFETY: model and stream are open.
        unsafe { backend.call("gen_cancel", backend.api().gen_cancel, &mut call) }
    }

    /// The model.
    pub(super) const fn model(&self) -> &LoadedModel {
        self.model
    }
}

impl Drop for Stream<'_> {
    fn drop(&mut self) {
        let mut call = RestemGenCloseArgs {
            struct_size: size_of::<RestemGenCloseArgs>() as u64,
            model: self.model.raw(),
            generation: self.raw,
        };
        let backend = self.model.backend();
        // SAFETY: model and stream are open; the stream is not used again. There is nobody to tell of an error.
        let _ = unsafe { backend.call("gen_close", backend.api().gen_close, &mut call) };
    }
}
