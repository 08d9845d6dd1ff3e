//! Errors of backends.

use std::fmt;

use crate::abi;

/// What kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum ErrorCode {
    /// The caller passed something that the call does not accept.
    InvalidArgument = abi::RESTEM_ERROR_INVALID_ARGUMENT,
    /// The backend can't serve this device or data type.
    Unsuitable = abi::RESTEM_ERROR_UNSUITABLE,
    /// The backend does not know how to do this.
    Unsupported = abi::RESTEM_ERROR_UNSUPPORTED,
    /// The model directory is broken.
    InvalidModel = abi::RESTEM_ERROR_INVALID_MODEL,
    /// A file could not be read or written.
    Io = abi::RESTEM_ERROR_IO,
    /// Memory ran out.
    OutOfMemory = abi::RESTEM_ERROR_OUT_OF_MEMORY,
    /// Anything else.
    Internal = abi::RESTEM_ERROR_INTERNAL,
    /// A bug in the backend.
    Panic = abi::RESTEM_ERROR_PANIC,
}

impl ErrorCode {
    /// The code of a number that crossed the ABI; numbers that this version does not know are [`ErrorCode::Internal`].
    #[must_use]
    pub const fn from_raw(code: u32) -> Self {
        match code {
            abi::RESTEM_ERROR_INVALID_ARGUMENT => Self::InvalidArgument,
            abi::RESTEM_ERROR_UNSUITABLE => Self::Unsuitable,
            abi::RESTEM_ERROR_UNSUPPORTED => Self::Unsupported,
            abi::RESTEM_ERROR_INVALID_MODEL => Self::InvalidModel,
            abi::RESTEM_ERROR_IO => Self::Io,
            abi::RESTEM_ERROR_OUT_OF_MEMORY => Self::OutOfMemory,
            abi::RESTEM_ERROR_PANIC => Self::Panic,
            _ => Self::Internal,
        }
    }
}

/// An error of a backend: a kind for code, a message for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendError {
    /// The kind.
    pub code: ErrorCode,
    /// What failed and what to do next.
    pub message: String,
}

impl BackendError {
    /// An error.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }

    /// The caller passed something that the call does not accept.
    pub fn invalid_argument(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidArgument, message)
    }

    /// The backend does not know how to do this.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Unsupported, message)
    }

    /// The model directory is broken.
    pub fn invalid_model(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidModel, message)
    }

    /// A file could not be read or written.
    pub fn io(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Io, message)
    }

    /// Anything else.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::Internal, message)
    }
}

impl fmt::Display for BackendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for BackendError {}
