//! Calls on streams of samples.
#![expect(unsafe_code, reason = "these are the functions of the C table")]

use super::boundary::guard;
use super::incoming::{args, list, object, take};
use super::model::with_model;
use crate::abi::{
    RESTEM_CANCEL_ALL, RESTEM_CANCEL_LISTED, RESTEM_FINISH_NONE, RestemError, RestemGenCancelArgs,
    RestemGenCloseArgs, RestemGenOpenArgs, RestemGenStepArgs, RestemGenSubmitArgs, RestemToken,
};
use crate::{Backend, BackendError, Cancel, Drawn, Generation, Model, Prompt, Sampling};

type GenerationOf<B> = <<B as Backend>::Model as Model>::Generation;

/// What a `RestemGeneration` pointer leads to.
struct GenerationHandle<G> {
    generation: G,
    drawn: Vec<Drawn>,
    /// What the last step lent to the caller.
    tokens: Vec<RestemToken>,
}

pub(super) unsafe extern "C" fn open<B: Backend>(call: *mut RestemGenOpenArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            with_model::<B::Model>(call.model, |model| {
                let generation = model.generation()?;
                let handle = GenerationHandle {
                    generation,
                    drawn: Vec::new(),
                    tokens: Vec::new(),
                };
                call.generation = Box::into_raw(Box::new(handle)).cast();
                Ok(())
            })
        }
    })
}

pub(super) unsafe extern "C" fn submit<B: Backend>(call: *mut RestemGenSubmitArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let handle: &mut GenerationHandle<GenerationOf<B>> = object(call.generation, "the generation")?;
            let prompt = Prompt {
                tokens: list(call.prompt, call.prompt_len, "the prompt")?,
                samples: list(call.samples, call.samples_len, "the samples")?,
                sampling: Sampling {
                    temperature: call.sampling.temperature,
                    top_p: call.sampling.top_p,
                    top_k: call.sampling.top_k,
                    max_tokens: call.sampling.max_tokens,
                    stop_tokens: list(
                        call.sampling.stop_tokens,
                        call.sampling.stop_tokens_len,
                        "the stop tokens",
                    )?,
                },
            };
            check(&prompt)?;
            with_model::<B::Model>(call.model, |model| handle.generation.submit(model, &prompt))
        }
    })
}

/// What no backend should have to check.
fn check(prompt: &Prompt<'_>) -> Result<(), BackendError> {
    let Sampling {
        temperature,
        top_p,
        max_tokens,
        ..
    } = prompt.sampling;
    let refuse = |what: String| Err(BackendError::invalid_argument(what));
    if prompt.tokens.is_empty() {
        refuse("the prompt has no tokens; one is needed to continue from".to_owned())
    } else if !(temperature >= 0.0 && temperature.is_finite()) {
        refuse(format!(
            "temperature = {temperature}: 0 or a positive number is needed"
        ))
    } else if !(top_p > 0.0 && top_p <= 1.0) {
        refuse(format!("top_p = {top_p}: a number above 0 and up to 1 is needed"))
    } else if max_tokens == 0 {
        refuse("max_tokens = 0: at least 1 is needed".to_owned())
    } else {
        Ok(())
    }
}

pub(super) unsafe extern "C" fn step<B: Backend>(call: *mut RestemGenStepArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let handle: &mut GenerationHandle<GenerationOf<B>> = object(call.generation, "the generation")?;
            let stop: &[u64] = list(call.stop, call.stop_len, "the samples to stop")?;
            with_model::<B::Model>(call.model, |model| {
                if !stop.is_empty() {
                    handle.generation.cancel(model, Cancel::Listed(stop))?;
                }
                handle.drawn.clear();
                call.pending = handle.generation.step(model, &mut handle.drawn)?;
                Ok(())
            })?;
            handle.tokens.clear();
            handle.tokens.extend(handle.drawn.iter().map(|drawn| RestemToken {
                sample: drawn.sample,
                token: drawn.token,
                finish: drawn.finish.map_or(RESTEM_FINISH_NONE, |finish| finish as u32),
                log_prob: drawn.log_prob,
                reserved: 0,
            }));
            call.tokens = handle.tokens.as_ptr();
            call.tokens_len = handle.tokens.len() as u64;
            Ok(())
        }
    })
}

pub(super) unsafe extern "C" fn cancel<B: Backend>(call: *mut RestemGenCancelArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let handle: &mut GenerationHandle<GenerationOf<B>> = object(call.generation, "the generation")?;
            let which = match call.scope {
                RESTEM_CANCEL_ALL => Cancel::All,
                RESTEM_CANCEL_LISTED => Cancel::Listed(list(call.samples, call.samples_len, "the samples")?),
                other => {
                    return Err(BackendError::invalid_argument(format!(
                        "scope = {other}: 0 or 1 is needed"
                    )));
                }
            };
            with_model::<B::Model>(call.model, |model| handle.generation.cancel(model, which))
        }
    })
}

pub(super) unsafe extern "C" fn close<B: Backend>(call: *mut RestemGenCloseArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        let handle: Box<GenerationHandle<GenerationOf<B>>> =
            unsafe { take(args(call)?.generation, "the generation") }?;
        drop(handle);
        Ok(())
    })
}
