//! A value with its unit, or words.

use super::Unparseable;
use super::list::is_separator;
use super::numeral;
use super::parser::Parser;
use super::signs::{self, Marked};
use super::token::Token;
use super::words;
use crate::tree::{Answer, Expr, Text};
use crate::units::Unit;

impl Parser<'_> {
    /// What stands between the signs of a relation.
    pub(super) fn operand(&mut self) -> Result<Answer, Unparseable> {
        if let Some(numeral) = self.based_numeral() {
            return Ok(numeral);
        }
        if let Some(text) = self.leading_words() {
            return Ok(text);
        }
        let outer = self.money.take();
        let value = self.sum();
        let money = std::mem::replace(&mut self.money, outer);
        let expr = match value? {
            Answer::Value(expr) => expr,
            // The unit of a point or a matrix is passed over.
            structure => return self.unit().map(|_| structure),
        };
        let (expr, mark) = match signs::split(expr) {
            Marked::Percent(expr) => (expr, Some(Unit::Percent)),
            Marked::Degrees(expr) => (expr, Some(Unit::named("degree"))),
            Marked::Plain(expr) => (expr, None),
        };
        let unit = self.unit()?;
        Ok(match mark.or_else(|| money.map(Unit::Money)).or(unit) {
            Some(Unit::Scale(factor)) => Answer::Value(expr.times(Expr::Number(factor))),
            Some(unit) => Answer::Quantity(expr, unit),
            None => Answer::Value(expr),
        })
    }

    /// `2112_3`: digits with their base.
    fn based_numeral(&mut self) -> Option<Answer> {
        let negative = usize::from(self.peek()?.is('-'));
        let (digits, mut ahead) = match (self.peek_at(negative)?, self.peek_at(negative + 1)) {
            (Token::Number(digits), Some(Token::Letter(letter) | Token::Word(letter)))
                if !self.spaced_at(negative + 1) =>
            {
                (format!("{digits}{letter}"), 2)
            }
            (Token::Number(digits), _) => (digits.clone(), 1),
            (Token::Text(text), _) => (text.trim().to_owned(), 1),
            _ => return None,
        };
        ahead += negative;
        if !self.peek_at(ahead)?.is('_') {
            return None;
        }
        ahead += 1;
        let braced = self.peek_at(ahead) == Some(&Token::GroupOpen);
        ahead += usize::from(braced);
        let base = match self.peek_at(ahead)? {
            Token::Number(base) => base.parse::<u32>().ok()?,
            Token::Text(word) | Token::Word(word) => words::number(word)?,
            _ => return None,
        };
        ahead += 1;
        if braced {
            if self.peek_at(ahead) != Some(&Token::GroupClose) {
                return None;
            }
            ahead += 1;
        }
        let size = numeral::value_in_base(&digits.to_lowercase(), base)?;
        let (value, sign) = if negative == 1 { (-size, "-") } else { (size, "") };
        self.advance(ahead);
        Some(Answer::Quantity(
            Expr::Number(value),
            Unit::Base {
                base,
                digits: format!("{sign}{}", digits.to_lowercase()),
            },
        ))
    }

    /// Words where a value is expected: the left side of `\text{Area} = 5`, or an item that is a name.
    fn leading_words(&mut self) -> Option<Answer> {
        let mut spelling = String::new();
        let mut ahead = 0;
        while let Some(Token::Text(word) | Token::Word(word)) = self.peek_at(ahead) {
            if self.peek_at(ahead).is_some_and(is_separator) || self.word_is_formula(ahead, word) {
                break;
            }
            if !spelling.is_empty() {
                spelling.push(' ');
            }
            spelling.push_str(word.trim());
            ahead += 1;
        }
        if ahead == 0 {
            return None;
        }
        self.advance(ahead);
        Some(words::meaning(&spelling).unwrap_or_else(|| {
            Answer::Text(Text {
                spelling: words::spelling(&spelling),
                unread: None,
            })
        }))
    }

    /// Whether a word is part of a formula: a function's name, `pi`, or letters that are multiplied (`xy`).
    fn word_is_formula(&self, ahead: usize, word: &str) -> bool {
        matches!(self.peek_at(ahead), Some(Token::Word(_)))
            && (words::is_formula(word) || self.letters(word).is_some())
    }

    /// The unit behind a value; None when there is none.
    fn unit(&mut self) -> Result<Option<Unit>, Unparseable> {
        let mut spelling = String::new();
        let mut worded = false;
        while let Some(token) = self.peek() {
            if is_separator(token) {
                break;
            }
            match token {
                Token::Text(word) | Token::Word(word) => {
                    worded = true;
                    spelling.push(' ');
                    spelling.push_str(word.trim());
                }
                Token::Letter(letter) if worded || letter == "ℓ" => {
                    spelling.push(' ');
                    spelling.push_str(letter);
                }
                Token::Sign('^') if worded => {
                    self.advance(1);
                    spelling.push('^');
                    spelling.push_str(&self.unit_exponent()?);
                    continue;
                }
                Token::Sign('°') if spelling.is_empty() => spelling.push('°'),
                Token::Sign('/') if worded => spelling.push('/'),
                Token::Sign('*' | '.' | '\'' | '-') if worded => spelling.push(' '),
                Token::GroupOpen => match (self.peek_at(1), self.peek_at(2)) {
                    // `20{kg}`
                    (
                        Some(Token::Word(word) | Token::Text(word) | Token::Letter(word)),
                        Some(Token::GroupClose),
                    ) => {
                        worded = true;
                        spelling.push(' ');
                        spelling.push_str(word.trim());
                        self.advance(2);
                    }
                    _ => break,
                },
                _ => break,
            }
            self.advance(1);
        }
        Ok(Unit::parse(&spelling))
    }

    fn unit_exponent(&mut self) -> Result<String, Unparseable> {
        let braced = self.eat_token(&Token::GroupOpen);
        let negative = self.eat('-');
        let Token::Number(digits) = self.next()? else {
            return Err(Unparseable::Unsupported {
                what: "the power of a unit".to_owned(),
            });
        };
        if braced {
            self.expect(&Token::GroupClose, "{")?;
        }
        Ok(format!("{}{digits}", if negative { "-" } else { "" }))
    }
}
