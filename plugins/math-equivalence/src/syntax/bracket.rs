//! Brackets of every kind.

use super::Unparseable;
use super::parser::{Parser, scalar};
use super::token::Token;
use crate::tree::{Answer, Bracket, Expr, Function, Sequence};

impl Parser<'_> {
    /// What a bracket holds, from behind its opening: one item is a group, more are a sequence.
    pub(super) fn bracketed(&mut self, open: char) -> Result<Answer, Unparseable> {
        let (bars, builders) = (std::mem::take(&mut self.bars), std::mem::take(&mut self.builders));
        let items = self.items();
        (self.bars, self.builders) = (bars, builders);
        let mut items = items?;
        let close = match self.next().map_err(|_| Unparseable::Open { what: shown(open) })? {
            Token::Sign(')') => Bracket::Round,
            Token::Sign(']') => Bracket::Square,
            Token::Sign('⟩') if open == '⟨' => Bracket::Round,
            other => return Err(Unparseable::Unexpected { found: other.shown() }),
        };
        let open_kind = if open == '[' {
            Bracket::Square
        } else {
            Bracket::Round
        };
        if items.len() == 1 && open != '⟨' {
            return if open_kind == close {
                Ok(items.swap_remove(0))
            } else {
                Err(Unparseable::Unsupported {
                    what: "one item between brackets of two kinds".to_owned(),
                })
            };
        }
        Ok(Answer::Sequence(Sequence {
            open: open_kind,
            items,
            close,
        }))
    }

    /// `\{1, 2\}`, or a set builder, which is its condition: `\{x \mid x > 3\}`.
    pub(super) fn braced(&mut self) -> Result<Answer, Unparseable> {
        if self.eat_token(&Token::BraceClose) {
            return Ok(Answer::Set(Vec::new()));
        }
        let bars = std::mem::replace(&mut self.bars, 1);
        self.builders += 1;
        let items = self.items();
        self.bars = bars;
        self.builders -= 1;
        let items = items?;
        if self.eat('|') || self.eat(':') {
            let builders = std::mem::take(&mut self.builders);
            let condition = self.list();
            self.builders = builders;
            let condition = condition?;
            self.expect(&Token::BraceClose, "\\{")?;
            return Ok(condition);
        }
        self.expect(&Token::BraceClose, "\\{")?;
        Ok(Answer::Set(items))
    }

    /// `{…}`: a group; in plain text a set, which its commas tell.
    pub(super) fn group(&mut self) -> Result<Answer, Unparseable> {
        if self.eat_token(&Token::GroupClose) {
            return Err(Unparseable::Unsupported {
                what: "an empty group".to_owned(),
            });
        }
        let (bars, builders) = (std::mem::take(&mut self.bars), std::mem::take(&mut self.builders));
        let inner = self.items();
        (self.bars, self.builders) = (bars, builders);
        let mut items = inner?;
        if self.peek().is_some_and(|token| token.is_macro("choose")) {
            self.advance(1);
            let over = scalar(items.swap_remove(0))?;
            let under = scalar(self.sum()?)?;
            self.expect(&Token::GroupClose, "{")?;
            return Ok(Answer::Value(Expr::Apply(Function::Binomial, vec![over, under])));
        }
        self.expect(&Token::GroupClose, "{")?;
        Ok(if items.len() == 1 {
            items.swap_remove(0)
        } else {
            Answer::Set(items)
        })
    }

    /// `|x|`, from behind the opening bar.
    pub(super) fn absolute(&mut self) -> Result<Answer, Unparseable> {
        let bars = std::mem::replace(&mut self.bars, 1);
        let inner = self.sum();
        self.bars = bars;
        let inner = scalar(inner?)?;
        self.expect(&Token::Sign('|'), "|")?;
        Ok(Answer::Value(Expr::apply(Function::Abs, inner)))
    }

    /// `\lfloor x \rfloor`, from behind the opening macro.
    pub(super) fn rounded(&mut self, function: Function, close: &str) -> Result<Answer, Unparseable> {
        let inner = scalar(self.sum()?)?;
        self.expect(&Token::Macro(close.to_owned()), "\\lfloor")?;
        Ok(Answer::Value(Expr::apply(function, inner)))
    }
}

const fn shown(open: char) -> &'static str {
    match open {
        '[' => "[",
        '⟨' => "\\langle",
        _ => "(",
    }
}
