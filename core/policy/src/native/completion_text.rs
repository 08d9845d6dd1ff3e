//! A completion that grows token by token, and the stop strings in it.

use restem_em::{Tokenizer, TokenizerError};

/// So many tokens without a whole character are garbage, not the beginning of one: a character has at most 4 bytes.
const LONGEST_CHARACTER: usize = 4;

/// What ends a completion: texts before which it is cut.
#[derive(Debug)]
pub(super) struct StopStrings<'a> {
    strings: &'a [String],
    /// Length of the longest in bytes.
    longest: usize,
}

impl<'a> StopStrings<'a> {
    /// `None` when one of them is empty: it would end every completion before it begins.
    pub(super) fn new(strings: &'a [String]) -> Option<Self> {
        let longest = strings.iter().map(String::len).max().unwrap_or(0);
        strings
            .iter()
            .all(|string| !string.is_empty())
            .then_some(Self { strings, longest })
    }

    /// Where the first of them begins in `text`.
    fn find(&self, text: &str) -> Option<usize> {
        self.strings
            .iter()
            .filter_map(|string| text.find(string.as_str()))
            .min()
    }
}

/// A completion's tokens and as much of its text as a stop string may span.
///
/// Only a window of the last tokens is decoded for each new one: what stood before it can't change any more. Because a
/// token may be a part of a character, and because some tokenizers treat a text's first word differently, the window
/// begins a few tokens early and its known part is cut off.
#[derive(Debug, Default)]
pub(super) struct CompletionText {
    tokens: Vec<u32>,
    /// The window begins here,
    window: usize,
    /// and is text until here.
    known: usize,
    /// Text of `tokens[window..known]`.
    known_text: String,
    /// The end of all known text, one byte shorter than the longest stop string.
    tail: String,
}

impl CompletionText {
    /// Adds a token. Returns whether the text now holds a stop string.
    pub(super) fn push(
        &mut self,
        token: u32,
        tokenizer: &dyn Tokenizer,
        stops: &StopStrings<'_>,
    ) -> Result<bool, TokenizerError> {
        self.tokens.push(token);
        if stops.longest == 0 {
            return Ok(false);
        }
        let text = tokenizer.decode(&self.tokens[self.window..])?;
        let fresh = self.tokens.len() - self.known;
        if text.ends_with(char::REPLACEMENT_CHARACTER) && fresh < LONGEST_CHARACTER {
            return Ok(false);
        }
        match text.strip_prefix(self.known_text.as_str()) {
            Some(new) => self.tail.push_str(new),
            // The new tokens changed how those before them read: rare, and then the whole text tells.
            None => self.tail = tokenizer.decode(&self.tokens)?,
        }
        let found = stops.find(&self.tail).is_some();
        self.window = self.known;
        self.known = self.tokens.len();
        self.known_text = tokenizer.decode(&self.tokens[self.window..])?;
        let excess = (self.tail.len() + 1).saturating_sub(stops.longest);
        let cut = (excess..=self.tail.len()).find(|&at| self.tail.is_char_boundary(at));
        self.tail.drain(..cut.unwrap_or(self.tail.len()));
        Ok(found && stops.find(&tokenizer.decode(&self.tokens)?).is_some())
    }

    /// Number of tokens.
    pub(super) const fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The whole text without its last `dropped` tokens, cut before the first stop string; and whether there was one.
    pub(super) fn finish(
        &self,
        dropped: usize,
        tokenizer: &dyn Tokenizer,
        stops: &StopStrings<'_>,
    ) -> Result<(String, bool), TokenizerError> {
        let mut text = tokenizer.decode(&self.tokens[..self.tokens.len() - dropped])?;
        let cut = stops.find(&text);
        text.truncate(cut.unwrap_or(text.len()));
        Ok((text, cut.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use restem_scripted_backend::ByteTokenizer;

    use super::*;

    /// Drives a completion as the sampler does: until a stop string is seen.
    fn run(tokens: &[u32], stops: &[String], tokenizer: &dyn Tokenizer) -> (String, usize) {
        let stops = StopStrings::new(stops).unwrap();
        let mut text = CompletionText::default();
        for &token in tokens {
            if text.push(token, tokenizer, &stops).unwrap() {
                break;
            }
        }
        (text.finish(0, tokenizer, &stops).unwrap().0, text.len())
    }

    /// What `run` should give: the first tokens whose whole text holds a stop string, cut before it.
    fn expected(tokens: &[u32], stops: &[String], tokenizer: &dyn Tokenizer) -> (String, usize) {
        let cut = |used: usize| {
            let mut text = tokenizer.decode(&tokens[..used]).unwrap();
            let first = stops.iter().filter_map(|stop| text.find(stop.as_str())).min();
            text.truncate(first.unwrap_or(text.len()));
            (first.is_some() || used == tokens.len()).then_some((text, used))
        };
        (0..=tokens.len()).find_map(cut).unwrap()
    }

    /// Words as tokens, as sentence-piece does it: a word carries the space before it, which is lost at the beginning.
    struct Words;

    impl Tokenizer for Words {
        fn encode(&self, _text: &str, _special: bool) -> Result<Vec<u32>, TokenizerError> {
            Ok(Vec::new())
        }

        fn decode(&self, tokens: &[u32]) -> Result<String, TokenizerError> {
            let words = [" a", " b", "c", "\n", " ab"];
            let text: String = tokens
                .iter()
                .map(|&token| words[token as usize % words.len()])
                .collect();
            Ok(text.strip_prefix(' ').map(str::to_owned).unwrap_or(text))
        }

        fn end_of_sequence(&self) -> &[u32] {
            &[]
        }
    }

    #[test]
    fn a_stop_string_is_found_across_tokens_and_inside_characters() {
        let tokens = ByteTokenizer.encode("eins é\n\nQ: zwei", false).unwrap();
        let stops = ["\nQ".to_owned(), "é\n\n".to_owned()];
        assert_eq!(run(&tokens, &stops, &ByteTokenizer), ("eins ".to_owned(), 9));
    }

    #[test]
    fn an_empty_stop_string_is_refused() {
        assert!(StopStrings::new(&[String::new()]).is_none());
    }

    proptest! {
        #[test]
        fn stopping_early_cuts_text_where_the_whole_text_would_be_cut(
            text in "[abé\n☃]{0,40}",
            stops in proptest::collection::vec("[abé\n☃]{1,4}", 0..3),
        ) {
            let tokens = ByteTokenizer.encode(&text, false).unwrap();
            prop_assert_eq!(run(&tokens, &stops, &ByteTokenizer), expected(&tokens, &stops, &ByteTokenizer));
        }

        #[test]
        fn bytes_that_are_no_text_are_cut_in_the_same_place(
            tokens in proptest::collection::vec(prop_oneof![0_u32..257, Just(97), Just(98)], 0..40),
            stops in proptest::collection::vec("[ab]{1,3}", 0..3),
        ) {
            prop_assert_eq!(run(&tokens, &stops, &ByteTokenizer), expected(&tokens, &stops, &ByteTokenizer));
        }

        #[test]
        fn words_that_depend_on_their_place_are_cut_in_the_same_place(
            tokens in proptest::collection::vec(0_u32..5, 0..30),
            stops in proptest::collection::vec("[abc \n]{1,4}", 0..3),
        ) {
            prop_assert_eq!(run(&tokens, &stops, &Words), expected(&tokens, &stops, &Words));
        }
    }
}
