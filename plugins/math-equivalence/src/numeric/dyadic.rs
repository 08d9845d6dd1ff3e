//! Binary floating-point numbers of any precision, rounded in a stated direction.

use std::cmp::Ordering;

use dashu_int::ops::{BitTest, DivEuclid, SquareRootRem, UnsignedAbs};
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;

/// Below the place of any number that is not zero.
const NOWHERE: i64 = i64::MIN / 4;

/// Which way a result goes that has more bits than it may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// Towards negative infinity.
    Down,
    /// Towards positive infinity.
    Up,
}

/// `mantissa · 2^exponent`, exactly.
#[derive(Debug, Clone)]
pub struct Dyadic {
    mantissa: IBig,
    exponent: i64,
}

impl Dyadic {
    /// 0.
    pub const ZERO: Self = Self {
        mantissa: IBig::ZERO,
        exponent: 0,
    };

    /// 1.
    pub const ONE: Self = Self {
        mantissa: IBig::ONE,
        exponent: 0,
    };

    /// `mantissa · 2^exponent`.
    pub fn new(mantissa: IBig, exponent: i64) -> Self {
        let exponent = if mantissa.is_zero() { 0 } else { exponent };
        Self { mantissa, exponent }
    }

    /// A rational number, rounded to so many bits.
    pub fn rational(value: &RBig, bits: usize, rounding: Rounding) -> Self {
        if value.is_int() {
            return Self::new(value.numerator().clone(), 0).rounded(bits, rounding);
        }
        quotient(
            value.numerator().clone(),
            value.denominator().clone().into(),
            0,
            bits,
            rounding,
        )
    }

    /// Whether it is 0.
    pub fn is_zero(&self) -> bool {
        self.mantissa.is_zero()
    }

    /// Whether it is less than 0.
    pub fn is_negative(&self) -> bool {
        self.mantissa.sign() == Sign::Negative
    }

    /// Whether it is 0 or greater.
    pub fn is_at_least_zero(&self) -> bool {
        !self.is_negative()
    }

    /// Whether it is 0 or less.
    pub fn is_at_most_zero(&self) -> bool {
        self.is_negative() || self.is_zero()
    }

    /// The `t` with `2^(t-1) <= |self| < 2^t`; for 0, less than of any other number.
    pub fn top(&self) -> i64 {
        if self.is_zero() {
            NOWHERE
        } else {
            self.exponent.saturating_add(length(&self.mantissa))
        }
    }

    /// The mantissa's bits.
    pub fn bits(&self) -> usize {
        self.mantissa.bit_len()
    }

    /// Mantissa and exponent.
    pub fn parts(&self) -> (&IBig, i64) {
        (&self.mantissa, self.exponent)
    }

    /// This, to so many bits.
    pub fn rounded(self, bits: usize, rounding: Rounding) -> Self {
        let excess = self.mantissa.bit_len().saturating_sub(bits);
        if excess == 0 {
            return self;
        }
        let mantissa = match rounding {
            Rounding::Down => self.mantissa >> excess,
            Rounding::Up => -((-self.mantissa) >> excess),
        };
        Self::new(mantissa, self.exponent.saturating_add(signed(excess)))
    }

    /// The absolute value.
    pub fn absolute(&self) -> Self {
        if self.is_negative() {
            self.negated()
        } else {
            self.clone()
        }
    }

    /// The negative.
    pub fn negated(&self) -> Self {
        Self {
            mantissa: -&self.mantissa,
            exponent: self.exponent,
        }
    }

    /// This times `2^places`.
    pub fn shifted(&self, places: i64) -> Self {
        Self::new(self.mantissa.clone(), self.exponent.saturating_add(places))
    }

    /// The sum, to so many bits.
    pub fn plus(&self, other: &Self, bits: usize, rounding: Rounding) -> Self {
        let (high, low) = if self.top() >= other.top() {
            (self, other)
        } else {
            (other, self)
        };
        if low.is_zero() {
            return high.clone().rounded(bits, rounding);
        }
        // What lies below each bit that counts decides the rounding by its sign alone, and may lie so far below that aligning it
        // would take all memory.
        let floor = high
            .exponent
            .min(high.top().saturating_sub(signed(bits)))
            .saturating_sub(2);
        let speck;
        let low = if low.top() <= floor {
            speck = Self {
                mantissa: low.mantissa.signum(),
                exponent: floor,
            };
            &speck
        } else {
            low
        };
        let exponent = high.exponent.min(low.exponent);
        Self::new(high.aligned(exponent) + low.aligned(exponent), exponent).rounded(bits, rounding)
    }

    /// The difference, to so many bits.
    pub fn minus(&self, other: &Self, bits: usize, rounding: Rounding) -> Self {
        self.plus(&other.negated(), bits, rounding)
    }

    /// The product, to so many bits.
    pub fn times(&self, other: &Self, bits: usize, rounding: Rounding) -> Self {
        let exponent = self.exponent.saturating_add(other.exponent);
        Self::new(&self.mantissa * &other.mantissa, exponent).rounded(bits, rounding)
    }

