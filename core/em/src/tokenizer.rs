//! Text to tokens and back.

/// A tokenizer's failure.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TokenizerError(pub String);

/// Text to token ids and back, as the model's own tokenizer does it.
pub trait Tokenizer: Send + Sync {
    /// Token ids of `text`, with the special tokens that the model expects in front (BOS) when `special`.
    ///
    /// # Errors
    /// [`TokenizerError`] when the text can't be encoded.
    fn encode(&self, text: &str, special: bool) -> Result<Vec<u32>, TokenizerError>;

    /// Text of `tokens`, special tokens left out.
    ///
    /// # Errors
    /// [`TokenizerError`] when an id is not in the vocabulary.
    fn decode(&self, tokens: &[u32]) -> Result<String, TokenizerError>;

    /// Ids that end a sequence.
    fn end_of_sequence(&self) -> &[u32];
}
