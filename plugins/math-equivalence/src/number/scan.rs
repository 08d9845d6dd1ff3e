//! All numbers of a text.

use std::ops::Range;

use super::cursor::Cursor;
use super::{Number, fraction, reader, units};

/// A number and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The number.
    pub number: Number,
    /// Its bytes in the text, with sign and percent sign.
    pub span: Range<usize>,
}

/// The numbers of `text` in order. `2x`, `x2` and `v1.2.3` hold none: letters that touch a numeral make it part of
/// something else. A minus counts as a sign only where it can't be a subtraction (`5-3` holds 5 and 3).
pub fn numbers(text: &str) -> impl Iterator<Item = Found> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at + text[at..].find(begins_number)?;
            match number_at(&text[..start], &text[start..]) {
                Some((number, length)) => {
                    at = start + length;
                    return Some(Found {
                        number,
                        span: start..at,
                    });
                }
                None => at = start + length_to_skip(&text[start..]),
            }
        }
        None
    })
}

fn begins_number(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '-' | '\u{2212}' | '\u{2013}' | '\u{ff0d}' | '.' | '$' | '\\')
}

/// The number at the start of `text` and its length, if it stands alone behind `before`.
fn number_at(before: &str, text: &str) -> Option<(Number, usize)> {
    let mut cursor = Cursor::new(text);
    let first = cursor.peek()?;
    if first == '\\' && !text.starts_with("\\$") && !fraction::comes_next(&cursor) {
        return None;
    }
    if belongs_to(before, first) {
        return None;
    }
    // The sign must touch its number: in `5 - 3` it is a subtraction, in a list `- 3` a bullet.
    if !first.is_ascii_digit() && text[first.len_utf8()..].starts_with(char::is_whitespace) {
        return None;
    }
    let number = reader::number(&mut cursor)?;
    stands_alone(&cursor).then(|| (number, cursor.at()))
}

/// Whether a numeral that begins with `first` is part of what stands before it: `x2`, `1.2.3`, and for a sign also
/// `5-3` and `)-3`, where the sign is passed over and 3 is found next.
fn belongs_to(before: &str, first: char) -> bool {
    let mut before = before.chars().rev();
    let Some(last) = before.next() else { return false };
    let name = last.is_alphanumeric() || matches!(last, '_' | '^');
    match first {
        '0'..='9' => name || (last == '.' && before.next().is_some_and(|c| c.is_ascii_digit())),
        '.' => name,
        _ => name || matches!(last, ')' | ']' | '}'),
    }
}

/// Whether a numeral ends here, rather than being part of `2x`, `1204_9` or `1.2.3`.
fn stands_alone(cursor: &Cursor<'_>) -> bool {
    let mut after = cursor.rest().chars();
    match after.next() {
        Some('.') => !after.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) if c.is_alphabetic() => units::touching_unit(cursor),
        Some(c) => !(c.is_numeric() || matches!(c, '_' | '^')),
        None => true,
    }
}

/// How far to go on when no number starts here: over the whole numeral, or over one sign.
fn length_to_skip(text: &str) -> usize {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    match text.find(|c| !word(c)) {
        Some(0) => text.chars().next().map_or(1, char::len_utf8),
        Some(end) => end,
        None => text.len(),
    }
}
