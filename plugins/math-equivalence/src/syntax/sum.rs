//! Sums and products.

use super::Unparseable;
use super::list::is_separator;
use super::parser::{Parser, PlusMinus, scalar};
use super::token::Token;
use super::words;
use crate::tree::{Answer, Expr};

impl Parser<'_> {
    /// Terms with plus and minus between them.
    pub(super) fn sum(&mut self) -> Result<Answer, Unparseable> {
        self.deeper(|parser| {
            let negative = parser.signs();
            let first = parser.product()?;
            let mut total = if negative { negated(first)? } else { first };
            while parser.peek().is_some_and(is_additive) {
                let negative = parser.signs();
                let term = parser.product()?;
                let term = if negative { negated(term)? } else { term };
                total = added(total, term)?;
            }
            Ok(total)
        })
    }

    /// Signs in a row; whether they make a minus.
    pub(super) fn signs(&mut self) -> bool {
        let mut negative = false;
        while let Some(Token::Sign(sign @ ('+' | '-' | '±' | '∓'))) = self.peek() {
            self.advance(1);
            let minus = match (sign, self.choice) {
                ('±', choice) => {
                    self.chose = true;
                    choice == PlusMinus::Minus
                }
                ('∓', choice) => {
                    self.chose = true;
                    choice == PlusMinus::Plus
                }
                (sign, _) => *sign == '-',
            };
            negative ^= minus;
        }
        negative
    }

    /// Factors, with signs between them or side by side.
    pub(super) fn product(&mut self) -> Result<Answer, Unparseable> {
        let mut total = self.factor(Place::First)?;
        loop {
            if self.eat('*') {
                let factor = self.signed_factor()?;
                total = multiplied(total, factor)?;
            } else if self.eat('/') || self.eat('÷') {
                let divisor = scalar(self.signed_factor()?)?;
                total = match total {
                    Answer::Value(over @ Expr::Number(_)) => Answer::Value(over.over(divisor)),
                    over => multiplied(over, Answer::Value(divisor.inverted()))?,
                };
            } else if self.starts_factor() {
                let factor = self.factor(Place::Beside)?;
                total = multiplied(total, factor)?;
            } else {
                return Ok(total);
            }
        }
    }

    /// A factor behind an operation, where a sign may stand: `3 \times -2`.
    pub(super) fn signed_factor(&mut self) -> Result<Answer, Unparseable> {
        let negative = self.signs();
        let factor = self.factor(Place::First)?;
        if negative { negated(factor) } else { Ok(factor) }
    }

    /// Whether the next token begins a factor beside the last one.
    fn starts_factor(&self) -> bool {
        let Some(token) = self.peek() else { return false };
        match token {
            Token::Letter(_) | Token::GroupOpen => !self.group_of_words(),
            // A number beside a number is a missing sign; `x2` and `)2` are products.
            Token::Number(_) => true,
            Token::Macro(name) => !matches!(name.as_str(), "end" | "choose" | "over" | "rfloor" | "rceil"),
            Token::Word(word) => {
                !is_separator(token) && (words::is_formula(word) || self.letters(word).is_some())
            }
            Token::Sign(sign) => match sign {
                '(' | '[' | '⟨' | '√' => true,
                '|' => self.bars == 0,
                _ => false,
            },
            Token::BraceOpen => false,
            _ => false,
        }
    }

    /// `{kg}`: a group of words is a unit and no factor.
    fn group_of_words(&self) -> bool {
        self.peek() == Some(&Token::GroupOpen)
            && matches!(self.peek_at(1), Some(Token::Word(word) | Token::Text(word)) if !words::is_formula(word))
            && self.peek_at(2) == Some(&Token::GroupClose)
    }
}

/// Where a factor stands: only a first one can be the whole part of a mixed number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    First,
    Beside,
}

const fn is_additive(token: &Token) -> bool {
    matches!(token, Token::Sign('+' | '-' | '±' | '∓'))
}

fn negated(answer: Answer) -> Result<Answer, Unparseable> {
    multiplied(Answer::Value(Expr::integer(-1)), answer)
}

fn added(one: Answer, other: Answer) -> Result<Answer, Unparseable> {
    Ok(Answer::Value(scalar(one)?.plus(scalar(other)?)))
}

/// A product; a number times a matrix or a vector multiplies its entries.
fn multiplied(one: Answer, other: Answer) -> Result<Answer, Unparseable> {
    match (one, other) {
        (Answer::Value(Expr::Number(minus)), Answer::Value(expr)) if minus == (-1).into() => {
            Ok(Answer::Value(expr.negated()))
        }
        (Answer::Value(one), Answer::Value(other)) => Ok(Answer::Value(one.times(other))),
        (Answer::Value(factor), Answer::Matrix(rows)) | (Answer::Matrix(rows), Answer::Value(factor)) => {
            Ok(Answer::Matrix(
                rows.into_iter()
                    .map(|row| row.into_iter().map(|entry| factor.clone().times(entry)).collect())
                    .collect(),
            ))
        }
        (Answer::Value(factor), Answer::Sequence(mut sequence)) => {
            sequence.items = sequence
                .items
                .into_iter()
                .map(|item| Ok(Answer::Value(factor.clone().times(scalar(item)?))))
                .collect::<Result<_, Unparseable>>()?;
            Ok(Answer::Sequence(sequence))
        }
        (one, _) => scalar(one).map(Answer::Value).and(Err(Unparseable::Unsupported {
            what: "a product of structures".to_owned(),
        })),
    }
}
