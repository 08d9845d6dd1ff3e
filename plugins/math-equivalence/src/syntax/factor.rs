//! An atom with what stands behind it: powers, factorials, degree and percent signs.

use super::Unparseable;
use super::parser::{Parser, scalar};
use super::signs;
use super::sum::Place;
use super::token::Token;
use crate::tree::{Answer, Expr, Function};

impl Parser<'_> {
    /// An atom with its postfixes.
    pub(super) fn factor(&mut self, place: Place) -> Result<Answer, Unparseable> {
        let atom = self.deeper(|parser| parser.atom(place))?;
        self.postfixes(atom)
    }

    fn postfixes(&mut self, mut value: Answer) -> Result<Answer, Unparseable> {
        loop {
            value = match self.peek() {
                Some(Token::Sign('^')) => {
                    self.advance(1);
                    self.raised(value)?
                }
                Some(Token::Sign('!')) => {
                    self.advance(1);
                    Answer::Value(Expr::apply(Function::Factorial, scalar(value)?))
                }
                Some(Token::Sign('%')) => {
                    self.advance(1);
                    Answer::Value(signs::percent(scalar(value)?))
                }
                Some(Token::Sign('°')) => {
                    self.advance(1);
                    Answer::Value(signs::degrees(scalar(value)?))
                }
                _ => return Ok(value),
            };
        }
    }

    /// What a value to the exponent that follows is: a degree sign, a transpose, or a power.
    fn raised(&mut self, base: Answer) -> Result<Answer, Unparseable> {
        let group = self.peek() == Some(&Token::GroupOpen);
        let inner = usize::from(group);
        let closed = !group || self.peek_at(2) == Some(&Token::GroupClose);
        match self.peek_at(inner) {
            Some(Token::Sign('°')) if closed => {
                self.advance(if group { 3 } else { 1 });
                return Ok(Answer::Value(signs::degrees(scalar(base)?)));
            }
            // `6345^{}`: an exponent that says nothing.
            Some(Token::GroupClose) if group => {
                self.advance(2);
                return Ok(base);
            }
            Some(Token::Letter(letter)) if closed && letter == "T" => match base {
                Answer::Matrix(rows) => {
                    self.advance(if group { 3 } else { 1 });
                    return Ok(Answer::Matrix(transposed(&rows)));
                }
                Answer::Sequence(_) => {
                    self.advance(if group { 3 } else { 1 });
                    return Ok(base);
                }
                _ => {}
            },
            _ => {}
        }
        let base = scalar(base)?;
        let exponent = self.exponent()?;
        Ok(Answer::Value(base.to(exponent)))
    }

    /// A group, or one atom with its sign; towers without braces group from the right.
    pub(super) fn exponent(&mut self) -> Result<Expr, Unparseable> {
        self.deeper(|parser| {
            let negative = parser.signs();
            let atom = scalar(parser.deeper(|parser| parser.atom(Place::Beside))?)?;
            let exponent = if parser.eat('^') {
                atom.to(parser.exponent()?)
            } else {
                atom
            };
            Ok(if negative { exponent.negated() } else { exponent })
        })
    }
}

fn transposed(rows: &[Vec<Expr>]) -> Vec<Vec<Expr>> {
    let columns = rows.first().map_or(0, Vec::len);
    (0..columns)
        .map(|column| rows.iter().map(|row| row[column].clone()).collect())
        .collect()
}
