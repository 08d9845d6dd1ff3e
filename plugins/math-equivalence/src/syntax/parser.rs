//! The parser's state: where it stands, and how deep.

use super::Unparseable;
use super::signs;
use super::token::{Spaced, Token};
use crate::limits;
use crate::tree::{Answer, Expr};
use crate::units::{Currency, Unit};

/// Reads tokens from left to right.
pub(super) struct Parser<'t> {
    tokens: &'t [Spaced],
    at: usize,
    depth: usize,
    /// Digits already taken from the numeral at hand, by macros that take one each: `\frac12`.
    pub(super) digits_taken: usize,
    /// Which sign `±` stands for at the moment.
    pub(super) choice: PlusMinus,
    /// Whether a `±` has been read since this was last cleared.
    pub(super) chose: bool,
    /// Open absolute values and set builders: here a bar closes instead of opening.
    pub(super) bars: usize,
    /// Open set builders: here a colon ends the item instead of making a ratio.
    pub(super) builders: usize,
    /// Open brackets of functions: in `\cosh(at)` two letters are a product, whatever they spell.
    pub(super) arguments: usize,
    /// The money sign read within the current operand.
    pub(super) money: Option<Currency>,
}

/// A reading of `±`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlusMinus {
    Plus,
    Minus,
}

impl<'t> Parser<'t> {
    pub(super) fn new(tokens: &'t [Spaced]) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
            digits_taken: 0,
            choice: PlusMinus::Plus,
            chose: false,
            bars: 0,
            builders: 0,
            arguments: 0,
            money: None,
        }
    }

    pub(super) fn peek(&self) -> Option<&'t Token> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<&'t Token> {
        self.tokens.get(self.at + ahead).map(|spaced| &spaced.token)
    }

    /// Whether the token so far ahead has space before it.
    pub(super) fn spaced_at(&self, ahead: usize) -> bool {
        self.tokens.get(self.at + ahead).is_some_and(|token| token.spaced)
    }

    pub(super) fn next(&mut self) -> Result<&'t Token, Unparseable> {
        let token = self.peek().ok_or(Unparseable::Ends)?;
        self.at += 1;
        Ok(token)
    }

    pub(super) fn advance(&mut self, tokens: usize) {
        self.at = (self.at + tokens).min(self.tokens.len());
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) const fn rewind(&mut self, position: usize) {
        self.digits_taken = 0;
        self.at = position;
    }

    pub(super) fn eat(&mut self, sign: char) -> bool {
        let found = self.peek().is_some_and(|token| token.is(sign));
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat_token(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, wanted: &Token, opening: &'static str) -> Result<(), Unparseable> {
        if self.eat_token(wanted) {
            return Ok(());
        }
        Err(match self.peek() {
            Some(_) => self.unexpected(),
            None => Unparseable::Open { what: opening },
        })
    }

    /// That the token here has no place here.
    pub(super) fn unexpected(&self) -> Unparseable {
        self.peek()
            .map_or(Unparseable::Ends, |token| Unparseable::Unexpected {
                found: token.shown(),
            })
    }

    /// # Errors
    /// When something is left.
    pub(super) fn end(&self) -> Result<(), Unparseable> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.unexpected()),
        }
    }

    /// Reads one level deeper.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Unparseable>,
    ) -> Result<T, Unparseable> {
        if self.depth >= limits::DEPTH {
            return Err(Unparseable::Limit {
                name: "levels of nesting",
                limit: limits::DEPTH,
            });
        }
        self.depth += 1;
        let result = read(self);
        self.depth -= 1;
        result
    }
}

/// The scalar that an answer is.
pub(super) fn scalar(answer: Answer) -> Result<Expr, Unparseable> {
    match answer {
        Answer::Value(expr) => Ok(expr),
        Answer::Quantity(expr, Unit::Percent) => Ok(signs::resolved(signs::percent(expr))),
        Answer::Quantity(expr, unit) if unit == Unit::named("degree") => {
            Ok(signs::resolved(signs::degrees(expr)))
        }
        _ => Err(Unparseable::Unsupported {
            what: "arithmetic on lists, sets or units".to_owned(),
        }),
    }
}
