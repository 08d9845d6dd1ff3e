//! Formulas in running text.

use std::ops::Range;

use memchr::memchr2;

/// The content of the last formula that isn't empty: `$…$`, `$$…$$`, `\(…\)` or `\[…\]`.
///
/// A dollar sign opens a formula when no space follows it, and closes one when no space precedes it and no digit
/// follows: "$5 and $6" holds two sums of money and no formula.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let mut open: Option<(usize, &str)> = None;
    let mut found = None;
    let mut at = 0;
    while let Some(skipped) = memchr2(b'$', b'\\', &bytes[at..]) {
        at += skipped;
        let rest = &bytes[at..];
        let mark = match rest {
            [b'\\', b'(' | b')' | b'[' | b']', ..] | [b'$', b'$', ..] => 2,
            [b'\\', _, ..] => {
                at += 2;
                continue;
            }
            [b'$', ..] => 1,
            _ => break,
        };
        let closing = match &rest[..mark] {
            b"\\(" => Some("\\)"),
            b"\\[" => Some("\\]"),
            b"$$" => Some("$$"),
            b"$" => Some("$"),
            _ => None,
        };
        match open {
            Some((start, close)) if close.as_bytes() == &rest[..mark] && closes(bytes, start, at, mark) => {
                if !is_blank(bytes, start, at) {
                    found = Some(start..at);
                }
                open = None;
            }
            Some((_, "$")) if mark == 1 && opens(bytes, at) => open = Some((at + 1, "$")),
            Some(_) => {}
            None => {
                if let Some(close) = closing.filter(|_| mark == 2 || opens(bytes, at)) {
                    open = Some((at + mark, close));
                }
            }
        }
        at += mark;
    }
    found
}

/// Whether the dollar sign at `at` can open a formula.
fn opens(bytes: &[u8], at: usize) -> bool {
    bytes.get(at + 1).is_some_and(|next| !next.is_ascii_whitespace())
}

/// Whether the mark at `at` can close the formula that starts at `start`. Only single dollar signs are in doubt.
fn closes(bytes: &[u8], start: usize, at: usize, mark: usize) -> bool {
    mark == 2
        || (at > start
            && !bytes[at - 1].is_ascii_whitespace()
            && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit))
}

/// Whether nothing but spaces lies between.
fn is_blank(bytes: &[u8], start: usize, end: usize) -> bool {
    bytes[start..end].iter().all(u8::is_ascii_whitespace)
}
