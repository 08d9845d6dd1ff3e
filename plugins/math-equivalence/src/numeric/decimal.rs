//! Numbers as people read them: in decimal, to so many significant digits.

use dashu_int::ops::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::dyadic::{Dyadic, signed, unsigned};
use super::interval::Interval;
use super::value::Value;

/// Bits on either side of the point of a number that is written out.
const WRITTEN_BITS: usize = 1 << 15;

/// Longest fraction, in bytes, that is shown as one.
const FRACTION_BYTES: usize = 24;

/// Most places a number below 1 moves behind the point before it is written as a power of ten.
const LEADING_ZEROS: i64 = 6;

/// A rational number to so many significant digits, halves rounded away from 0.
pub fn decimal(value: &RBig, digits: u32) -> String {
    if value.is_zero() {
        return "0".to_owned();
    }
    let digits = digits.max(1);
    let (numerator, denominator) = (value.numerator().unsigned_abs(), value.denominator());
    // The first digit's place, by lengths: 30103 / 100000 is the logarithm of 2. It is off by one at most, or two after rounding.
    let length = signed(numerator.bit_len()).saturating_sub(signed(denominator.bit_len()));
    let mut place = (length.saturating_sub(1).saturating_mul(30_103)).div_euclid(100_000);
    let too_many = ten_to(i64::from(digits));
    let mut rounded = scaled(&numerator, denominator, i64::from(digits) - 1 - place);
    while rounded >= too_many {
        place += 1;
        rounded = scaled(&numerator, denominator, i64::from(digits) - 1 - place);
    }
    while &rounded * UBig::from(10_u8) < too_many {
        place -= 1;
        rounded = scaled(&numerator, denominator, i64::from(digits) - 1 - place);
    }
    let sign = if *value < RBig::ZERO { "-" } else { "" };
    format!("{sign}{}", placed(&rounded.to_string(), place))
}

/// The decimal that every number of the interval rounds to, when they all round to one.
pub fn certain_decimal(interval: &Interval, digits: u32) -> Option<String> {
    let end = |end: &Dyadic| Some(decimal(&end.to_rational(WRITTEN_BITS)?, digits));
    let low = end(interval.low())?;
    (low == end(interval.high())?).then_some(low)
}

/// A value for people: short fractions as such, all others to about so many digits.
pub fn shown(value: &Value, digits: u32) -> String {
    if let Value::Exact(value) = value {
        let fraction = value.to_string();
        if fraction.len() <= FRACTION_BYTES {
            return fraction;
        }
    }
    plain(value, digits)
}

/// A value to about so many digits.
pub fn plain(value: &Value, digits: u32) -> String {
    match value {
        Value::Exact(value) => decimal(value, digits),
        Value::Real(interval) => about(interval, digits),
        Value::Complex(rectangle) => {
            let im = about(&rectangle.im, digits);
            let (sign, size) = im
                .strip_prefix('-')
                .map_or(("+", im.as_str()), |size| ("-", size));
            format!("{} {sign} {size}i", about(&rectangle.re, digits))
        }
    }
}

/// A number of the interval.
fn about(interval: &Interval, digits: u32) -> String {
    if interval.contains_zero() {
        return "0".to_owned();
    }
    match interval.low().to_rational(WRITTEN_BITS) {
        Some(value) => decimal(&value, digits),
        None => format!(
            "about {}2^{}",
            if interval.low().is_negative() { "-" } else { "" },
            interval.low().top()
        ),
    }
}

/// `numerator / denominator · 10^places`, rounded to an integer.
fn scaled(numerator: &UBig, denominator: &UBig, places: i64) -> UBig {
    let (numerator, denominator) = if places >= 0 {
        (numerator * ten_to(places), denominator.clone())
    } else {
        (numerator.clone(), denominator * ten_to(-places))
    };
    ((numerator << 1) + &denominator) / (denominator << 1)
}

fn ten_to(places: i64) -> UBig {
    UBig::from(10_u8).pow(unsigned(places))
}

