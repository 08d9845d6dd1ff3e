//! LaTeX fractions.

use dashu_ratio::RBig;

use super::cursor::Cursor;
use super::reader;
use crate::limits;

const MACROS: [&str; 4] = ["\\frac", "\\dfrac", "\\tfrac", "\\cfrac"];

/// Whether a fraction comes next.
pub(super) fn comes_next(cursor: &Cursor<'_>) -> bool {
    MACROS.iter().any(|name| cursor.rest().starts_with(name))
}

/// Reads `\frac{a}{b}` and its short forms `\frac12`, `\frac 1{12}`. None when an argument is not a number, the
/// denominator is zero, or fractions are nested too deep.
pub(super) fn fraction(cursor: &mut Cursor<'_>, depth: u32) -> Option<RBig> {
    if depth >= limits::FRACTION_DEPTH || !cursor.eat_any(&MACROS) {
        return None;
    }
    let numerator = argument(cursor, depth)?;
    let denominator = argument(cursor, depth)?;
    (!denominator.is_zero()).then(|| numerator / denominator)
}

/// One argument: a number in braces, or a single digit.
fn argument(cursor: &mut Cursor<'_>, depth: u32) -> Option<RBig> {
    cursor.skip_spaces();
    if !cursor.eat("{") {
        let digit = cursor.peek()?.to_digit(10)?;
        cursor.eat(&digit.to_string());
        return Some(RBig::from(digit));
    }
    cursor.skip_spaces();
    let value = reader::signed(cursor, depth + 1)?;
    cursor.skip_spaces();
    cursor.eat("}").then_some(value)
}
