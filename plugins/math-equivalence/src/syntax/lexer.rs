//! Text to tokens.

use super::Unparseable;
use super::macros::{self, Kind};
use super::names;
use super::numeral;
use super::token::{Spaced, Token};
use crate::limits;

/// Cuts `text` into tokens. Layout (`\left`, `\,`, `$`) is passed over.
pub(super) fn tokens(text: &str) -> Result<Vec<Spaced>, Unparseable> {
    let mut lexer = Lexer {
        rest: text,
        money: lone_dollar(text),
        brackets: 0,
        environments: 0,
        spaced: false,
        out: Vec::new(),
    };
    while let Some(c) = lexer.rest.chars().next() {
        lexer.step(c)?;
        if lexer.out.len() > limits::TOKENS {
            return Err(Unparseable::Limit {
                name: "tokens",
                limit: limits::TOKENS,
            });
        }
    }
    Ok(lexer.out)
}

struct Lexer<'a> {
    rest: &'a str,
    /// Whether a dollar sign is money: two or more delimit formulas.
    money: bool,
    /// Open brackets: within them a comma is never part of a numeral.
    brackets: usize,
    /// Open matrices.
    environments: usize,
    spaced: bool,
    out: Vec<Spaced>,
}

impl<'a> Lexer<'a> {
    fn push(&mut self, token: Token) {
        self.out.push(Spaced {
            token,
            spaced: self.spaced,
        });
        self.spaced = false;
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }

    fn step(&mut self, c: char) -> Result<(), Unparseable> {
        if c.is_ascii_digit() || (c == '.' && self.rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            let (digits, length) = numeral::read(self.rest, self.brackets > 0)?;
            self.skip(length);
            self.push(Token::Number(digits));
            return Ok(());
        }
        if c == '\\' {
            return self.command();
        }
        if c.is_alphabetic() && names::greek(c).is_none() && !matches!(c, 'º') {
            self.letters();
            return Ok(());
        }
        self.skip(c.len_utf8());
        match c {
            '$' if self.money
                && self
                    .rest
                    .trim_start()
                    .starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') =>
            {
                self.push(Token::Sign('$'));
            }
            '$' => {}
            '~' => self.spaced = true,
            c if c.is_whitespace() || c == '\u{200b}' || c == '\u{2061}' => self.spaced = true,
            '{' => self.push(Token::GroupOpen),
            '}' => self.push(Token::GroupClose),
            '&' => self.push(Token::Sign('&')),
            '∞' => self.push(Token::Macro("infty".to_owned())),
            '√' => self.push(Token::Macro("sqrt".to_owned())),
            'ℝ' => self.push(Token::Letter("ℝ".to_owned())),
            '∅' => self.push(Token::Macro("emptyset".to_owned())),
            '*' if self.rest.starts_with('*') => {
                self.skip(1);
                self.push(Token::Sign('^'));
            }
            '<' | '>' | '!' if self.rest.starts_with('=') => {
                self.skip(1);
                self.push(Token::Sign(match c {
                    '<' => '≤',
                    '>' => '≥',
                    _ => '≠',
                }));
            }
            '=' if self.rest.starts_with('=') => {
                self.skip(1);
                self.push(Token::Sign('='));
            }
            '-' if self.rest.starts_with('>') => {
                self.skip(1);
                self.push(Token::Sign('→'));
            }
            c => self.sign(c),
        }
        Ok(())
    }

    fn sign(&mut self, c: char) {
        if let Some((over, under)) = names::vulgar_fraction(c) {
            self.push(Token::Macro("frac".to_owned()));
            self.push(Token::Number(over.to_owned()));
            self.push(Token::Number(under.to_owned()));
            return;
        }
        if let Some(first) = names::superscript(c) {
            let mut digits = first.to_string();
            while let Some((next, digit)) = self
                .rest
                .chars()
                .next()
                .and_then(|next| names::superscript(next).map(|digit| (next, digit)))
            {
                digits.push(digit);
                self.skip(next.len_utf8());
            }
            self.push(Token::Sign('^'));
            self.push(Token::GroupOpen);
            if let Some(positive) = digits.strip_prefix('-') {
                self.push(Token::Sign('-'));
                digits = positive.to_owned();
            }
            self.push(Token::Number(digits));
            self.push(Token::GroupClose);
            return;
        }
        if let Some(name) = names::greek(c) {
            self.push(Token::Letter(name.to_owned()));
            return;
        }
        let sign = names::sign_of_char(c);
        match sign {
            '(' | '[' | '⟨' => self.brackets += 1,
            ')' | ']' | '⟩' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        self.push(Token::Sign(sign));
    }

    /// Letters that stand together: one is a variable, more are a word. Capitals and digits mixed (`A5`) stay apart.
    fn letters(&mut self) {
        let end = self
            .rest
            .find(|c: char| !c.is_alphabetic() || names::greek(c).is_some())
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        let token = if word.chars().count() == 1 {
            Token::Letter(word.to_owned())
        } else {
            Token::Word(word.to_owned())
        };
        self.push(token);
    }

    fn command(&mut self) -> Result<(), Unparseable> {
        self.skip(1);
        let end = self
            .rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.rest.len());
        let name = &self.rest[..end];
        if name.is_empty() {
            self.escaped();
            return Ok(());
        }
        let name = macros::known_prefix(name);
        self.rest = &self.rest[name.len()..];
        match macros::kind(name) {
            Some(Kind::Text) => return self.text_macro(name),
            Some(Kind::Layout) => {
                if name == "left" || name == "right" {
                    self.rest = self.rest.trim_start().strip_prefix('.').unwrap_or(self.rest);
                }
                self.spaced |= name.ends_with("quad");
            }
            Some(Kind::Sign(sign)) => {
                match sign {
                    '⟨' | '[' => self.brackets += 1,
                    '⟩' | ']' => self.brackets = self.brackets.saturating_sub(1),
                    _ => {}
                }
                self.push(Token::Sign(sign));
            }
            Some(Kind::Greek) => self.push(Token::Letter(name.to_owned())),
            Some(Kind::Value) | None => self.value_macro(name),
        }
        Ok(())
    }

