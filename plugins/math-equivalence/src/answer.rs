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

/// The number behind the last `=`, when everything before names it (`x`, `f(3)`, `Total cost`) or is arithmetic
/// without letters (`3 + 4`). An equation (`x+y=0`, `2x=4`) and a list (`x=1, y=2`) are no numbers.
fn result_of_chain(text: &str) -> Option<Number> {
    let (before, result) = text.rsplit_once('=')?;
    let leads_there = before
        .split('=')
        .all(|part| is_name(part.trim()) || is_arithmetic(part));
    if leads_there {
        Number::parse(peel(result))
    } else {
        None
    }
}

/// One letter with an index or an argument, or words of at least three letters.
fn is_name(text: &str) -> bool {
    let words = text
        .split_whitespace()
        .all(|word| word.len() >= 3 && word.chars().all(char::is_alphabetic));
    let mut signs = text.chars();
    let letter = signs.next().is_some_and(|c| c.is_ascii_alphabetic());
    let rest = signs.as_str();
    let index = rest.strip_prefix('_').is_some_and(|index| {
        index
            .trim_matches(['{', '}'])
            .chars()
            .all(|c| c.is_ascii_alphanumeric())
    });
    let argument = rest
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .is_some_and(|argument| argument.chars().all(|c| c.is_ascii_alphanumeric()));
    (words && !text.is_empty()) || (letter && (rest.is_empty() || index || argument))
}

/// Digits and operations; letters only in the macros that write them.
fn is_arithmetic(text: &str) -> bool {
    const OPERATIONS: [&str; 9] = [
        "\\times", "\\cdot", "\\div", "\\dfrac", "\\tfrac", "\\frac", "\\left", "\\right", "\\%",
    ];
    let bare = OPERATIONS
        .iter()
        .fold(text.to_owned(), |text, macro_name| text.replace(macro_name, ""));
    bare.chars().any(|c| c.is_ascii_digit())
        && bare
            .chars()
            .all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-−*/×÷^(){}.%$".contains(c))
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
        assert_eq!(number("6 \\times 4 = 24 - 0 = 24").as_deref(), Some("24"));
        assert_eq!(number("f(3) = 5").as_deref(), Some("5"));
        assert_eq!(number("Total cost = \\$5").as_deref(), Some("5"));
    }

    #[test]
    fn equations_and_lists_of_them_are_no_numbers() {
        for text in [
            "x+y-z+1=0",
            "2x=4",
            "xy = 6",
            "x=1, y=2",
            "x=1 and y=2",
            "x<5",
            "x \\leq=5",
            "(x+y)^2=81",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
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
