//! Values inside the calls' structs.

/// The caller passed something that the call does not accept.
pub const RESTEM_ERROR_INVALID_ARGUMENT: u32 = 1;
/// The backend can't serve this device or data type; the message says why.
pub const RESTEM_ERROR_UNSUITABLE: u32 = 2;
/// The backend does not know how to do this.
pub const RESTEM_ERROR_UNSUPPORTED: u32 = 3;
/// The model directory is broken.
pub const RESTEM_ERROR_INVALID_MODEL: u32 = 4;
/// A file could not be read or written.
pub const RESTEM_ERROR_IO: u32 = 5;
/// Memory of the device or the host ran out.
pub const RESTEM_ERROR_OUT_OF_MEMORY: u32 = 6;
/// Anything else.
pub const RESTEM_ERROR_INTERNAL: u32 = 7;
/// A bug in the backend: it panicked. The model can only be closed.
pub const RESTEM_ERROR_PANIC: u32 = 8;

/// The sample goes on.
pub const RESTEM_FINISH_NONE: u32 = 0;
/// The token is one of the stop tokens.
pub const RESTEM_FINISH_STOP_TOKEN: u32 = 1;
/// `max_tokens` or the model's context is used up.
pub const RESTEM_FINISH_LENGTH: u32 = 2;

/// Cancel the samples listed.
pub const RESTEM_CANCEL_LISTED: u32 = 0;
/// Cancel every sample of the generation.
pub const RESTEM_CANCEL_ALL: u32 = 1;

/// A loaded model; only the backend looks inside.
#[repr(C)]
pub struct RestemModel {
    private: [u8; 0],
}

/// A stream of samples; only the backend looks inside.
#[repr(C)]
pub struct RestemGeneration {
    private: [u8; 0],
}

/// An optimizer and its state; only the backend looks inside.
#[repr(C)]
pub struct RestemTraining {
    private: [u8; 0],
}

/// UTF-8 text, not terminated.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct RestemText {
    /// First byte; may be null when `len` is 0.
    pub data: *const u8,
    /// Bytes.
    pub len: u64,
}

/// An error; whoever receives it calls `destroy` on it, once.
#[repr(C)]
#[derive(Debug)]
pub struct RestemError {
    /// Size of this struct in bytes.
    pub struct_size: u64,
    /// One of `RESTEM_ERROR_*`.
    pub code: u32,
    /// 0.
    pub reserved: u32,
    /// What failed and what to do; lives until `destroy`.
    pub message: RestemText,
    /// Frees the error.
    pub destroy: Option<unsafe extern "C" fn(*mut RestemError)>,
}

/// How tokens are drawn.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct RestemSampling {
    /// 0 is greedy; otherwise logits are divided by it.
    pub temperature: f32,
    /// Keep the smallest set of tokens whose probability reaches this; 1 keeps all.
    pub top_p: f32,
    /// Keep the k most likely tokens, before top_p; 0 keeps all.
    pub top_k: u32,
    /// A sample ends with this many new tokens, stop token included; at least 1.
    pub max_tokens: u32,
    /// A sample ends with one of these tokens.
    pub stop_tokens: *const u32,
    /// Number of stop_tokens.
    pub stop_tokens_len: u64,
}

/// One sample wanted.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestemSampleSeed {
    /// The caller's name for it; unique within the generation.
    pub id: u64,
    /// Its tokens depend on weights, prompt, sampling and this only, never on its neighbours.
    pub seed: u64,
}

/// One token drawn.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RestemToken {
    /// The sample's id.
    pub sample: u64,
    /// The token.
    pub token: u32,
    /// One of `RESTEM_FINISH_*`.
    pub finish: u32,
    /// Its log-probability in nats at temperature 1, before top_k and top_p.
    pub log_prob: f32,
    /// 0.
    pub reserved: u32,
}

/// A token sequence whose tail is looked at.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct RestemSequence {
    /// All tokens.
    pub tokens: *const u32,
    /// Number of tokens.
    pub tokens_len: u64,
    /// Index of the first target token, from 1 to tokens_len - 1; it and all after it are targets.
    pub target_from: u64,
    /// Weight of its target tokens in the training loss; log_probs ignores it.
    pub weight: f32,
    /// 0.
    pub reserved: u32,
}
