//! Bytes as tokens.

use restem_em::{Tokenizer, TokenizerError};

/// Ends a sequence.
pub(crate) const END: u32 = 256;
/// Begins one.
pub(crate) const BEGIN: u32 = 257;
/// Number of tokens.
pub(crate) const VOCABULARY: usize = 258;

/// How the end of a sequence is written in text, as `<eos>` or `<|endoftext|>` is for other models.
pub(crate) const END_TEXT: &str = "<end>";
/// The beginning, likewise.
pub(crate) const BEGIN_TEXT: &str = "<begin>";

/// A byte is its own id; `<end>` and `<begin>` in a text are the special tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct ByteTokenizer;

impl Tokenizer for ByteTokenizer {
    fn encode(&self, text: &str, special: bool) -> Result<Vec<u32>, TokenizerError> {
        let mut tokens: Vec<u32> = special.then_some(BEGIN).into_iter().collect();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            let mut special = [(END_TEXT, END), (BEGIN_TEXT, BEGIN)].into_iter();
            match special.find(|(name, _)| rest.starts_with(name)) {
                Some((name, token)) => {
                    tokens.push(token);
                    rest = &rest[name.len()..];
                }
                None => {
                    let (character, after) = rest.split_at(character.len_utf8());
                    tokens.extend(character.bytes().map(u32::from));
                    rest = after;
                }
            }
        }
        Ok(tokens)
    }

    fn decode(&self, tokens: &[u32]) -> Result<String, TokenizerError> {
        if let Some(unknown) = tokens.iter().find(|&&token| token >= VOCABULARY as u32) {
            return Err(TokenizerError(format!(
                "token {unknown} is not in the vocabulary"
            )));
        }
        let bytes: Vec<u8> = tokens
            .iter()
            .filter_map(|&token| u8::try_from(token).ok())
            .collect();
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn end_of_sequence(&self) -> &[u32] {
        &[END]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_comes_back_without_its_special_tokens() {
        let tokens = ByteTokenizer.encode("é<end>", true).unwrap();
        assert_eq!(tokens, [BEGIN, 0xc3, 0xa9, END]);
        assert_eq!(ByteTokenizer.decode(&tokens).unwrap(), "é");
        assert!(ByteTokenizer.decode(&[258]).is_err());
    }
}
