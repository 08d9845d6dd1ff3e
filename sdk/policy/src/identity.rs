//! What a model runs on.

/// What a model runs on, after automatic choices: part of a run's identity, since other arithmetic draws other tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelIdentity {
    /// Device, such as `cpu` or `cuda:0`.
    pub device: String,
    /// Data type of weights and products, such as `bf16`.
    pub dtype: String,
    /// Rows of a decode step; 0 if that means nothing here.
    pub rows: u32,
    /// Threads of a matrix product; 0 if that means nothing here.
    pub threads: u32,
    /// Bytes that keys and values of a generation may take, which changes no sample; 0 if the backend does not tell.
    pub cache_bytes: u64,
    /// Bytes of a token's keys and values; 0 if the backend does not tell.
    pub token_bytes: u64,
    /// Which instructions compute, where devices of one kind differ in them and so in the last digits, such as `AVX2`; empty if the
    /// backend does not tell.
    pub instructions: String,
}
