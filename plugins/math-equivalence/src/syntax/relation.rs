//! `0 < x \le 3`, `y = 2x + 1`, `A \cup B`, `3 : 4`.

use super::Unparseable;
use super::parser::{Parser, scalar};
use super::token::Token;
use crate::tree::{Answer, Relation, Sign};

impl Parser<'_> {
    /// Sides with signs between; one side alone is itself.
    pub(super) fn relation(&mut self) -> Result<Answer, Unparseable> {
        // `= 5` and `\approx 5`: what stood before the sign is elsewhere in the text.
        while self.eat('=') || self.eat('≈') || self.eat(':') {}
        let mut sides = vec![self.union()?];
        let mut signs = Vec::new();
        while let Some(sign) = self.peek().and_then(sign) {
            self.advance(1);
            if self.peek().is_none() {
                return Err(Unparseable::Ends);
            }
            signs.push(sign);
            sides.push(self.union()?);
        }
        Ok(if signs.is_empty() {
            sides.swap_remove(0)
        } else {
            Answer::Relation(Relation { sides, signs })
        })
    }

    /// `A \cup B \setminus C`, from the left.
    fn union(&mut self) -> Result<Answer, Unparseable> {
        let mut total = self.ratio()?;
        loop {
            if self.eat('∪') {
                let part = self.ratio()?;
                total = match total {
                    Answer::Union(mut parts) => {
                        parts.push(part);
                        Answer::Union(parts)
                    }
                    first => Answer::Union(vec![first, part]),
                };
            } else if self.eat('∖') {
                let part = self.ratio()?;
                total = Answer::Without(Box::new(total), Box::new(part));
            } else {
                return Ok(total);
            }
        }
    }

    /// `3 : 4`.
    fn ratio(&mut self) -> Result<Answer, Unparseable> {
        let first = self.operand()?;
        if self.builders > 0 || !self.peek().is_some_and(|token| token.is(':')) {
            return Ok(first);
        }
        let mut parts = vec![scalar(first)?];
        while self.eat(':') {
            let part = self.operand()?;
            parts.push(scalar(part)?);
        }
        Ok(Answer::Ratio(parts))
    }
}

fn sign(token: &Token) -> Option<Sign> {
    let Token::Sign(sign) = token else { return None };
    Some(match sign {
        '=' => Sign::Equal,
        '≠' => Sign::NotEqual,
        '<' => Sign::Less,
        '≤' => Sign::LessOrEqual,
        '>' => Sign::Greater,
        '≥' => Sign::GreaterOrEqual,
        '≈' => Sign::Approximately,
        '∈' => Sign::In,
        '≡' => Sign::Congruent,
        _ => return None,
    })
}
