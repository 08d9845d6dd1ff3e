//! The smallest pieces: numerals, letters, fractions, roots, brackets.

use super::Unparseable;
use super::numeral;
use super::parser::{Parser, scalar};
use super::sum::Place;
use super::token::Token;
use super::words::{self, Word};
use crate::tree::{Answer, Constant, Expr, Function};
use crate::units::Currency;

impl Parser<'_> {
    /// One atom.
    pub(super) fn atom(&mut self, place: Place) -> Result<Answer, Unparseable> {
        match self.next()? {
            Token::Number(digits) => {
                let taken = std::mem::take(&mut self.digits_taken);
                self.number(digits.get(taken..).unwrap_or_default(), place)
            }
            Token::Letter(letter) => self.letter(letter).map(Answer::Value),
            Token::Word(word) => self.word(word),
            Token::Macro(name) => self.named(name),
            Token::GroupOpen => self.group(),
            Token::BraceOpen => self.braced(),
            Token::Sign('|') => self.absolute(),
            Token::Sign(sign) if Currency::of_sign(*sign).is_some() => {
                self.money = Currency::of_sign(*sign);
                // `\$-5`
                let negative = self.signs();
                let value = scalar(self.atom(place)?)?;
                Ok(Answer::Value(if negative { value.negated() } else { value }))
            }
            Token::Sign(open @ ('(' | '[' | '⟨')) => self.bracketed(*open),
            other => Err(Unparseable::Unexpected { found: other.shown() }),
        }
    }

    fn number(&mut self, digits: &str, place: Place) -> Result<Answer, Unparseable> {
        let bad = || Unparseable::Unexpected {
            found: format!("`{digits}`"),
        };
        if let Some(value) = self.repeating(digits) {
            return Ok(Answer::Value(value));
        }
        let value = numeral::value(digits).ok_or_else(bad)?;
        if let Some(power) = self.scientific() {
            return Ok(Answer::Value(Expr::Number(value).times(power)));
        }
        let whole = !digits.contains('.');
        if whole
            && place == Place::First
            && let Some(part) = self.mixed_part()
        {
            return Ok(Answer::Value(Expr::Sum(vec![Expr::Number(value), part])));
        }
        if matches!(self.peek(), Some(Token::Number(_))) && place == Place::First {
            return Err(Unparseable::Unsupported {
                what: "two numbers side by side".to_owned(),
            });
        }
        Ok(Answer::Value(Expr::Number(value)))
    }

    /// The fraction of a mixed number: proper, of numerals, behind the whole part.
    fn mixed_part(&mut self) -> Option<Expr> {
        let (over, under, length) = if self.peek()?.is_macro("frac") {
            match (self.peek_at(1)?, self.peek_at(2)) {
                (Token::GroupOpen, Some(Token::Number(over))) => {
                    if self.peek_at(3)? != &Token::GroupClose {
                        return None;
                    }
                    match (self.peek_at(4)?, self.peek_at(5), self.peek_at(6)) {
                        (Token::GroupOpen, Some(Token::Number(under)), Some(Token::GroupClose)) => {
                            (over.as_str(), under.as_str(), 7)
                        }
                        (Token::Number(under), ..) if under.len() == 1 => (over.as_str(), under.as_str(), 5),
                        _ => return None,
                    }
                }
                (Token::Number(over), Some(Token::Number(under))) if over.len() == 1 && under.len() == 1 => {
                    (over.as_str(), under.as_str(), 3)
                }
                (Token::Number(both), _) if both.len() == 2 && both.is_ascii() => (&both[..1], &both[1..], 2),
                _ => return None,
            }
        } else {
            match (self.peek()?, self.peek_at(1)?, self.peek_at(2)?) {
                (Token::Number(over), Token::Sign('/'), Token::Number(under)) if self.spaced_at(0) => {
                    (over.as_str(), under.as_str(), 3)
                }
                _ => return None,
            }
        };
        let (over, under) = (numeral::value(over)?, numeral::value(under)?);
        if over >= under || !over.is_int() || !under.is_int() {
            return None;
        }
        self.advance(length);
        Some(Expr::Number(over / under))
    }

    /// `0.\overline{3}`: digits that repeat without end.
    fn repeating(&mut self, digits: &str) -> Option<Expr> {
        let after_point = digits.split_once('.').map_or(0, |(_, fraction)| fraction.len());
        let mut ahead = 0;
        if after_point == 0 {
            if !self.peek()?.is('.') {
                return None;
            }
            ahead = 1;
        }
        if !self.peek_at(ahead)?.is_macro("overline") || self.peek_at(ahead + 1)? != &Token::GroupOpen {
            return None;
        }
        let Token::Number(period) = self.peek_at(ahead + 2)? else {
            return None;
        };
        if self.peek_at(ahead + 3)? != &Token::GroupClose || period.contains('.') {
            return None;
        }
        let tail = numeral::value(period)?;
        let nines = numeral::value(&"9".repeat(period.len()))?;
        let scale = numeral::value(&format!("1{}", "0".repeat(after_point)))?;
        self.advance(ahead + 4);
        Some(Expr::Number(numeral::value(digits)? + tail / nines / scale))
    }

    /// The exponent of `1.5e-3` or `2E5`: the letter touches the digits on both sides.
    fn scientific(&mut self) -> Option<Expr> {
        let Token::Letter(letter) = self.peek()? else {
            return None;
        };
        if !matches!(letter.as_str(), "e" | "E") || self.spaced_at(0) {
            return None;
        }
        let (sign, at) = match self.peek_at(1)? {
            Token::Sign(sign @ ('+' | '-')) if !self.spaced_at(1) => (Some(*sign), 2),
            _ => (None, 1),
        };
        let Token::Number(digits) = self.peek_at(at)? else {
            return None;
        };
        if self.spaced_at(at) || digits.len() > 9 {
            return None;
        }
        let exponent = numeral::value(digits).filter(dashu_ratio::RBig::is_int)?;
        self.advance(at + 1);
        let exponent = if sign == Some('-') { -exponent } else { exponent };
        Some(Expr::integer(10).to(Expr::Number(exponent)))
    }

    /// A letter with its index and primes.
    fn letter(&mut self, letter: &str) -> Result<Expr, Unparseable> {
        let mut name = letter.to_owned();
        loop {
            if self.peek().is_some_and(|token| token.is('_')) {
                self.advance(1);
                name.push('_');
                name.push_str(&self.index()?);
            } else if self.eat('\'') {
                name.push('\'');
            } else {
                break;
            }
        }
        Ok(match name.as_str() {
            "pi" => Expr::Constant(Constant::Pi),
            "e" => Expr::Constant(Constant::E),
            "i" => Expr::Constant(Constant::I),
            name => Expr::variable(name),
        })
    }

    /// What stands behind `_`, as written.
    pub(super) fn index(&mut self) -> Result<String, Unparseable> {
        let mut depth = 0_usize;
        let mut name = String::new();
        loop {
            match self.next()? {
                Token::GroupOpen => depth += 1,
                Token::GroupClose => depth = depth.saturating_sub(1),
                Token::Number(text) | Token::Letter(text) | Token::Word(text) => name.push_str(text),
                Token::Text(text) => name.push_str(text.trim()),
                Token::Sign(sign) if depth > 0 => name.push(*sign),
                Token::Macro(text) => name.push_str(text),
                other => return Err(Unparseable::Unexpected { found: other.shown() }),
            }
            if depth == 0 {
                return Ok(name);
            }
        }
    }

    fn word(&mut self, word: &str) -> Result<Answer, Unparseable> {
        match words::formula(word) {
            Some(Word::Function(function)) => self.function(&function),
            Some(Word::Constant(constant)) => Ok(Answer::Value(Expr::Constant(constant))),
            None => match self.letters(word) {
                Some(letters) => {
                    let (last, first) = letters.split_last().ok_or(Unparseable::Ends)?;
                    let mut factors: Vec<Expr> = first.iter().map(|letter| letter_value(letter)).collect();
                    // An index and a power belong to the last letter.
                    factors.push(self.letter(last)?);
                    if self.eat('^') {
                        let exponent = self.exponent()?;
                        if let Some(base) = factors.pop() {
                            factors.push(base.to(exponent));
                        }
                    }
                    Ok(Answer::Value(Expr::Product(factors)))
                }
                None => Err(Unparseable::Unsupported {
                    what: format!("the word `{word}` in a formula"),
                }),
            },
        }
    }

    /// A macro that stands for a value.
    fn named(&mut self, name: &str) -> Result<Answer, Unparseable> {
        if let Some(function) = words::function(name) {
            return self.function(&function);
        }
        Ok(Answer::Value(match name {
            "frac" => {
                let over = self.argument()?;
                let under = self.argument()?;
                over.over(under)
            }
            "sqrt" => self.root()?,
            "binom" => {
                let over = self.argument()?;
                let under = self.argument()?;
                Expr::Apply(Function::Binomial, vec![over, under])
            }
            "infty" => Expr::Constant(Constant::Infinity),
            "lfloor" => return self.rounded(Function::Floor, "rfloor"),
            "lceil" => return self.rounded(Function::Ceil, "rceil"),
            "begin" => return self.environment(),
            "emptyset" | "varnothing" => return Ok(Answer::Set(Vec::new())),
            "mathbb" => self.blackboard()?,
            // Space as wide as its argument.
            "phantom" | "hphantom" | "hspace" | "vspace" => {
                self.skip_argument()?;
                return self.signed_factor();
            }
            "overline" | "bar" | "hat" | "widehat" | "vec" | "overrightarrow" | "tilde" | "dot" | "ddot"
            | "triangle" | "angle" => {
                let of = self.index()?;
                Expr::variable(&format!("{name} {of}"))
            }
            other => {
                return Err(Unparseable::Unsupported {
                    what: format!("`\\{other}`"),
                });
            }
        }))
    }

    /// Passes over the argument of a macro that shows nothing.
    fn skip_argument(&mut self) -> Result<(), Unparseable> {
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                Token::GroupOpen => depth += 1,
                Token::GroupClose => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn blackboard(&mut self) -> Result<Expr, Unparseable> {
        let name = self.index()?;
        let mut variable = match name.as_str() {
            "R" => "ℝ".to_owned(),
            "C" => "ℂ".to_owned(),
            "Z" => "ℤ".to_owned(),
            "N" => "ℕ".to_owned(),
            "Q" => "ℚ".to_owned(),
            other => format!("mathbb {other}"),
        };
        // `\mathbb{R}^+`, `\mathbb{Z}_{>0}`
        if self.peek().is_some_and(|token| token.is('^') || token.is('_'))
            && self
                .peek_at(1)
                .is_some_and(|token| token.is('+') || token.is('-'))
        {
            variable.push(if self.peek_at(1).is_some_and(|token| token.is('+')) {
                '+'
            } else {
                '-'
            });
            self.advance(2);
        }
        Ok(Expr::variable(&variable))
    }

    /// The argument of a macro: a group, or one token; of a numeral one digit.
    pub(super) fn argument(&mut self) -> Result<Expr, Unparseable> {
        self.deeper(|parser| {
            if let Some(digit) = parser.digit() {
                return Ok(digit);
            }
            let negative = parser.signs();
            let value = scalar(parser.atom(Place::Beside)?)?;
            Ok(if negative { value.negated() } else { value })
        })
    }

    fn root(&mut self) -> Result<Expr, Unparseable> {
        let mut index = 2_u32;
        if self.eat('[') {
            let degree = self.sum()?;
            if !self.eat(']') {
                return Err(Unparseable::Open { what: "[" });
            }
            match scalar(degree)? {
                Expr::Number(degree) => {
                    index = degree
                        .is_int()
                        .then(|| u32::try_from(degree.numerator().clone()).ok())
                        .flatten()
                        .filter(|index| (1..=1000).contains(index))
                        .ok_or(Unparseable::Unsupported {
                            what: "a root of this index".to_owned(),
                        })?;
                }
                degree => {
                    let of = self.argument()?;
                    return Ok(of.to(degree.inverted()));
                }
            }
        }
        let of = match self.peek() {
            // `\sqrt12` is meant as the root of 12, whatever TeX makes of it.
            Some(Token::Number(digits)) => {
                self.advance(1);
                numeral::value(digits)
                    .map(Expr::Number)
                    .ok_or(Unparseable::Ends)?
            }
            _ => self.argument()?,
        };
        Ok(Expr::Root(index, Box::new(of)))
    }
}

fn letter_value(letter: &str) -> Expr {
    match letter {
        "e" => Expr::Constant(Constant::E),
        "i" => Expr::Constant(Constant::I),
        letter => Expr::variable(letter),
    }
}
