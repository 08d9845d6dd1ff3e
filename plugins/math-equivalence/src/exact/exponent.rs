//! Exponents of monomials: rational numbers that fit in machine words.

use std::cmp::Ordering;

use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use crate::budget::TooMuch;

/// A rational number in lowest terms. Numerator and denominator stay within 62 bits; what would leave them is [`TooMuch`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exponent {
    numerator: i64,
    denominator: i64,
}

/// Largest numerator and denominator, so that a sign can change without overflow.
const LARGEST: i64 = 1 << 62;

impl Exponent {
    pub(super) const ZERO: Self = Self::reduced(0, 1);
    pub(super) const ONE: Self = Self::reduced(1, 1);
    pub(super) const HALF: Self = Self::reduced(1, 2);

    /// A quotient that is known to be in lowest terms.
    pub(super) const fn reduced(numerator: i64, denominator: i64) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    /// A whole number.
    pub(super) fn whole(value: i64) -> Result<Self, TooMuch> {
        Self::ratio(value, 1)
    }

    /// A quotient; a denominator of zero is refused like one that is too large.
    pub(super) fn ratio(numerator: i64, denominator: i64) -> Result<Self, TooMuch> {
        if denominator == 0 || outside(numerator) || outside(denominator) {
            return Err(TooMuch);
        }
        let divisor = if denominator == 1 {
            1
        } else {
            gcd(numerator, denominator) * denominator.signum()
        };
        Ok(Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        })
    }

    pub(super) fn of(value: &RBig) -> Result<Self, TooMuch> {
        let numerator = i64::try_from(value.numerator()).map_err(|_| TooMuch)?;
        let denominator = i64::try_from(value.denominator()).map_err(|_| TooMuch)?;
        Self::ratio(numerator, denominator)
    }

    pub(super) fn to_rational(self) -> RBig {
        RBig::from_parts(
            IBig::from(self.numerator),
            UBig::from(self.denominator.unsigned_abs()),
        )
    }

    pub(super) const fn numerator(self) -> i64 {
        self.numerator
    }

    /// Always positive.
    pub(super) const fn denominator(self) -> i64 {
        self.denominator
    }

    pub(super) const fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub(super) const fn is_whole(self) -> bool {
        self.denominator == 1
    }

    pub(super) const fn floor(self) -> i64 {
        self.numerator.div_euclid(self.denominator)
    }

    /// What is left above [`Self::floor`].
    pub(super) const fn fraction(self) -> Self {
        Self {
            numerator: self.numerator.rem_euclid(self.denominator),
            denominator: self.denominator,
        }
    }

    pub(super) const fn negated(self) -> Self {
        Self {
            numerator: -self.numerator,
            denominator: self.denominator,
        }
    }

    pub(super) fn plus(self, other: Self) -> Result<Self, TooMuch> {
        if self.denominator == other.denominator {
            let sum = self.numerator.checked_add(other.numerator).ok_or(TooMuch)?;
            return Self::ratio(sum, self.denominator);
        }
        let left = self.numerator.checked_mul(other.denominator).ok_or(TooMuch)?;
        let right = other.numerator.checked_mul(self.denominator).ok_or(TooMuch)?;
        let denominator = self.denominator.checked_mul(other.denominator).ok_or(TooMuch)?;
        Self::ratio(left.checked_add(right).ok_or(TooMuch)?, denominator)
    }

    pub(super) fn times(self, other: Self) -> Result<Self, TooMuch> {
        let numerator = self.numerator.checked_mul(other.numerator).ok_or(TooMuch)?;
        let denominator = self.denominator.checked_mul(other.denominator).ok_or(TooMuch)?;
        Self::ratio(numerator, denominator)
    }
}

impl PartialOrd for Exponent {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exponent {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let left = i128::from(self.numerator) * i128::from(other.denominator);
        left.cmp(&(i128::from(other.numerator) * i128::from(self.denominator)))
    }
}

const fn outside(value: i64) -> bool {
    value > LARGEST || value < -LARGEST
}

/// The greatest common divisor, at least 1 when `right` is not 0.
fn gcd(left: i64, right: i64) -> i64 {
    let (mut left, mut right) = (left.abs(), right.abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(numerator: i64, denominator: i64) -> Exponent {
        Exponent::ratio(numerator, denominator).expect("small")
    }

    #[test]
    fn fractions_are_kept_in_lowest_terms_with_a_positive_denominator() {
        assert_eq!(ratio(4, -6), ratio(-2, 3));
        assert_eq!(ratio(0, 5), Exponent::ZERO);
        assert_eq!(ratio(1, 2).plus(ratio(1, 3)), Ok(ratio(5, 6)));
        assert_eq!(ratio(2, 3).times(ratio(3, 4)), Ok(ratio(1, 2)));
    }

    #[test]
    fn the_floor_of_a_negative_one_is_below_it() {
        assert_eq!(ratio(-1, 2).floor(), -1);
        assert_eq!(ratio(-1, 2).fraction(), ratio(1, 2));
        assert_eq!(ratio(7, 2).floor(), 3);
    }

    #[test]
    fn order_is_by_value() {
        assert!(ratio(1, 3) < ratio(1, 2));
        assert!(ratio(-1, 2) < ratio(-1, 3));
    }

    #[test]
    fn overflow_is_too_much() {
        let large = ratio(LARGEST, 1);
        assert_eq!(large.plus(large), Err(TooMuch));
        assert_eq!(large.times(large), Err(TooMuch));
        assert_eq!(Exponent::whole(i64::MIN), Err(TooMuch));
        assert_eq!(Exponent::ratio(1, 0), Err(TooMuch));
    }
}
