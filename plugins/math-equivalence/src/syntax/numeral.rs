//! Numerals: digits, a decimal point, thousands separators.

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::Unparseable;
use crate::limits;

/// What may stand between a thousands separator's groups, longest first.
const SEPARATORS: [&str; 9] = [
    "{,}\\!", "{,}", ",\\!\\!", ",\\!\\,", ",\\! ", ",\\!", "\\,", "\\!", ",",
];

/// The numeral at the start of `text` without its separators, and its length in bytes.
///
/// A bare comma separates thousands only in the pattern `1,234,567`, and never within brackets, where `(1,234)` is a pair.
pub(super) fn read(text: &str, in_brackets: bool) -> Result<(String, usize), Unparseable> {
    let digits_at = |at: usize| {
        text.as_bytes()[at..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let mut at = digits_at(0);
    let mut out = text[..at].to_owned();
    if (1..=3).contains(&at) {
        while let Some(length) = separator(&text[at..], in_brackets) {
            if digits_at(at + length) != 3 {
                break;
            }
            out.push_str(&text[at + length..at + length + 3]);
            at += length + 3;
        }
    }
    let fraction = if text[at..].starts_with('.') {
        digits_at(at + 1)
    } else {
        0
    };
    if fraction > 0 {
        out.push_str(&text[at..=at + fraction]);
        at += 1 + fraction;
    } else if text[at..].starts_with('.')
        && at > 0
        && text[at + 1..].trim_start().starts_with(['^', '}', ')'])
    {
        // `3.` before a closing sign is the integer.
        at += 1;
    }
    if out.len() > limits::NUMBER_DIGITS {
        return Err(Unparseable::Limit {
            name: "digits of a numeral",
            limit: limits::NUMBER_DIGITS,
        });
    }
    Ok((out, at))
}

fn separator(text: &str, in_brackets: bool) -> Option<usize> {
    SEPARATORS
        .into_iter()
        .find(|separator| text.starts_with(separator) && !(in_brackets && *separator == ","))
        .map(|separator| {
            let rest = &text[separator.len()..];
            // `11,\! 111`: TeX drops the space.
            separator.len()
                + if separator.ends_with('!') && rest.starts_with(' ') {
                    1
                } else {
                    0
                }
        })
}

/// The value of a text that is one numeral, perhaps with a minus. What the grammar makes of it is the same.
pub(super) fn alone(text: &str) -> Option<RBig> {
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let first = match magnitude.as_bytes() {
        [b'.', second, ..] => second,
        [first, ..] => first,
        [] => return None,
    };
    let digits_and_marks = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',');
    if !first.is_ascii_digit() || magnitude.ends_with('.') || !magnitude.bytes().all(digits_and_marks) {
        return None;
    }
    let value = match small(magnitude) {
        Some(value) => value,
        None => {
            let (digits, length) = read(magnitude, false).ok()?;
            value(&digits).filter(|_| length == magnitude.len())?
        }
    };
    Some(if negative { -value } else { value })
}

/// The value of so few digits that no heap is needed; None for anything else.
fn small(digits: &str) -> Option<RBig> {
    if digits.len() > 18 {
        return None;
    }
    let (mut value, mut scale, mut seen) = (0_u64, None, false);
    for byte in digits.bytes() {
        match (byte, &mut scale) {
            (b'0'..=b'9', scale) => {
                seen = true;
                value = value * 10 + u64::from(byte - b'0');
                if let Some(scale) = scale {
                    *scale *= 10;
                }
            }
            (b'.', None) => scale = Some(1_u64),
            _ => return None,
        }
    }
    match (seen, scale) {
        (false, _) => None,
        (true, None) => Some(RBig::from(value)),
        (true, Some(scale)) => Some(RBig::from_parts(value.into(), scale.into())),
    }
}

/// The value of digits with at most one point.
pub(super) fn value(digits: &str) -> Option<RBig> {
    if let Some(value) = small(digits) {
        return Some(value);
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let joined = format!("{whole}{fraction}");
    let numerator: IBig = if joined.is_empty() {
        return None;
    } else {
        joined.parse().ok()?
    };
    Some(RBig::from_parts(numerator, UBig::from(10_u8).pow(fraction.len())))
}

/// The value of `digits` in `base`; None when a digit does not exist there.
pub(super) fn value_in_base(digits: &str, base: u32) -> Option<RBig> {
    if !(2..=36).contains(&base) || digits.is_empty() {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let value = whole
        .chars()
        .chain(fraction.chars())
        .try_fold(UBig::ZERO, |value, c| {
            Some(value * UBig::from(base) + UBig::from(c.to_digit(base)?))
        })
        .map(RBig::from)?;
    Some(value / RBig::from(UBig::from(base).pow(fraction.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> String {
        read(text, false).unwrap().0
    }

    #[test]
    fn separators_join_groups_of_three() {
        for text in [
            "1234567",
            "1,234,567",
            "1{,}234{,}567",
            "1,\\!234,\\!567",
            "1,\\! 234,\\! 567",
            "1\\,234\\,567",
        ] {
            assert_eq!(digits(text), "1234567", "{text}");
        }
        assert_eq!(digits("12,345.67 m"), "12345.67");
    }

    #[test]
    fn other_commas_separate_items() {
        assert_eq!(digits("1,23"), "1");
        assert_eq!(digits("1, 234"), "1");
        assert_eq!(digits("1234,567"), "1234");
        assert_eq!(read("1,234)", true).unwrap().0, "1");
    }

    proptest::proptest! {
        #[test]
        fn a_numeral_alone_is_what_the_grammar_makes_of_it(text in r"-?[0-9.,]{0,24}|-?[0-9]{1,3}(,[0-9]{3}){0,6}(\.[0-9]{0,12})?") {
            if let Some(value) = alone(&text) {
                let read = super::super::formula(&text);
                proptest::prop_assert_eq!(read, Ok(crate::tree::Answer::Value(crate::tree::Expr::Number(value))));
            }
        }
    }

    #[test]
    fn most_numerals_are_read_without_the_grammar() {
        for text in ["5", "-12", "0.5", "-.5", "1,234", "1234567890123456789012"] {
            assert!(alone(text).is_some(), "{text}");
        }
        for text in ["", "-", "5.", "1,2", "--5", "1.2.3", "5%", "1 2"] {
            assert_eq!(alone(text), None, "{text}");
        }
    }

    #[test]
    fn values_are_exact() {
        assert_eq!(value("0.1").unwrap(), RBig::from_parts(1.into(), 10_u8.into()));
        assert_eq!(value(".5"), value("0.50"));
        assert_eq!(value_in_base("2112", 3).unwrap(), RBig::from(68));
        assert_eq!(value_in_base("2113", 3), None);
    }
}