/// Digits, the first of which stands for this power of ten.
fn placed(digits: &str, place: i64) -> String {
    let count = signed(digits.len());
    if place < -LEADING_ZEROS || place >= count.max(2) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{place}")
    } else if place < 0 {
        format!("0.{}{digits}", "0".repeat(unsigned(-1 - place)))
    } else if place + 1 >= count {
        format!("{digits}{}", "0".repeat(unsigned(place + 1 - count)))
    } else {
        let (whole, fraction) = digits.split_at(unsigned(place + 1));
        format!("{whole}.{fraction}")
    }
}

/// The fraction with the smallest denominator in the interval, when that is so small that it cannot be there by chance.
///
/// There are about `d²` fractions with denominators up to `d` from one integer to the next.
pub fn simple_fraction(interval: &Interval, denominator_limit: &UBig, chance: i64) -> Option<RBig> {
    let slack = interval.width();
    let wide = interval.widened(&slack, interval.low().bits().max(interval.high().bits()) + 4);
    let fraction = if wide.contains_zero() {
        RBig::ZERO
    } else {
        RBig::simplest_in(
            wide.low().to_rational(WRITTEN_BITS)?,
            wide.high().to_rational(WRITTEN_BITS)?,
        )
    };
    if fraction.denominator() >= denominator_limit {
        return None;
    }
    let expected = wide.width().to_rational(WRITTEN_BITS)? * IBig::from(fraction.denominator().sqr());
    (expected * (IBig::ONE << unsigned(chance)) < RBig::ONE).then_some(fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rational(numerator: i64, denominator: u64) -> RBig {
        RBig::from_parts(numerator.into(), denominator.into())
    }

    #[test]
    fn decimals_have_as_many_digits_as_asked_for() {
        assert_eq!(decimal(&rational(1, 3), 10), "0.3333333333");
        assert_eq!(decimal(&rational(-2, 3), 3), "-0.667");
        assert_eq!(decimal(&rational(22, 7), 5), "3.1429");
        assert_eq!(decimal(&rational(99_999, 1), 3), "1.00e5");
        assert_eq!(decimal(&rational(999, 1000), 2), "1.0");
        assert_eq!(decimal(&rational(42, 1), 2), "42");
        assert_eq!(decimal(&rational(1, 1_000_000_000), 3), "1.00e-9");
        assert_eq!(decimal(&rational(1, 1000), 3), "0.00100");
        assert_eq!(decimal(&rational(1, 8), 2), "0.13");
        assert_eq!(decimal(&rational(0, 1), 5), "0");
    }

    #[test]
    fn an_interval_across_a_rounding_boundary_has_no_decimal() {
        let eighth = Interval::around(1.into(), 0, -3, 64);
        assert_eq!(certain_decimal(&eighth, 2).as_deref(), Some("0.13"));
        assert_eq!(
            certain_decimal(&eighth.widened(&Dyadic::new(1.into(), -60), 64), 2),
            None
        );
    }

    #[test]
    fn only_fractions_beyond_chance_are_found() {
        let limit = UBig::from(1_000_000_u32);
        let narrow = |value: &RBig| Interval::rational(value, 120);
        assert_eq!(
            simple_fraction(&narrow(&rational(-355, 113)), &limit, 60),
            Some(rational(-355, 113))
        );
        assert_eq!(
            simple_fraction(&narrow(&rational(7, 1)), &limit, 60),
            Some(rational(7, 1))
        );
        assert_eq!(
            simple_fraction(&narrow(&rational(1, 1_000_000_007)), &limit, 60),
            None
        );
        assert_eq!(
            simple_fraction(&Interval::rational(&rational(1, 3), 40), &limit, 60),
            None
        );
        assert_eq!(
            simple_fraction(&Interval::around(0.into(), 1, -100, 64), &limit, 60),
            Some(RBig::ZERO)
        );
    }

    #[test]
    fn complex_numbers_are_shown_with_both_parts() {
        let interval = |value: i64| Interval::rational(&rational(value, 3), 64);
        let value = Value::Complex(super::super::rectangle::Rectangle {
            re: interval(1),
            im: interval(-2),
        });
        assert_eq!(shown(&value, 4), "0.3333 - 0.6667i");
    }
}
