//! Reading an answer's notation, LaTeX or plain text, into a [`tree`](crate::tree).
//!
//! The lexer cuts the text into tokens without layout; the parser's files follow the grammar from the outside in: `list`, `relation`,
//! `operand`, `sum`, `factor`, `atom`. What no rule reads becomes [`Answer::Text`] with the reason; nothing panics, and depth, tokens and
//! digits have limits.

mod atom;
mod bracket;
mod factor;
mod function;
mod lexer;
mod list;
mod macros;
mod matrix;
mod names;
mod numeral;
mod operand;
mod parser;
mod relation;
mod signs;
mod sum;
mod token;
mod whole;
pub mod words;

#[cfg(test)]
mod tests;

use crate::tree::{Answer, Expr, Relation, Sign, Text};

/// Why a text is no formula that this grammar reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unparseable {
    /// A token where the grammar has no place for it.
    #[error("{found} has no place there")]
    Unexpected {
        /// The token, as an error shows it.
        found: String,
    },
    /// The text ends too early.
    #[error("it ends where something must follow")]
    Ends,
    /// A bracket that is not closed.
    #[error("`{what}` is not closed")]
    Open {
        /// The opening bracket.
        what: &'static str,
    },
    /// Notation that is known and not supported.
    #[error("{what} can't be read")]
    Unsupported {
        /// What it is.
        what: String,
    },
    /// Larger than a limit.
    #[error("it has more than {limit} {name}")]
    Limit {
        /// Of what.
        name: &'static str,
        /// How many are allowed.
        limit: usize,
    },
}

/// Reads one answer out of which the wrapping has been [peeled](crate::markup::peel). Never fails: what can't be read is text.
#[must_use]
pub fn read(text: &str) -> Answer {
    // Most answers are one numeral.
    if let Some(value) = numeral::alone(text) {
        return Answer::Value(Expr::Number(value));
    }
    match formula(text) {
        Ok(answer) => answer,
        Err(reason) => result_of_unread(text).unwrap_or_else(|| unread(text, &reason)),
    }
}

fn unread(text: &str, reason: &Unparseable) -> Answer {
    Answer::Text(Text {
        spelling: crate::text::normalised(text),
        unread: Some(reason.to_string()),
    })
}

/// `1 - 2 + \dots - 100 = -50`: an equation whose left side can't be read still says its result.
fn result_of_unread(text: &str) -> Option<Answer> {
    let (left, right) = text.rsplit_once('=')?;
    if left.ends_with(['<', '>', '!', '\\']) {
        return None;
    }
    let result = formula(crate::markup::peel(right)).ok()?;
    let reason = formula(left).err()?;
    matches!(result, Answer::Value(_) | Answer::Quantity(..)).then(|| {
        Answer::Relation(Relation {
            sides: vec![unread(left, &reason), result],
            signs: vec![Sign::Equal],
        })
    })
}

fn formula(text: &str) -> Result<Answer, Unparseable> {
    let tokens = lexer::tokens(text)?;
    if let Some(answer) = whole::read(text, &tokens) {
        return Ok(answer);
    }
    let mut parser = parser::Parser::new(&tokens);
    let answer = parser.list()?;
    parser.end()?;
    Ok(answer)
}
