//! What an answer says once it has been found.

use crate::limits;
use crate::markup::peel;
use crate::number::Number;
use crate::text::normalised;

/// A final answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A number, exactly.
    Number(Number),
    /// Anything else, in normalised spelling.
    Text(String),
}

/// Why a text holds no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// Nothing is left once the wrapping is off.
    Empty,
    /// Longer than [`limits::ANSWER_BYTES`].
    TooLong {
        /// How long, in bytes.
        bytes: usize,
    },
}

impl Answer {
    /// Reads an answer out of its wrapping: a number, the number behind the last `=` of a chain (`3 + 4 = 7`), or text.
    ///
    /// # Errors
    /// [`NoAnswer`] when nothing is there, or too much.
    pub fn parse(text: &str) -> Result<Self, NoAnswer> {
        let inner = if text.len() > limits::ANSWER_BYTES {
            text.trim()
        } else {
            peel(text)
        };
        if inner.len() > limits::ANSWER_BYTES {
            return Err(NoAnswer::TooLong { bytes: inner.len() });
        }
        if let Some(number) = Number::parse(inner).or_else(|| result_of_chain(inner)) {
            return Ok(Self::Number(number));
        }
        let text = normalised(inner);
        if text.chars().any(|c| c.is_alphanumeric() || c == '\\' || c == '∞') {
            Ok(Self::Text(text))
        } else {
            Err(NoAnswer::Empty)
        }
    }
}

/// The number behind the last `=`, when what stands before is one expression and not a list (`x=1, y=2`).
fn result_of_chain(text: &str) -> Option<Number> {
    let (before, result) = text.rsplit_once('=')?;
    let list = before.contains([',', ';', '<', '>', '≤', '≥', '≠'])
        || before
            .split(|c: char| !c.is_alphabetic())
            .any(|word| matches!(word, "and" | "or" | "if" | "when"))
        || before.ends_with(['!', ':', '\\']);
    if list { None } else { Number::parse(peel(result)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Option<String> {
        match Answer::parse(text) {
            Ok(Answer::Number(number)) => Some(number.value.to_string()),
            _ => None,
        }
    }

    #[test]
    fn a_chain_ends_in_its_result() {
        assert_eq!(number("3 + 4 = 7").as_deref(), Some("7"));
        assert_eq!(number("$x = \\frac{1}{2}$.").as_deref(), Some("1/2"));
    }

    #[test]
    fn a_list_of_equations_is_no_number() {
        assert_eq!(number("x=1, y=2"), None);
        assert_eq!(number("x=1 and y=2"), None);
        assert_eq!(number("x<5"), None);
    }

    #[test]
    fn expressions_are_text() {
        for text in [
            "2x",
            "\\sqrt{2}",
            "3\\pi",
            "1204_9",
            "2^{10}",
            "(1,2)",
            "1,-2",
            "5!",
            "19 \\text{ and } 43",
        ] {
            assert!(matches!(Answer::parse(text), Ok(Answer::Text(_))), "{text}");
        }
    }

    #[test]
    fn markup_alone_is_no_answer() {
        for text in ["", " . ", "$$", "\\boxed{}", "**", "{}"] {
            assert_eq!(Answer::parse(text), Err(NoAnswer::Empty), "{text}");
        }
    }

    #[test]
    fn an_answer_has_a_largest_length() {
        let text = "x".repeat(limits::ANSWER_BYTES + 1);
        assert_eq!(
            Answer::parse(&text),
            Err(NoAnswer::TooLong {
                bytes: limits::ANSWER_BYTES + 1
            })
        );
    }
}
