//! The wall: errors become objects, panics become errors.
#![expect(unsafe_code, reason = "error objects cross the ABI")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::abi::{RestemError, RestemText};
use crate::{BackendError, ErrorCode};

/// Runs a call's body and makes what it returns fit for C.
pub(super) fn guard(body: impl FnOnce() -> Result<(), BackendError>) -> *mut RestemError {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => std::ptr::null_mut(),
        Ok(Err(error)) => into_raw(error),
        Err(panic) => into_raw(panicked(&*panic)),
    }
}

/// A panic's text as an error.
pub(super) fn panicked(payload: &(dyn std::any::Any + Send)) -> BackendError {
    let text = (payload.downcast_ref::<&str>().copied())
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(a panic without text)");
    BackendError::new(ErrorCode::Panic, format!("the backend panicked: {text}"))
}

/// The error as the caller sees it, with the memory its message lives in.
#[repr(C)]
struct OwnedError {
    raw: RestemError,
    message: String,
}

fn into_raw(error: BackendError) -> *mut RestemError {
    let message = error.message;
    let raw = RestemError {
        struct_size: size_of::<RestemError>() as u64,
        code: error.code as u32,
        reserved: 0,
        message: RestemText {
            data: message.as_ptr(),
            len: message.len() as u64,
        },
        destroy: Some(destroy),
    };
    Box::into_raw(Box::new(OwnedError { raw, message })).cast()
}

unsafe extern "C" fn destroy(error: *mut RestemError) {
    if !error.is_null() {
        // SAFETY: only `into_raw` hands out errors with this function, as the first field of a boxed `OwnedError`,
        // and the caller destroys each once.
        let owned = unsafe { Box::from_raw(error.cast::<OwnedError>()) };
        drop(owned.message);
    }
}
