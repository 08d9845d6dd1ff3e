//! Closed intervals of real numbers with dyadic ends. Each operation's result contains every value it could have.

use std::cmp::Ordering;

use dashu_int::IBig;
use dashu_ratio::RBig;

use super::dyadic::{Dyadic, Rounding};
use Rounding::{Down, Up};

/// Bits of a number of which only the size matters.
const ROUGH: usize = 32;

/// The numbers from `low` to `high`, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    low: Dyadic,
    high: Dyadic,
}

/// On which side of 0 an interval lies. One that holds nothing but 0 is on the positive side.
enum Side {
    Negative,
    Across,
    Positive,
}

impl Interval {
    /// From `low` to `high`.
    pub fn new(low: Dyadic, high: Dyadic) -> Self {
        debug_assert!(low <= high, "an interval does not end before it starts");
        Self { low, high }
    }

    /// One number.
    pub fn exact(value: Dyadic) -> Self {
        Self {
            low: value.clone(),
            high: value,
        }
    }

    /// 0.
    pub fn zero() -> Self {
        Self::exact(Dyadic::ZERO)
    }

    /// 1.
    pub fn one() -> Self {
        Self::exact(Dyadic::ONE)
    }

    /// A rational number, to so many bits.
    pub fn rational(value: &RBig, bits: usize) -> Self {
        Self::new(
            Dyadic::rational(value, bits, Down),
            Dyadic::rational(value, bits, Up),
        )
    }

    /// What is within `error` of `value`, both in units of `2^exponent`.
    pub fn around(value: IBig, error: u32, exponent: i64, bits: usize) -> Self {
        let error = IBig::from(error);
        Self::new(
            Dyadic::new(&value - &error, exponent),
            Dyadic::new(value + error, exponent),
        )
        .rounded(bits)
    }

    /// The least number in it.
    pub fn low(&self) -> &Dyadic {
        &self.low
    }

    /// The greatest number in it.
    pub fn high(&self) -> &Dyadic {
        &self.high
    }

    /// The only number in it.
    pub fn single(&self) -> Option<&Dyadic> {
        (self.low == self.high).then_some(&self.low)
    }

    /// Whether it holds nothing but 0.
    pub fn is_zero(&self) -> bool {
        self.low.is_zero() && self.high.is_zero()
    }

    /// Whether 0 is in it.
    pub fn contains_zero(&self) -> bool {
        self.low.is_at_most_zero() && self.high.is_at_least_zero()
    }

    /// How each number in it compares with 0; None when they differ in that.
    pub fn sign(&self) -> Option<Ordering> {
        if self.is_zero() {
            Some(Ordering::Equal)
        } else if !self.low.is_at_most_zero() {
            Some(Ordering::Greater)
        } else if self.high.is_negative() {
            Some(Ordering::Less)
        } else {
            None
        }
    }

    /// Whether the two have a number in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// From its least number to its greatest, and not less than that.
    pub fn width(&self) -> Dyadic {
        self.high.minus(&self.low, ROUGH, Up)
    }

    /// The least absolute value in it.
    pub fn least_magnitude(&self) -> Dyadic {
        match self.side() {
            Side::Positive => self.low.clone(),
            Side::Negative => self.high.negated(),
            Side::Across => Dyadic::ZERO,
        }
    }

    /// The greatest absolute value in it.
    pub fn greatest_magnitude(&self) -> Dyadic {
        self.low.absolute().max(self.high.absolute())
    }

    /// With ends of so many bits.
    pub fn rounded(self, bits: usize) -> Self {
        Self {
            low: self.low.rounded(bits, Down),
            high: self.high.rounded(bits, Up),
        }
    }

