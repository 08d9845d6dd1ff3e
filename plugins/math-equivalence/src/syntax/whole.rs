//! Answers that are recognised as a whole, before any grammar: options, yes and no, words.

use super::token::{Spaced, Token};
use super::words;
use crate::tree::{Answer, Text};

/// Reads `text`, whose tokens are given, if it is one of those.
pub(super) fn read(text: &str, tokens: &[Spaced]) -> Option<Answer> {
    let bare: Vec<&Token> = tokens.iter().map(|spaced| &spaced.token).collect();
    if let Some(option) = option(&bare) {
        return Some(Answer::Choice(option));
    }
    if let [Token::Text(inner)] = bare.as_slice() {
        let inner = inner.trim();
        return Some(match words::meaning(inner) {
            Some(answer) => answer,
            None => inside_text(inner),
        });
    }
    let wordy = |token: &&Token| {
        matches!(
            token,
            Token::Word(_) | Token::Text(_) | Token::Sign('-' | ',' | '.' | '\'')
        )
    };
    if !bare.is_empty() && bare.iter().all(wordy) {
        if let Some(answer) = words::meaning(&words::spelling(text)) {
            return Some(answer);
        }
        let plain = |token: &&Token| match token {
            Token::Word(word) => words::formula(word).is_none() && words::letters(word).is_none(),
            _ => true,
        };
        let separators = bare.iter().any(|token| super::list::is_separator(token));
        if bare.iter().all(plain) && !separators {
            return Some(plain_words(text));
        }
    }
    None
}

/// `(A)`, `A.` in a text macro, `\text{(B)}`; letters from A to J, which is as far as options go.
fn option(tokens: &[&Token]) -> Option<char> {
    let letter = |letter: &str| {
        let mut signs = letter.chars();
        let only = signs.next()?.to_ascii_uppercase();
        (signs.next().is_none() && ('A'..='J').contains(&only)).then_some(only)
    };
    match tokens {
        [Token::Sign('('), Token::Letter(inner), Token::Sign(')')] => letter(inner),
        [Token::Sign('('), Token::Text(inner), Token::Sign(')')] => letter(inner.trim()),
        [Token::Text(inner)] => {
            let inner = inner.trim().trim_end_matches('.');
            let bare = inner.strip_prefix('(').and_then(|inner| inner.strip_suffix(')'));
            match bare {
                Some(inner) => letter(inner),
                None => letter(inner).filter(|_| inner.chars().all(char::is_uppercase)),
            }
        }
        _ => None,
    }
}

/// The content of a text macro: numbers and lists in it are read, the rest is words.
fn inside_text(inner: &str) -> Answer {
    if inner.contains(|c: char| c.is_ascii_digit()) {
        return match super::formula(inner) {
            Ok(answer) => answer,
            Err(_) => plain_words(inner),
        };
    }
    if inner.contains(',') {
        return Answer::List(
            inner
                .split(',')
                .map(|item| item.trim().trim_start_matches("and "))
                .filter(|item| !item.is_empty())
                .map(|item| words::option(item).map_or_else(|| plain_words(item), Answer::Choice))
                .collect(),
        );
    }
    plain_words(inner)
}

fn plain_words(text: &str) -> Answer {
    Answer::Text(Text {
        spelling: words::spelling(text),
        unread: None,
    })
}
