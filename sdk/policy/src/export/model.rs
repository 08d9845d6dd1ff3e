//! Calls on models.
#![expect(unsafe_code, reason = "these are the functions of the C table")]

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

use super::boundary::{guard, panicked};
use super::incoming::{args, list, object, sequences, take, text};
use crate::abi::{
    RestemCloseArgs, RestemError, RestemIdentityArgs, RestemLogProbsArgs, RestemModel, RestemOpenArgs,
    RestemSaveArgs, RestemSuitabilityArgs, RestemText,
};
use crate::{Backend, BackendError, ErrorCode, Model, ModelIdentity, OpenOptions, OpenRequest, Sequence};

/// What a `RestemModel` pointer leads to.
pub(super) struct ModelHandle<M> {
    model: M,
    identity: ModelIdentity,
    /// Text of the panic after which only `close` is served.
    broken: Option<String>,
}

/// Runs `body` on a model; after a panic the model is refused.
///
/// # Safety
/// `model` is null or a model of this backend that is not closed yet, used by this call alone.
pub(super) unsafe fn with_model<M: Model>(
    model: *mut RestemModel,
    body: impl FnOnce(&mut M) -> Result<(), BackendError>,
) -> Result<(), BackendError> {
    // SAFETY: as the caller promises.
    let handle: &mut ModelHandle<M> = unsafe { object(model, "the model") }?;
    if let Some(text) = &handle.broken {
        return Err(BackendError::new(
            ErrorCode::Panic,
            format!("the model can only be closed: in an earlier call {text}"),
        ));
    }
    catch_unwind(AssertUnwindSafe(|| body(&mut handle.model))).unwrap_or_else(|panic| {
        handle.broken = Some(panicked(&*panic).message);
        resume_unwind(panic)
    })
}

pub(super) unsafe extern "C" fn suitability<B: Backend>(
    call: *mut RestemSuitabilityArgs,
) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        let (device, dtype) = unsafe {
            let call = args(call)?;
            (text(call.device, "device")?, text(call.dtype, "dtype")?)
        };
        B::suitability(device, dtype)
    })
}

pub(super) unsafe extern "C" fn open<B: Backend>(call: *mut RestemOpenArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        let call = unsafe { args(call) }?;
        // SAFETY: as above.
        let (dir, device, dtype, options) = unsafe {
            (
                text(call.model_dir, "model_dir")?,
                text(call.device, "device")?,
                text(call.dtype, "dtype")?,
                text(call.options, "options")?,
            )
        };
        let options = OpenOptions::from_json(options)
            .map_err(|error| BackendError::invalid_argument(format!("backend options: {error}")))?;
        let model = B::open(&OpenRequest {
            model_dir: Path::new(dir),
            device,
            dtype,
            options,
        })?;
        let identity = model.identity();
        call.model = Box::into_raw(Box::new(ModelHandle {
            model,
            identity,
            broken: None,
        }))
        .cast();
        Ok(())
    })
}

pub(super) unsafe extern "C" fn identity<B: Backend>(call: *mut RestemIdentityArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        let (call, handle) = unsafe {
            let call = args(call)?;
            let handle: &mut ModelHandle<B::Model> = object(call.model, "the model")?;
            (call, handle)
        };
        let lent = |text: &str| RestemText {
            data: text.as_ptr(),
            len: text.len() as u64,
        };
        call.device = lent(&handle.identity.device);
        call.dtype = lent(&handle.identity.dtype);
        call.rows = handle.identity.rows;
        call.threads = handle.identity.threads;
        call.cache_bytes = handle.identity.cache_bytes;
        call.token_bytes = handle.identity.token_bytes;
        call.instructions = lent(&handle.identity.instructions);
        Ok(())
    })
}

pub(super) unsafe extern "C" fn log_probs<B: Backend>(call: *mut RestemLogProbsArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        let (call, examples) = unsafe {
            let call = args(call)?;
            let examples = sequences(call.sequences, call.sequences_len)?;
            (call, examples)
        };
        let sequences: Vec<Sequence<'_>> = examples.iter().map(|example| example.sequence).collect();
        let targets: usize = sequences.iter().map(Sequence::targets).sum();
        if call.log_probs_len != targets as u64 {
            return Err(BackendError::invalid_argument(format!(
                "there is room for {} log-probabilities, the sequences have {targets} targets",
                call.log_probs_len
            )));
        }
        // SAFETY: checks the pointer only; the room may be uninitialised, so no slice of it is kept.
        let _: &[std::mem::MaybeUninit<f32>] = unsafe {
            list(
                call.log_probs.cast_const().cast(),
                call.log_probs_len,
                "log_probs",
            )
        }?;
        // SAFETY: as above.
        unsafe {
            with_model::<B::Model>(call.model, |model| {
                let values = model.log_probs(&sequences, call.micro_batch_tokens)?;
                let counts = values.iter().map(Vec::len);
                if !counts.eq(sequences.iter().map(Sequence::targets)) {
                    return Err(BackendError::internal(
                        "the backend returned another number of log-probabilities",
                    ));
                }
                for (index, value) in values.iter().flatten().enumerate() {
                    // SAFETY: `index < targets == log_probs_len`, checked above.
                    call.log_probs.add(index).write(*value);
                }
                Ok(())
            })
        }
    })
}

pub(super) unsafe extern "C" fn save<B: Backend>(call: *mut RestemSaveArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let (dir, dtype) = (text(call.dir, "dir")?, text(call.dtype, "dtype")?);
            with_model::<B::Model>(call.model, |model| model.save(Path::new(dir), dtype))
        }
    })
}

pub(super) unsafe extern "C" fn close<B: Backend>(call: *mut RestemCloseArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        let handle: Box<ModelHandle<B::Model>> = unsafe { take(args(call)?.model, "the model") }?;
        drop(handle);
        Ok(())
    })
}
