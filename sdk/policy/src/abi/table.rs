//! The table of functions.
#![expect(unsafe_code, reason = "the table is shared between threads")]

use super::calls::{
    RestemCloseArgs, RestemGenCancelArgs, RestemGenCloseArgs, RestemGenOpenArgs, RestemGenStepArgs,
    RestemGenSubmitArgs, RestemIdentityArgs, RestemLogProbsArgs, RestemOpenArgs, RestemSaveArgs,
    RestemSuitabilityArgs, RestemTrainBeginArgs, RestemTrainEndArgs, RestemTrainStateArgs,
    RestemTrainStepArgs,
};
use super::values::{RestemError, RestemText};

/// A host refuses every other major version; it is part of the entry point's name too.
pub const RESTEM_POLICY_ABI_MAJOR: u32 = 1;
/// Counts what was appended within the major version.
pub const RESTEM_POLICY_ABI_MINOR: u32 = 2;

/// What a backend offers: constant, valid as long as the library is loaded. No function may be null.
#[repr(C)]
#[derive(Debug)]
pub struct RestemPolicyApi {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// RESTEM_POLICY_ABI_MAJOR of the backend's build.
    pub abi_major: u32,
    /// RESTEM_POLICY_ABI_MINOR of the backend's build.
    pub abi_minor: u32,
    /// The backend's name, such as torch.
    pub name: RestemText,
    /// Its version.
    pub version: RestemText,
    /// What else changes its arithmetic: versions of the libraries it was built with.
    pub build: RestemText,
    /// See the struct.
    pub suitability: Option<unsafe extern "C" fn(*mut RestemSuitabilityArgs) -> *mut RestemError>,
    /// See the struct.
    pub open: Option<unsafe extern "C" fn(*mut RestemOpenArgs) -> *mut RestemError>,
    /// See the struct.
    pub identity: Option<unsafe extern "C" fn(*mut RestemIdentityArgs) -> *mut RestemError>,
    /// See the struct.
    pub gen_open: Option<unsafe extern "C" fn(*mut RestemGenOpenArgs) -> *mut RestemError>,
    /// See the struct.
    pub gen_submit: Option<unsafe extern "C" fn(*mut RestemGenSubmitArgs) -> *mut RestemError>,
    /// See the struct.
    pub gen_step: Option<unsafe extern "C" fn(*mut RestemGenStepArgs) -> *mut RestemError>,
    /// See the struct.
    pub gen_cancel: Option<unsafe extern "C" fn(*mut RestemGenCancelArgs) -> *mut RestemError>,
    /// See the struct.
    pub gen_close: Option<unsafe extern "C" fn(*mut RestemGenCloseArgs) -> *mut RestemError>,
    /// See the struct.
    pub log_probs: Option<unsafe extern "C" fn(*mut RestemLogProbsArgs) -> *mut RestemError>,
    /// See the struct.
    pub train_begin: Option<unsafe extern "C" fn(*mut RestemTrainBeginArgs) -> *mut RestemError>,
    /// See the struct.
    pub train_step: Option<unsafe extern "C" fn(*mut RestemTrainStepArgs) -> *mut RestemError>,
    /// See the struct.
    pub train_save_state: Option<unsafe extern "C" fn(*mut RestemTrainStateArgs) -> *mut RestemError>,
    /// See the struct.
    pub train_load_state: Option<unsafe extern "C" fn(*mut RestemTrainStateArgs) -> *mut RestemError>,
    /// See the struct.
    pub train_end: Option<unsafe extern "C" fn(*mut RestemTrainEndArgs) -> *mut RestemError>,
    /// See the struct.
    pub save: Option<unsafe extern "C" fn(*mut RestemSaveArgs) -> *mut RestemError>,
    /// See the struct.
    pub close: Option<unsafe extern "C" fn(*mut RestemCloseArgs) -> *mut RestemError>,
}

// SAFETY: a table is written once, by its initializer; its pointers lead to constants.
unsafe impl Sync for RestemPolicyApi {}
// SAFETY: as above.
unsafe impl Send for RestemPolicyApi {}
