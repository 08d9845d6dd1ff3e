//! Numbers as people read them: in decimal, to so many significant digits.

use std::fmt;

use dashu_int::ops::{BitTest, DivRem, PowerOfTwo, UnsignedAbs};
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
    quotient(value.numerator(), value.denominator(), digits)
}

/// As [`decimal`], of a fraction that need not be in lowest terms.
fn quotient(over: &IBig, denominator: &UBig, digits: u32) -> String {
    Rounded::of(over, denominator, digits).to_string()
}

/// A number to so many significant digits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rounded {
    negative: bool,
    /// All digits; 0 only for 0.
    digits: UBig,
    /// The power of ten that the first digit stands for.
    place: i64,
}

impl Rounded {
    /// A fraction, halves rounded away from 0.
    fn of(over: &IBig, denominator: &UBig, digits: u32) -> Self {
        if over.is_zero() {
            return Self {
                negative: false,
                digits: UBig::ZERO,
                place: 0,
            };
        }
        let digits = digits.max(1);
        let numerator = over.unsigned_abs();
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
        Self {
            negative: *over < IBig::ZERO,
            digits: rounded,
            place,
        }
    }
}

impl fmt::Display for Rounded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.digits.is_zero() {
            return f.write_str("0");
        }
        let sign = if self.negative { "-" } else { "" };
        write!(f, "{sign}{}", placed(&self.digits.to_string(), self.place))
    }
}

/// The decimal that every number of the interval rounds to, when they all round to one.
pub fn certain_decimal(interval: &Interval, digits: u32) -> Option<String> {
    let end = |end: &Dyadic| {
        let (over, under) = end.to_fraction(WRITTEN_BITS)?;
        Some(Rounded::of(&over, &under, digits))
    };
    let low = end(interval.low())?;
    (low == end(interval.high())?).then(|| low.to_string())
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
    let above_half = (numerator << 1) + &denominator;
    match denominator.trailing_zeros() {
        // Ends of intervals have such denominators.
        Some(zeros) if denominator.is_power_of_two() => above_half >> (zeros + 1),
        _ => above_half / (denominator << 1),
    }
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
    if let Ok(limit) = u64::try_from(denominator_limit)
        && holds_no_fraction(interval, &slack, limit)
    {
        return None;
    }
    let wide = interval.widened(&slack, interval.low().bits().max(interval.high().bits()) + 4);
    let fraction = if wide.contains_zero() {
        RBig::ZERO
    } else {
        simplest_in(
            &wide.low().to_rational(WRITTEN_BITS)?,
            &wide.high().to_rational(WRITTEN_BITS)?,
            denominator_limit,
        )?
    };
    let expected = wide.width().to_rational(WRITTEN_BITS)? * IBig::from(fraction.denominator().sqr());
    (expected * (IBig::ONE << unsigned(chance)) < RBig::ONE).then_some(fraction)
}

/// Bits of the integers that [`holds_no_fraction`] calculates with.
const MACHINE_BITS: i64 = 120;

/// Whether it is certain, from the leading bits alone, that no fraction with a denominator below `limit` lies within `slack` of the interval.
fn holds_no_fraction(interval: &Interval, slack: &Dyadic, limit: u64) -> bool {
    let (low, high) = (interval.low(), interval.high());
    let places = MACHINE_BITS - low.top().max(high.top()).max(0);
    let negative = high.is_negative();
    if places < MACHINE_BITS / 2 || slack.top() > -places || low.is_negative() != negative {
        return false;
    }
    let (near, far) = if negative {
        (high.negated(), low.negated())
    } else {
        (low.clone(), high.clone())
    };
    let units = |end: &Dyadic| u128::try_from(end.scaled_floor(places)).ok();
    let (Some(near), Some(far)) = (units(&near), units(&far)) else {
        return false;
    };
    // The slack is at most one unit, and so is what the floor took away.
    let Some(near) = near.checked_sub(2).filter(|near| *near > 0) else {
        return false;
    };
    let unit = 1_u128 << places;
    simplest_denominator((near, unit), (far + 3, unit), limit).is_none()
}

/// Terms of continued fractions up to this are found by subtraction. Most are 1 or 2, and a division of 128 bits takes long.
const SMALL_TERM: u64 = 6;