    /// Everything from the lower of the two least numbers to the higher of the two greatest.
    pub fn hull(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
        }
    }

    /// The greater of a number in this and a number in the other.
    pub fn greater(self, other: Self) -> Self {
        Self {
            low: self.low.max(other.low),
            high: self.high.max(other.high),
        }
    }

    /// The lesser of a number in this and a number in the other.
    pub fn lesser(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.min(other.high),
        }
    }

    /// What of it lies within `±bound`, which is not nothing.
    pub fn within(self, bound: &Dyadic) -> Self {
        Self {
            low: self.low.max(bound.negated()),
            high: self.high.min(bound.clone()),
        }
    }

    /// With so much added on either side.
    pub fn widened(&self, by: &Dyadic, bits: usize) -> Self {
        Self {
            low: self.low.minus(by, bits, Down),
            high: self.high.plus(by, bits, Up),
        }
    }

    /// The negatives.
    pub fn negated(&self) -> Self {
        Self {
            low: self.high.negated(),
            high: self.low.negated(),
        }
    }

    /// The absolute values.
    pub fn absolute(&self) -> Self {
        Self {
            low: self.least_magnitude(),
            high: self.greatest_magnitude(),
        }
    }

    /// This times `2^places`.
    pub fn shifted(&self, places: i64) -> Self {
        Self {
            low: self.low.shifted(places),
            high: self.high.shifted(places),
        }
    }

    /// The sum.
    pub fn plus(&self, other: &Self, bits: usize) -> Self {
        Self {
            low: self.low.plus(&other.low, bits, Down),
            high: self.high.plus(&other.high, bits, Up),
        }
    }

    /// The difference.
    pub fn minus(&self, other: &Self, bits: usize) -> Self {
        Self {
            low: self.low.minus(&other.high, bits, Down),
            high: self.high.minus(&other.low, bits, Up),
        }
    }

    /// The product.
    pub fn times(&self, other: &Self, bits: usize) -> Self {
        let (a, b, c, d) = (&self.low, &self.high, &other.low, &other.high);
        let between = |low: (&Dyadic, &Dyadic), high: (&Dyadic, &Dyadic)| Self {
            low: low.0.times(low.1, bits, Down),
            high: high.0.times(high.1, bits, Up),
        };
        match (self.side(), other.side()) {
            (Side::Positive, Side::Positive) => between((a, c), (b, d)),
            (Side::Positive, Side::Across) => between((b, c), (b, d)),
            (Side::Positive, Side::Negative) => between((b, c), (a, d)),
            (Side::Across, Side::Positive) => between((a, d), (b, d)),
            (Side::Across, Side::Across) => between((a, d), (b, d)).hull(between((b, c), (a, c))),
            (Side::Across, Side::Negative) => between((b, c), (a, c)),
            (Side::Negative, Side::Positive) => between((a, d), (b, c)),
            (Side::Negative, Side::Across) => between((a, d), (a, c)),
            (Side::Negative, Side::Negative) => between((b, d), (a, c)),
        }
    }

    /// 1 over this; None when 0 is in it.
    pub fn inverse(&self, bits: usize) -> Option<Self> {
        if self.contains_zero() {
            return None;
        }
        Some(Self {
            low: self.high.inverse(bits, Down)?,
            high: self.low.inverse(bits, Up)?,
        })
    }

    /// The square.
    pub fn squared(&self, bits: usize) -> Self {
        self.power(2, bits)
    }

    /// This to the power of n; 1 for n = 0.
    pub fn power(&self, n: u32, bits: usize) -> Self {
        if n.is_multiple_of(2) {
            let absolute = self.absolute();
            return Self {
                low: power(&absolute.low, n, bits, Down),
                high: power(&absolute.high, n, bits, Up),
            };
        }
        let of = |end: &Dyadic, rounding: Rounding| {
            if end.is_negative() {
                let opposite = if rounding == Down { Up } else { Down };
                power(&end.absolute(), n, bits, opposite).negated()
            } else {
                power(end, n, bits, rounding)
            }
        };
        Self {
            low: of(&self.low, Down),
            high: of(&self.high, Up),
        }
    }

    fn side(&self) -> Side {
        if self.low.is_at_least_zero() {
            Side::Positive
        } else if self.high.is_at_most_zero() {
            Side::Negative
        } else {
            Side::Across
        }
    }
}

/// A number that is not negative to the power of n, by repeated squaring. Each step rounds the same way, which is right for such numbers.
fn power(base: &Dyadic, n: u32, bits: usize, rounding: Rounding) -> Dyadic {
    let Some(length) = n.checked_ilog2() else {
        return Dyadic::ONE;
    };
    let working = bits + 2 * usize::try_from(length).unwrap_or(0) + 2;
    let mut result = base.clone();
    for bit in (0..length).rev() {
        result = result.times(&result, working, rounding);
        if n >> bit & 1 == 1 {
            result = result.times(base, working, rounding);
        }
    }
    result.rounded(bits, rounding)
}

#[cfg(test)]
mod tests;
