//! Numerals: digits with thousands separators and a decimal point.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::cursor::Cursor;
use crate::limits;

/// A numeral without a sign.
pub(super) struct Decimal {
    pub(super) value: RBig,
    /// Written with digits only, so that a fraction behind it makes a mixed number.
    pub(super) plain: bool,
}

/// Separators between groups of three digits. A plain space is none: `1 234` is as likely two numbers.
const SEPARATORS: [&str; 7] = ["{,}", ",\\!", "\\!,", ",", "\\,", "\\!", "\u{202f}"];

/// Reads a numeral. None, with the cursor anywhere, when there is none or it has too many digits.
pub(super) fn decimal(cursor: &mut Cursor<'_>) -> Option<Decimal> {
    let first = digits(cursor);
    let mut all = first.to_owned();
    let mut plain = true;
    if (1..=3).contains(&first.len()) && !first.starts_with('0') {
        while let Some(group) = group(cursor) {
            all.push_str(group);
            plain = false;
        }
    }
    let whole = all.len();
    let mut ahead = *cursor;
    if ahead.eat(".") {
        let places = digits(&mut ahead);
        if !places.is_empty() {
            all.push_str(places);
            plain = false;
            *cursor = ahead;
        }
    }
    if all.is_empty() || all.len() > limits::DIGITS {
        return None;
    }
    let places = all.len() - whole;
    // Few digits need no big-number parser.
    let numerator = match all.parse::<u64>() {
        Ok(small) if all.len() <= 18 => IBig::from(small),
        _ => all.parse().ok()?,
    };
    let value = match places {
        0 => RBig::from(numerator),
        places => RBig::from_parts(numerator, UBig::from(10_u8).pow(places)),
    };
    Some(Decimal { value, plain })
}

/// A separator and three digits; nothing is read unless both are there.
fn group<'a>(cursor: &mut Cursor<'a>) -> Option<&'a str> {
    let mut ahead = *cursor;
    let three = SEPARATORS
        .iter()
        .any(|separator| ahead.eat(separator))
        .then(|| digits(&mut ahead))?;
    (three.len() == 3).then(|| {
        *cursor = ahead;
        three
    })
}

fn digits<'a>(cursor: &mut Cursor<'a>) -> &'a str {
    cursor.take_while(|c| c.is_ascii_digit())
}
