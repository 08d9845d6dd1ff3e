//! `2, 3 and 5`: items with separators between, and `±`, which is two items.

use super::Unparseable;
use super::parser::{Parser, PlusMinus};
use super::token::Token;
use crate::tree::Answer;

impl Parser<'_> {
    /// Items up to a token that can't go on; one item is itself, more are a list.
    pub(super) fn list(&mut self) -> Result<Answer, Unparseable> {
        let mut items = self.items()?;
        Ok(if items.len() == 1 {
            items.swap_remove(0)
        } else {
            Answer::List(items)
        })
    }

    /// At least one item.
    pub(super) fn items(&mut self) -> Result<Vec<Answer>, Unparseable> {
        let mut items = Vec::new();
        loop {
            self.item(&mut items)?;
            if !self.separator() {
                return Ok(items);
            }
            // `1, 2,` and `1, 2, …` at the end.
            if self.peek().is_none() {
                return Ok(items);
            }
        }
    }

    /// One item, which a `±` makes two.
    fn item(&mut self, items: &mut Vec<Answer>) -> Result<(), Unparseable> {
        let start = self.position();
        let outer = (self.choice, self.chose);
        self.chose = false;
        let first = self.deeper(Self::relation)?;
        let chose = self.chose;
        items.push(first);
        if chose && outer.0 == PlusMinus::Plus {
            let end = self.position();
            self.rewind(start);
            self.choice = PlusMinus::Minus;
            let second = self.deeper(Self::relation);
            self.choice = outer.0;
            items.push(second?);
            debug_assert_eq!(self.position(), end);
        }
        self.chose = outer.1;
        Ok(())
    }

    /// Passes over what separates items.
    pub(super) fn separator(&mut self) -> bool {
        let start = self.position();
        while self.peek().is_some_and(is_separator) {
            self.advance(1);
        }
        self.position() > start
    }
}

/// Whether a token stands between items.
pub(super) fn is_separator(token: &Token) -> bool {
    match token {
        Token::Sign(',' | ';' | '∧' | '∨') => true,
        Token::Word(word) | Token::Text(word) => {
            let word = word.trim_matches(|c: char| c.is_whitespace() || c == ',' || c == ';');
            word.is_empty() || word.eq_ignore_ascii_case("and") || word.eq_ignore_ascii_case("or")
        }
        _ => false,
    }
}