/// The smallest denominator of the fractions between two positive ones, the first of which is the smaller; None when it is `limit` or more.
fn simplest_denominator(near: (u128, u128), far: (u128, u128), limit: u64) -> Option<u64> {
    let ((mut near_over, mut near_under), (mut far_over, mut far_under)) = (near, far);
    let (mut under, mut last_under) = (0_u64, 1_u64);
    loop {
        let (mut term, mut rest, mut far_rest) = (0, near_over, far_over);
        while rest >= near_under && term < SMALL_TERM {
            (term, rest, far_rest) = (term + 1, rest - near_under, far_rest - far_under);
        }
        if rest >= near_under {
            let more = rest / near_under;
            (rest, far_rest) = (rest - more * near_under, far_rest - more * far_under);
            // The first term has at most 60 bits; a later one that does not fit makes a denominator that does not either.
            term = u64::try_from(more).ok()?.checked_add(term)?;
        }
        (under, last_under) = (term.checked_mul(under)?.checked_add(last_under)?, under);
        if under >= limit {
            return None;
        }
        (near_over, far_over) = (far_under, near_under);
        (near_under, far_under) = (far_rest, rest);
        if near_over < near_under {
            return under.checked_add(last_under).filter(|under| *under < limit);
        }
    }
}

/// [`RBig::simplest_in`] when its denominator is below `limit`.
///
/// The continued fractions of the ends of a narrow interval share a long beginning, of which the first few terms tell that the denominator is too large.
fn simplest_in(low: &RBig, high: &RBig, limit: &UBig) -> Option<RBig> {
    if low == high {
        return (low.denominator() < limit).then(|| low.clone());
    }
    let negative = *low < RBig::ZERO;
    let (near, far) = if negative { (high, low) } else { (low, high) };
    let parts = |end: &RBig| {
        (
            IBig::from(end.numerator().unsigned_abs()),
            IBig::from(end.denominator().clone()),
        )
    };
    let ((mut near_over, mut near_under), (mut far_over, mut far_under)) = (parts(near), parts(far));
    let limit = limit.as_ibig();
    let (mut over, mut last_over) = (IBig::ONE, IBig::ZERO);
    let (mut under, mut last_under) = (IBig::ZERO, IBig::ONE);
    loop {
        let (term, rest) = near_over.div_rem(&near_under);
        (over, last_over) = (&term * &over + last_over, over);
        (under, last_under) = (&term * &under + last_under, under);
        // Denominators grow from term to term.
        if under >= *limit {
            return None;
        }
        let far_rest = far_over - term * &far_under;
        // Both are turned over, which swaps the ends.
        (near_over, far_over) = (far_under, near_under);
        (near_under, far_under) = (far_rest, rest);
        if near_over < near_under {
            let (over, under) = (over + last_over, under + last_under);
            let found = RBig::from_parts(over, under.unsigned_abs());
            return (found.denominator().as_ibig() < limit).then_some(if negative { -found } else { found });
        }
    }
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
    fn leading_bits_tell_roots_from_fractions() {
        let root = Interval::rational(&RBig::from(2), 224);
        let root = Interval::new(
            root.low()
                .root(2, 224, super::super::dyadic::Rounding::Down)
                .unwrap(),
            root.high()
                .root(2, 224, super::super::dyadic::Rounding::Up)
                .unwrap(),
        );
        assert!(holds_no_fraction(&root, &root.width(), 1_000_000_000_000));
        let third = Interval::rational(&rational(-1, 3), 224);
        assert!(!holds_no_fraction(&third, &third.width(), 1_000_000_000_000));
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

    proptest::proptest! {
        #[test]
        fn what_the_leading_bits_rule_out_is_not_there(over in -1_000_000_i64..1_000_000, under in 1_u64..3_000_000, limit in 1_u64..2_000_000, bits in 100_usize..300) {
            let interval = Interval::rational(&rational(over, under), bits);
            if holds_no_fraction(&interval, &interval.width(), limit) {
                proptest::prop_assert!(simple_fraction(&interval, &UBig::from(u64::MAX), 0).is_none_or(|found| *found.denominator() >= UBig::from(limit)));
                proptest::prop_assert!(*rational(over, under).denominator() >= UBig::from(limit));
            }
        }

        #[test]
        fn the_simplest_fraction_below_a_limit_is_the_library_s(
            over in -1_000_000_i64..1_000_000, under in 1_u64..1_000_000, shift in 0_usize..80, limit in 1_u32..2_000_000,
        ) {
            let low = rational(over, under);
            let high = &low + RBig::from_parts(IBig::ONE, UBig::ONE << shift);
            proptest::prop_assume!(low > RBig::ZERO || high < RBig::ZERO);
            let simplest = RBig::simplest_in(low.clone(), high.clone());
            let limit = UBig::from(limit);
            let wanted = (simplest.denominator() < &limit).then_some(simplest);
            proptest::prop_assert_eq!(simplest_in(&low, &high, &limit), wanted);
        }
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
