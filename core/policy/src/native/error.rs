//! What can go wrong between the core and a native backend.

use std::path::PathBuf;

use restem_em::PolicyError;
use restem_policy_abi::ErrorCode;

/// A native backend can't be loaded, or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NativeError {
    /// No library of that name.
    #[error(
        "policy backend `{name}` was not found\n  looked for: {}\n  hint: {}",
        list(looked),
        fix(name)
    )]
    BackendNotFound {
        /// The backend's name.
        name: String,
        /// Files that do not exist.
        looked: Vec<PathBuf>,
    },

    /// No libtorch.
    #[error(
        "the torch backend needs libtorch {version}, which was not found\n  looked for: {}\n  hint: run `cargo xtask \
         setup`, or set LIBTORCH to a directory with lib/libtorch_cpu.so",
        looked.join("\n              ")
    )]
    LibtorchNotFound {
        /// The version that is needed.
        version: &'static str,
        /// Where it was looked for, each with the reason it does not do.
        looked: Vec<String>,
    },

    /// The system's loader refused a library.
    #[error("cannot load `{}`: {source}\n  hint: {hint}", path.display())]
    CannotLoad {
        /// The library.
        path: PathBuf,
        /// What to do.
        hint: &'static str,
        /// What the loader said.
        source: libloading::Error,
    },

    /// A library that is something else.
    #[error("`{}` is not a policy backend: {reason}", path.display())]
    NotABackend {
        /// The library.
        path: PathBuf,
        /// How it shows.
        reason: String,
    },

    /// Built for another ABI.
    #[error(
        "`{}` speaks version {found} of the policy ABI, this restem speaks version {wanted}\n  hint: build the backend \
         against restem-policy-abi {wanted}.x",
        path.display()
    )]
    AbiVersion {
        /// The library.
        path: PathBuf,
        /// Its major version.
        found: u32,
        /// Ours.
        wanted: u32,
    },

    /// Devices that can't draw side by side.
    #[error("devices [{devices}]: {reason}\n  hint: {hint}")]
    Devices {
        /// Their names.
        devices: String,
        /// Why not.
        reason: String,
        /// What to do.
        hint: &'static str,
    },

    /// A path that can't cross the ABI.
    #[error("`{}` is not UTF-8: a policy backend can't be given such a path; rename it", path.display())]
    PathNotUtf8 {
        /// The path.
        path: PathBuf,
    },

    /// A call failed.
    #[error("backend `{backend}`, {call}: {message}")]
    Call {
        /// The backend's name.
        backend: String,
        /// The call.
        call: &'static str,
        /// The kind of failure.
        code: ErrorCode,
        /// What the backend said.
        message: String,
    },

    /// The backend broke the contract.
    #[error("backend `{backend}` broke its contract: {what}\n  hint: this is a bug of the backend")]
    Contract {
        /// The backend's name.
        backend: String,
        /// How.
        what: String,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join("\n              ")
}

fn fix(name: &str) -> String {
    if name == super::TORCH {
        "run `cargo xtask setup` and `cargo xtask build`".to_owned()
    } else {
        format!(
            "give the path of the library, or set {} to its directory",
            crate::env::BACKEND_DIR
        )
    }
}

impl From<NativeError> for PolicyError {
    fn from(error: NativeError) -> Self {
        Self::message(error.to_string())
    }
}
