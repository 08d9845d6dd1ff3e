//! The grammar of one number: sign, money sign, magnitude, percent sign or scale word.

use dashu_int::UBig;
use dashu_ratio::RBig;

use super::Number;
use super::cursor::Cursor;
use super::decimal::decimal;
use super::fraction::{self, fraction};
use super::units;
use crate::limits;

const MINUS: [&str; 4] = ["-", "\u{2212}", "\u{2013}", "\u{ff0d}"];
const MONEY: [&str; 5] = ["\\$", "$", "€", "£", "¥"];
const TIMES: [&str; 5] = ["\\times", "\\cdot", "×", "*", "x"];

/// Reads a number with its percent sign or scale word. The word itself is left for the units to pass over.
pub(super) fn number(cursor: &mut Cursor<'_>) -> Option<Number> {
    let mut value = signed(cursor, 0)?;
    let mut ahead = *cursor;
    ahead.skip_spaces();
    let mut percent = ahead.eat_any(&["\\%", "%"]);
    if percent {
        *cursor = ahead;
    } else {
        match units::meaning(cursor) {
            Some(units::Meaning::Percent) => percent = true,
            Some(units::Meaning::TimesTenTo(exponent)) => value *= ten_to(exponent),
            None => {}
        }
    }
    Some(Number { value, percent })
}

/// Reads a sign, a money sign (in either order) and a magnitude.
pub(super) fn signed(cursor: &mut Cursor<'_>, depth: u32) -> Option<RBig> {
    let mut negative = sign(cursor);
    cursor.skip_spaces();
    if cursor.eat_any(&MONEY) {
        cursor.skip_spaces();
        negative = negative || sign(cursor);
    }
    let value = magnitude(cursor, depth)?;
    Some(if negative { -value } else { value })
}

/// Moves past a sign; true when it is a minus.
fn sign(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat_any(&MINUS) || {
        cursor.eat("+");
        false
    }
}

fn magnitude(cursor: &mut Cursor<'_>, depth: u32) -> Option<RBig> {
    if fraction::comes_next(cursor) {
        return fraction(cursor, depth);
    }
    let number = decimal(cursor)?;
    if number.plain
        && let Some(part) = mixed_part(cursor, depth)
    {
        return Some(number.value + part);
    }
    if let Some(divisor) = divisor(cursor) {
        return (!divisor.is_zero()).then(|| number.value / divisor);
    }
    let power = power_of_ten(cursor)?;
    Some(number.value * power)
}

/// The fraction of a mixed number: below one, right behind the whole part (LaTeX) or after a space (`1 3/4`).
fn mixed_part(cursor: &mut Cursor<'_>, depth: u32) -> Option<RBig> {
    let mut ahead = *cursor;
    let spaced = ahead.skip_spaces();
    let part = if fraction::comes_next(&ahead) {
        fraction(&mut ahead, depth)?
    } else if spaced {
        let numerator = decimal(&mut ahead).filter(|numerator| numerator.plain)?;
        let divisor = divisor(&mut ahead).filter(|divisor| !divisor.is_zero())?;
        numerator.value / divisor
    } else {
        return None;
    };
    (part >= RBig::ZERO && part < RBig::ONE).then(|| {
        *cursor = ahead;
        part
    })
}

/// What stands behind a slash, when that is a numeral.
fn divisor(cursor: &mut Cursor<'_>) -> Option<RBig> {
    let mut ahead = *cursor;
    ahead.skip_spaces();
    if !ahead.eat("/") {
        return None;
    }
    ahead.skip_spaces();
    let divisor = decimal(&mut ahead)?;
    *cursor = ahead;
    Some(divisor.value)
}

/// The power of ten of scientific notation: one when there is none, None when it is too large.
fn power_of_ten(cursor: &mut Cursor<'_>) -> Option<RBig> {
    let mut ahead = *cursor;
    let exponent = if ahead.eat_any(&["e", "E"]) {
        exponent(&mut ahead)
    } else {
        ahead.skip_spaces();
        let times = ahead.eat_any(&TIMES);
        ahead.skip_spaces();
        if !times || !ahead.eat_any(&["10^", "{10}^"]) {
            return Some(RBig::ONE);
        }
        let braced = ahead.eat("{");
        let exponent = exponent(&mut ahead);
        if braced && !ahead.eat("}") {
            return Some(RBig::ONE);
        }
        exponent
    };
    let Some((negative, exponent)) = exponent else {
        return Some(RBig::ONE);
    };
    let exponent = exponent
        .parse::<u32>()
        .ok()
        .filter(|exponent| *exponent <= limits::EXPONENT)?;
    *cursor = ahead;
    let power = ten_to(exponent as usize);
    Some(if negative { RBig::ONE / power } else { power })
}

/// A sign and digits; None when there are no digits.
fn exponent<'a>(cursor: &mut Cursor<'a>) -> Option<(bool, &'a str)> {
    let negative = sign(cursor);
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    (!digits.is_empty()).then_some((negative, digits))
}

fn ten_to(exponent: usize) -> RBig {
    RBig::from(UBig::from(10_u8).pow(exponent))
}
