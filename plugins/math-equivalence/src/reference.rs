//! References: what completions are compared with.

use crate::config::{Config, Method};
use crate::decide::canonical;
use crate::extract::extract;
use crate::limits;
use crate::markup::peel;
use crate::syntax;
use crate::tree::Answer;
use crate::units::Unit;

/// A reference that has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    answer: Answer,
    canonical: String,
}

/// Why a reference can't be used: the problem is malformed, whatever a completion says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadReference {
    /// It holds no number, letter or formula.
    #[error("it holds no answer; give the final answer, such as 12 or \\frac{{1}}{{2}}")]
    Empty,
    /// It is running text that marks no answer: comparing texts would call every completion wrong.
    #[error(
        "it is running text of {current} words and marks no answer, the limit is {limit}; give the final answer \
         alone, or mark it with \\boxed{{…}} or ####"
    )]
    Prose {
        /// Words counted.
        current: usize,
        /// [`limits::REFERENCE_WORDS`].
        limit: usize,
    },
    /// Its answer is too long to compare.
    #[error(
        "its answer has {current} bytes, the limit is {limit}; give the final answer alone, or mark it with \
         \\boxed{{…}} or ####"
    )]
    TooLong {
        /// How long, in bytes.
        current: usize,
        /// [`limits::ANSWER_BYTES`].
        limit: usize,
    },
}

impl Reference {
    /// Reads a reference: a bare answer, or a whole solution that marks one (`####` as in GSM8K, a box as in MATH, or
    /// "the answer is").
    ///
    /// # Errors
    /// [`BadReference`] when there is no answer in it.
    pub fn parse(text: &str, config: &Config) -> Result<Self, BadReference> {
        let marked = extract(text, &[Method::Boxed, Method::Hashes, Method::AnswerIs]);
        let text = marked.as_ref().map_or(text, |found| found.text(text));
        let inner = if text.len() > limits::ANSWER_BYTES {
            text.trim()
        } else {
            peel(text)
        };
        if inner.len() > limits::ANSWER_BYTES {
            return Err(BadReference::TooLong {
                current: inner.len(),
                limit: limits::ANSWER_BYTES,
            });
        }
        if !says_something(inner) {
            return Err(BadReference::Empty);
        }
        let answer = syntax::read(inner);
        if holds_words(&answer) {
            let words = text.split_whitespace().filter(|word| is_word(word)).count();
            if words > limits::REFERENCE_WORDS {
                return Err(BadReference::Prose {
                    current: words,
                    limit: limits::REFERENCE_WORDS,
                });
            }
        }
        let canonical = canonical(&answer, config);
        Ok(Self { answer, canonical })
    }

    /// The answer that completions must give.
    #[must_use]
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Its canonical form.
    #[must_use]
    pub fn canonical(&self) -> &str {
        &self.canonical
    }
}

/// Whether a text holds a letter, a digit or a formula's sign, rather than markup alone.
pub(crate) fn says_something(text: &str) -> bool {
    text.contains(|c: char| c.is_alphanumeric() || matches!(c, '\\' | '∞' | '∅'))
}

/// Whether an answer is words, or a list or equation with words in it.
fn holds_words(answer: &Answer) -> bool {
    match answer {
        Answer::Text(_) => true,
        Answer::Quantity(_, Unit::Other(_)) => true,
        Answer::List(items) | Answer::Set(items) => items.iter().any(holds_words),
        Answer::Relation(relation) => relation.sides.iter().any(holds_words),
        _ => false,
    }
}

/// Whether a piece of text is a word of prose: two letters or more, no macro.
fn is_word(text: &str) -> bool {
    let text = text.trim_end_matches(['.', ',', ';', ':', '?', '!']);
    text.chars().count() > 1 && text.chars().all(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_without_an_answer_is_refused() {
        let error = |text: &str| Reference::parse(text, &Config::default()).unwrap_err();
        insta::assert_snapshot!(error(" $$ "), @r"it holds no answer; give the final answer, such as 12 or \frac{1}{2}");
        let prose =
            "She sold half of them on Monday and all the rest on Tuesday, so that nothing at all was left";
        insta::assert_snapshot!(error(prose), @r"it is running text of 20 words and marks no answer, the limit is 12; give the final answer alone, or mark it with \boxed{…} or ####");
        insta::assert_snapshot!(error(&"x".repeat(3000)), @r"its answer has 3000 bytes, the limit is 2048; give the final answer alone, or mark it with \boxed{…} or ####");
    }

    #[test]
    fn the_marked_answer_of_a_whole_solution_is_the_reference() {
        let canonical = |text| {
            Reference::parse(text, &Config::default())
                .unwrap()
                .canonical()
                .to_owned()
        };
        assert_eq!(canonical("9 * 2 = <<9*2=18>>18.\n#### 1,018"), "1018");
        assert_eq!(canonical("It is $\\boxed{\\frac{2}{4}}$."), "1/2");
        assert_eq!(canonical("6 * 4 = 24. The answer is 24."), "24");
        assert_eq!(canonical(" \\text{Friday} "), "friday");
    }
}