    /// 1 over this, to so many bits; None for 0.
    pub fn inverse(&self, bits: usize, rounding: Rounding) -> Option<Self> {
        if self.is_zero() {
            return None;
        }
        let exponent = self.exponent.saturating_neg();
        Some(quotient(
            self.mantissa.signum(),
            magnitude(&self.mantissa).into(),
            exponent,
            bits,
            rounding,
        ))
    }

    /// The square root (`degree` 2) or the cube root (3), to so many bits; None for a negative number and for another degree.
    pub fn root(&self, degree: u8, bits: usize, rounding: Rounding) -> Option<Self> {
        if self.is_zero() {
            return Some(Self::ZERO);
        }
        if self.is_negative() || !(2..=3).contains(&degree) {
            return None;
        }
        let missing = (usize::from(degree) * bits).saturating_sub(self.bits());
        let misaligned = self
            .exponent
            .saturating_sub(signed(missing))
            .rem_euclid(i64::from(degree));
        let shift = signed(missing).saturating_add(misaligned);
        let radicand = magnitude(&self.mantissa) << unsigned(shift);
        let (mut root, exact) = if degree == 2 {
            let (root, rest) = radicand.sqrt_rem();
            (root, rest.is_zero())
        } else {
            let root = radicand.nth_root(3);
            let exact = root.cubic() == radicand;
            (root, exact)
        };
        if !exact && rounding == Rounding::Up {
            root += UBig::ONE;
        }
        let exponent = self.exponent.saturating_sub(shift) / i64::from(degree);
        Some(Self::new(root.into(), exponent).rounded(bits, rounding))
    }

    /// The largest integer not above `self · 2^scale`. The caller has made sure that it is of reasonable size.
    pub fn scaled_floor(&self, scale: i64) -> IBig {
        let places = self.exponent.saturating_add(scale);
        if self.top().saturating_add(scale) <= 0 {
            if self.is_negative() {
                IBig::NEG_ONE
            } else {
                IBig::ZERO
            }
        } else if places >= 0 {
            &self.mantissa << unsigned(places)
        } else {
            &self.mantissa >> unsigned(places.saturating_neg())
        }
    }

    /// This as a rational number, when it has at most so many bits on either side of the point.
    pub fn to_rational(&self, bits: usize) -> Option<RBig> {
        let (numerator, denominator) = self.to_fraction(bits)?;
        Some(RBig::from_parts(numerator, denominator))
    }

    /// Numerator and denominator of the same number, not in lowest terms.
    pub fn to_fraction(&self, bits: usize) -> Option<(IBig, UBig)> {
        let limit = signed(bits);
        if self.is_zero() {
            return Some((IBig::ZERO, UBig::ONE));
        }
        if self.top() > limit || self.exponent < limit.saturating_neg() {
            return None;
        }
        Some(if self.exponent >= 0 {
            (&self.mantissa << unsigned(self.exponent), UBig::ONE)
        } else {
            let denominator = UBig::ONE << unsigned(self.exponent.saturating_neg());
            (self.mantissa.clone(), denominator)
        })
    }

    /// The mantissa this has with a lower exponent.
    fn aligned(&self, exponent: i64) -> IBig {
        &self.mantissa << unsigned(self.exponent.saturating_sub(exponent))
    }
}

impl PartialEq for Dyadic {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Dyadic {}

impl PartialOrd for Dyadic {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Dyadic {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative(), other.is_negative()) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (negative, _) => {
                let by_top = self.top().cmp(&other.top());
                if by_top == Ordering::Equal {
                    let exponent = self.exponent.min(other.exponent);
                    self.aligned(exponent).cmp(&other.aligned(exponent))
                } else if negative {
                    by_top.reverse()
                } else {
                    by_top
                }
            }
        }
    }
}

/// `numerator / denominator · 2^exponent` to so many bits; the denominator is positive.
fn quotient(numerator: IBig, denominator: IBig, exponent: i64, bits: usize, rounding: Rounding) -> Dyadic {
    // One bit more than asked for, so that the last rounding sees what is left of the remainder.
    let shift = (bits + 2 + denominator.bit_len()).saturating_sub(numerator.bit_len());
    let numerator = numerator << shift;
    let mantissa = match rounding {
        Rounding::Down => numerator.div_euclid(denominator),
        Rounding::Up => -((-numerator).div_euclid(denominator)),
    };
    Dyadic::new(mantissa, exponent.saturating_sub(signed(shift))).rounded(bits, rounding)
}

/// The absolute value.
fn magnitude(value: &IBig) -> UBig {
    value.unsigned_abs()
}

/// How many bits it has.
fn length(value: &IBig) -> i64 {
    signed(value.bit_len())
}

/// A size as a place.
pub fn signed(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// A place as a size; 0 for a negative one.
pub fn unsigned(place: i64) -> usize {
    usize::try_from(place).unwrap_or(0)
}

#[cfg(test)]
mod tests;
