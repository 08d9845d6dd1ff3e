//! Sizes of what crosses, in bytes where pointers have 64 bits. The header asserts the same.

use super::calls::{
    RestemCloseArgs, RestemGenCancelArgs, RestemGenCloseArgs, RestemGenOpenArgs, RestemGenStepArgs,
    RestemGenSubmitArgs, RestemIdentityArgs, RestemLogProbsArgs, RestemOpenArgs, RestemSaveArgs,
    RestemSuitabilityArgs, RestemTrainBeginArgs, RestemTrainEndArgs, RestemTrainStateArgs,
    RestemTrainStepArgs,
};
use super::table::RestemPolicyApi;
use super::values::{RestemError, RestemSampleSeed, RestemSampling, RestemSequence, RestemText, RestemToken};

macro_rules! sizes {
    ($($name:ident = $size:literal;)*) => {
        $(
            #[cfg(target_pointer_width = "64")]
            const _: () = assert!(size_of::<$name>() == $size, concat!(stringify!($name), " changed its size"));
        )*
    };
}

// A published size never changes within a major version, except that minor versions append.
sizes! {
    RestemText = 16;
    RestemError = 40;
    RestemSampling = 32;
    RestemSampleSeed = 16;
    RestemToken = 24;
    RestemSequence = 32;
    RestemSuitabilityArgs = 40;
    RestemOpenArgs = 80;
    RestemIdentityArgs = 88;
    RestemGenOpenArgs = 24;
    RestemGenSubmitArgs = 88;
    RestemGenStepArgs = 64;
    RestemGenCancelArgs = 48;
    RestemGenCloseArgs = 24;
    RestemLogProbsArgs = 56;
    RestemTrainBeginArgs = 64;
    RestemTrainStepArgs = 80;
    RestemTrainStateArgs = 40;
    RestemTrainEndArgs = 24;
    RestemSaveArgs = 48;
    RestemCloseArgs = 16;
    RestemPolicyApi = 192;
}
