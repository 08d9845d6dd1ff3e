//! Functions by name.

use super::Unparseable;
use super::parser::{Parser, scalar};
use super::sum::Place;
use super::token::Token;
use super::words;
use crate::tree::{Answer, Constant, Expr, Function};

/// A function as written; some have no [`Function`] of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// One argument.
    Plain(Function),
    /// One over the function: `\sec` is one over `\cos`.
    OneOver(Function),
    /// `\cot` is cosine over sine.
    Cot,
    /// The inverse function of one over the argument: `\operatorname{arcsec} x` is `\arccos (1/x)`.
    OfInverse(Function),
    /// `\operatorname{arccot} x`, which is `\pi/2 - \arctan x`.
    Arccot,
    /// `\exp`
    Exp,
    /// `\log`, perhaps with its base as an index.
    Log,
    /// `\lg`, to base ten.
    Decimal,
    /// Several arguments in brackets.
    Several(Function),
    /// `sqrt(…)` in plain text.
    Sqrt,
    /// `frac(a, b)` has none; `cbrt(…)` is the cube root.
    Cbrt,
}

impl Parser<'_> {
    /// A function from behind its name.
    pub(super) fn function(&mut self, written: &Written) -> Result<Answer, Unparseable> {
        let mut base = None;
        let mut power = None;
        loop {
            if self.eat('_') {
                base = Some(self.argument()?);
            } else if power.is_none() && self.eat('^') {
                power = Some(self.exponent()?);
            } else {
                break;
            }
        }
        let (written, power) = inverse(written, power);
        if let Written::Several(function) = &written {
            return self.several(function);
        }
        let argument = self.function_argument()?;
        let value = applied(&written, argument, base)?;
        Ok(Answer::Value(match power {
            Some(power) => value.to(power),
            None => value,
        }))
    }

    /// A bracket, or the factors up to the next function or sign: `\sin 2x \cos x` is a product of two.
    fn function_argument(&mut self) -> Result<Expr, Unparseable> {
        self.deeper(|parser| {
            if let Some(Token::Sign('(' | '[') | Token::GroupOpen) = parser.peek() {
                parser.arguments += 1;
                let group = parser.atom(Place::First);
                parser.arguments -= 1;
                let group = scalar(group?)?;
                // `\sin(x)^2` squares the sine in most writers' minds, `\sin{x}^2` too: leave the power to the caller.
                return Ok(group);
            }
            let negative = parser.signs();
            let mut argument = scalar(parser.factor(Place::First)?)?;
            while parser.continues_argument() {
                let factor = scalar(parser.factor(Place::Beside)?)?;
                argument = argument.times(factor);
            }
            Ok(if negative { argument.negated() } else { argument })
        })
    }

    /// The letters of a word that is a product of variables here.
    pub(super) fn letters(&self, word: &str) -> Option<Vec<String>> {
        if self.arguments > 0 {
            words::letters_within(word)
        } else {
            words::letters(word)
        }
    }

    fn continues_argument(&self) -> bool {
        match self.peek() {
            Some(Token::Letter(_)) => true,
            Some(Token::Macro(name)) => matches!(name.as_str(), "frac" | "sqrt"),
            Some(Token::Word(word)) => words::formula(word).is_none() && self.letters(word).is_some(),
            _ => false,
        }
    }

    fn several(&mut self, function: &Function) -> Result<Answer, Unparseable> {
        let open = match self.next()? {
            Token::Sign('(') => Token::Sign(')'),
            Token::BraceOpen => Token::BraceClose,
            other => return Err(Unparseable::Unexpected { found: other.shown() }),
        };
        let arguments = self
            .items()?
            .into_iter()
            .map(scalar)
            .collect::<Result<Vec<_>, _>>()?;
        self.expect(&open, "(")?;
        Ok(Answer::Value(Expr::Apply(function.clone(), arguments)))
    }

    /// One digit of the numeral that comes next.
    pub(super) fn digit(&mut self) -> Option<Expr> {
        let Some(Token::Number(digits)) = self.peek() else {
            return None;
        };
        let digit = digits.chars().nth(self.digits_taken)?;
        if digits.contains('.') {
            return None;
        }
        self.digits_taken += 1;
        if self.digits_taken == digits.len() {
            self.digits_taken = 0;
            self.advance(1);
        }
        digit.to_digit(10).map(Expr::integer)
    }
}

/// `\sin^{-1}` is the inverse function, and no power.
fn inverse(written: &Written, power: Option<Expr>) -> (Written, Option<Expr>) {
    let inverse = match written {
        Written::Plain(Function::Sin) => Function::Arcsin,
        Written::Plain(Function::Cos) => Function::Arccos,
        Written::Plain(Function::Tan) => Function::Arctan,
        other => return (other.clone(), power),
    };
    if power == Some(Expr::integer(-1)) {
        (Written::Plain(inverse), None)
    } else {
        (written.clone(), power)
    }
}

fn applied(written: &Written, argument: Expr, base: Option<Expr>) -> Result<Expr, Unparseable> {
    if base.is_some() && !matches!(written, Written::Log) {
        return Err(Unparseable::Unsupported {
            what: "a function with an index".to_owned(),
        });
    }
    let ln = |argument| Expr::apply(Function::Ln, argument);
    Ok(match written {
        Written::Plain(function) | Written::Several(function) => Expr::apply(function.clone(), argument),
        Written::OneOver(function) => Expr::apply(function.clone(), argument).inverted(),
        Written::Cot => {
            Expr::apply(Function::Cos, argument.clone()).over(Expr::apply(Function::Sin, argument))
        }
        Written::OfInverse(function) => Expr::apply(function.clone(), argument.inverted()),
        Written::Arccot => Expr::Constant(Constant::Pi)
            .over(Expr::integer(2))
            .plus(Expr::apply(Function::Arctan, argument).negated()),
        Written::Exp => Expr::Constant(Constant::E).to(argument),
        // Without a base: mathematicians mean the natural logarithm, school books the decimal one. See `decide`.
        Written::Log => match base {
            Some(base) => ln(argument).over(ln(base)),
            None => Expr::apply(Function::Named("log".into()), argument),
        },
        Written::Decimal => ln(argument).over(ln(Expr::integer(10))),
        Written::Sqrt => Expr::Root(2, Box::new(argument)),
        Written::Cbrt => Expr::Root(3, Box::new(argument)),
    })
}