    /// A macro that stands for a value or a structure.
    fn value_macro(&mut self, name: &str) {
        match name {
            "begin" => self.environments += 1,
            "end" => self.environments = self.environments.saturating_sub(1),
            _ => {}
        }
        match name {
            "lbrace" => {
                self.brackets += 1;
                self.push(Token::BraceOpen);
            }
            "rbrace" => {
                self.brackets = self.brackets.saturating_sub(1);
                self.push(Token::BraceClose);
            }
            "mathbb" => self.push(Token::Macro("mathbb".to_owned())),
            "dfrac" | "tfrac" | "cfrac" => self.push(Token::Macro("frac".to_owned())),
            "dbinom" | "tbinom" => self.push(Token::Macro("binom".to_owned())),
            "lparen" => self.sign('('),
            "rparen" => self.sign(')'),
            "not" => match self.rest.trim_start().strip_prefix('=') {
                Some(rest) => {
                    self.rest = rest;
                    self.push(Token::Sign('≠'));
                }
                None => self.push(Token::Macro("not".to_owned())),
            },
            name => self.push(Token::Macro(name.to_owned())),
        }
    }

    /// Whether the last token ends a value.
    fn follows_value(&self) -> bool {
        self.out.last().is_some_and(|last| {
            matches!(last.token, Token::Number(_) | Token::GroupClose | Token::Text(_)) || last.token.is(')')
        })
    }

    /// Words of a unit, with the slashes and powers between them.
    fn push_unit(&mut self, text: &str) {
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            if end > 0 {
                self.push(Token::Text(rest[..end].to_owned()));
                rest = &rest[end..];
                continue;
            }
            let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
            if digits > 0 {
                self.push(Token::Number(rest[..digits].to_owned()));
                rest = &rest[digits..];
                continue;
            }
            rest = &rest[c.len_utf8()..];
            match c {
                '{' => self.push(Token::GroupOpen),
                '}' => self.push(Token::GroupClose),
                c if c.is_whitespace() || c == '\\' => self.spaced = true,
                c => self.push(Token::Sign(names::sign_of_char(c))),
            }
        }
    }

    /// What follows a backslash and is no letter.
    fn escaped(&mut self) {
        let Some(c) = self.rest.chars().next() else { return };
        // `\11` and `\-3` in a matrix are rows whose second backslash got lost; elsewhere the backslash is a slip.
        if c.is_ascii_digit() || c == '-' {
            if self.environments > 0 {
                self.push(Token::RowBreak);
            }
            return;
        }
        self.skip(c.len_utf8());
        match c {
            '{' => {
                self.brackets += 1;
                self.push(Token::BraceOpen);
            }
            '}' => {
                self.brackets = self.brackets.saturating_sub(1);
                self.push(Token::BraceClose);
            }
            '\\' => self.push(Token::RowBreak),
            '$' => self.push(Token::Sign('$')),
            '%' => self.push(Token::Sign('%')),
            '&' => self.push(Token::Sign('&')),
            '|' => self.push(Token::Sign('‖')),
            '!' => {}
            ' ' | ',' | ';' | ':' | '>' | '\n' | '(' | ')' | '[' | ']' => self.spaced = true,
            other => self.push(Token::Sign(other)),
        }
    }

    /// The argument of a text macro, as one token; of `\mathbf` and the like a single letter stays a letter.
    fn text_macro(&mut self, name: &str) -> Result<(), Unparseable> {
        let argument = self.rest.trim_start();
        let Some(inner) = argument.strip_prefix('{') else {
            return Ok(());
        };
        let end = group_end(inner).ok_or(Unparseable::Open { what: "{" })?;
        let content = &inner[..end];
        self.rest = &inner[end + 1..];
        let plain = content.replace("\\ ", " ").replace(['~', '$'], " ");
        let word = plain.trim();
        let face = matches!(
            name,
            "mathrm" | "mathbf" | "operatorname" | "textbf" | "textit" | "underline"
        );
        if name == "mathrm" && self.follows_value() && !word.is_empty() && !matches!(word, "e" | "i" | "d") {
            // An upright unit behind its number: `10\,\mathrm{m/s}`.
            self.push_unit(&plain);
        } else if face
            && !word.is_empty()
            && content.contains(|c: char| !c.is_alphabetic() && c != ' ' && c != '~')
        {
            // A face round a formula: `\mathbf{x+1}`.
            let mut inner = tokens(content)?;
            if let Some(first) = inner.first_mut() {
                first.spaced |= self.spaced;
            }
            self.out.append(&mut inner);
            self.spaced = false;
        } else if name == "operatorname" {
            self.push(Token::Macro(word.to_owned()));
        } else if face && word.chars().count() == 1 {
            self.push(Token::Letter(word.to_owned()));
        } else {
            self.push(Token::Text(plain));
        }
        Ok(())
    }
}

/// Whether the text has one dollar sign that is not escaped.
fn lone_dollar(text: &str) -> bool {
    text.contains('$') && text.matches('$').count() - text.matches("\\$").count() == 1
}

/// Where the group that `text` continues closes.
fn group_end(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' if depth == 0 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}
