//! The raw ABI: what `include/restem_policy.h` declares, in Rust.
//!
//! Rules that hold for every call:
//!
//! - It takes one struct that begins with `struct_size`, which the caller sets to the size it was compiled with. Minor
//!   versions only append fields, to these structs and to the table, so a smaller size means that later fields are missing.
//! - It returns null, or an error that the caller owns and gives back to the error's own `destroy`.
//! - Only pointers, lengths, fixed-width integers and floats cross. A pointer with length 0 is not read.
//! - Memory belongs to who made it. What the caller passes is read during the call only; how long results live is said
//!   with each.
//! - A model, with all that was opened from it, is used by one thread at a time; that need not always be the same one, and
//!   other threads may use other models meanwhile.

mod calls;
mod sizes;
mod table;
mod values;

pub use calls::{
    RestemCloseArgs, RestemGenCancelArgs, RestemGenCloseArgs, RestemGenOpenArgs, RestemGenStepArgs,
    RestemGenSubmitArgs, RestemIdentityArgs, RestemLogProbsArgs, RestemOpenArgs, RestemSaveArgs,
    RestemSuitabilityArgs, RestemTrainBeginArgs, RestemTrainEndArgs, RestemTrainStateArgs,
    RestemTrainStepArgs,
};
pub use table::{RESTEM_POLICY_ABI_MAJOR, RESTEM_POLICY_ABI_MINOR, RestemPolicyApi};
pub use values::{
    RESTEM_CANCEL_ALL, RESTEM_CANCEL_LISTED, RESTEM_ERROR_INTERNAL, RESTEM_ERROR_INVALID_ARGUMENT,
    RESTEM_ERROR_INVALID_MODEL, RESTEM_ERROR_IO, RESTEM_ERROR_OUT_OF_MEMORY, RESTEM_ERROR_PANIC,
    RESTEM_ERROR_UNSUITABLE, RESTEM_ERROR_UNSUPPORTED, RESTEM_FINISH_LENGTH, RESTEM_FINISH_NONE,
    RESTEM_FINISH_STOP_TOKEN, RestemError, RestemGeneration, RestemModel, RestemSampleSeed, RestemSampling,
    RestemSequence, RestemText, RestemToken, RestemTraining,
};

/// The symbol that a backend exports: `const RestemPolicyApi *restem_policy_api_v1(void)`.
pub const ENTRY_POINT: &str = "restem_policy_api_v1";

/// The type of [`ENTRY_POINT`].
pub type EntryPoint = unsafe extern "C" fn() -> *const RestemPolicyApi;
