//! Matrices.

use super::Unparseable;
use super::parser::{Parser, scalar};
use super::token::Token;
use crate::tree::{Answer, Expr};

impl Parser<'_> {
    /// An environment, from behind `\begin`.
    pub(super) fn environment(&mut self) -> Result<Answer, Unparseable> {
        let name = self.environment_name()?;
        match name.trim_end_matches('*') {
            "matrix" | "pmatrix" | "bmatrix" | "Bmatrix" | "smallmatrix" => {}
            "array" => self.column_format()?,
            _ => {
                return Err(Unparseable::Unsupported {
                    what: format!("the environment `{name}`"),
                });
            }
        }
        let mut rows = vec![Vec::new()];
        loop {
            while self.eat_token(&Token::RowBreak) {
                if rows.last().is_some_and(|row| !row.is_empty()) {
                    rows.push(Vec::new());
                }
            }
            if self.peek().is_some_and(|token| token.is_macro("end")) {
                break;
            }
            if self.eat('&') {
                continue;
            }
            let entry = scalar(self.sum()?)?;
            if let Some(row) = rows.last_mut() {
                row.push(entry);
            }
            if !matches!(
                self.peek(),
                Some(Token::Sign('&') | Token::RowBreak | Token::Macro(_))
            ) {
                return Err(self.unexpected());
            }
        }
        self.advance(1);
        if self.environment_name()? != name {
            return Err(Unparseable::Open { what: "\\begin" });
        }
        rectangular(rows)
    }

    fn environment_name(&mut self) -> Result<String, Unparseable> {
        if !self.eat_token(&Token::GroupOpen) {
            return Err(self.unexpected());
        }
        let name = match self.next()? {
            Token::Word(name) => name.clone(),
            other => return Err(Unparseable::Unexpected { found: other.shown() }),
        };
        self.eat('*');
        self.expect(&Token::GroupClose, "{")?;
        Ok(name)
    }

    /// `{cc|c}`
    fn column_format(&mut self) -> Result<(), Unparseable> {
        if !self.eat_token(&Token::GroupOpen) {
            return Ok(());
        }
        while self.next()? != &Token::GroupClose {}
        Ok(())
    }
}

fn rectangular(mut rows: Vec<Vec<Expr>>) -> Result<Answer, Unparseable> {
    rows.retain(|row| !row.is_empty());
    let width = rows.first().map_or(0, Vec::len);
    if width == 0 || rows.iter().any(|row| row.len() != width) {
        return Err(Unparseable::Unsupported {
            what: "a matrix with rows of several lengths".to_owned(),
        });
    }
    Ok(Answer::Matrix(rows))
}
