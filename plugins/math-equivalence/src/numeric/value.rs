//! What an expression evaluates to: an exact rational number, a real interval, or a complex rectangle.

use std::cmp::Ordering;

use dashu_int::IBig;
use dashu_int::ops::BitTest;
use dashu_ratio::RBig;

use super::complex;
use super::dyadic::Dyadic;
use super::failure::Failure;
use super::interval::Interval;
use super::real;
use super::rectangle::Rectangle;

/// Longest numerator and denominator, in bits, that is carried exactly.
pub const EXACT_BITS: usize = 192;

/// Values that agree differ by less than two to this power, negative, however large they are: 1000! and 1000! + 1 do not agree
/// because most of their digits do.
const ABSOLUTE: i64 = 40;

/// What an expression evaluates to.
///
/// The kind says what is certain: a value is complex unless it is real by construction, however small its imaginary part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Exactly this number.
    Exact(RBig),
    /// A real number in the interval.
    Real(Interval),
    /// A complex number in the rectangle.
    Complex(Rectangle),
}

/// How two values lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// Certainly the same number.
    Same,
    /// Certainly different numbers.
    Apart,
    /// Enclosures that overlap.
    Open,
}

impl Value {
    /// A rational number: exactly, unless it is long.
    pub fn rational(value: RBig, bits: usize) -> Self {
        if value.numerator().bit_len().max(value.denominator().bit_len()) <= EXACT_BITS {
            Self::Exact(value)
        } else {
            Self::Real(Interval::rational(&value, bits))
        }
    }

    /// An integer: exactly, unless it is long.
    pub fn integer(value: impl Into<IBig>, bits: usize) -> Self {
        Self::rational(RBig::from(value.into()), bits)
    }

    /// A real number: exactly, when the interval holds only one.
    pub fn real(interval: Interval) -> Self {
        match interval
            .single()
            .and_then(|number| number.to_rational(EXACT_BITS))
        {
            Some(number) => Self::Exact(number),
            None => Self::Real(interval),
        }
    }

    /// A complex number: real, when the rectangle holds only such.
    pub fn complex(rectangle: Rectangle) -> Self {
        if rectangle.im.is_zero() {
            Self::real(rectangle.re)
        } else {
            Self::Complex(rectangle)
        }
    }

    /// Whether it is real by construction.
    pub fn is_real(&self) -> bool {
        !matches!(self, Self::Complex(_))
    }

    /// Whether it is certainly 0.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Exact(value) => value.is_zero(),
            Self::Real(interval) => interval.is_zero(),
            Self::Complex(_) => false,
        }
    }

    /// How it certainly compares with 0.
    pub fn sign(&self) -> Option<Ordering> {
        match self {
            Self::Exact(value) => Some(value.cmp(&RBig::ZERO)),
            Self::Real(interval) => interval.sign(),
            Self::Complex(_) => None,
        }
    }

    /// The interval of a value that is real by construction.
    pub fn interval(&self, bits: usize) -> Option<Interval> {
        match self {
            Self::Exact(value) => Some(Interval::rational(value, bits)),
            Self::Real(interval) => Some(interval.clone()),
            Self::Complex(_) => None,
        }
    }

    /// The rectangle of any value.
    pub fn rectangle(&self, bits: usize) -> Rectangle {
        match self {
            Self::Exact(value) => Rectangle::real(Interval::rational(value, bits)),
            Self::Real(interval) => Rectangle::real(interval.clone()),
            Self::Complex(rectangle) => rectangle.clone(),
        }
    }

    /// The sum.
    pub fn plus(&self, other: &Self, bits: usize) -> Self {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::rational(a + b, bits),
            _ => match (self.interval(bits), other.interval(bits)) {
                (Some(a), Some(b)) => Self::real(a.plus(&b, bits)),
                _ => Self::complex(self.rectangle(bits).plus(&other.rectangle(bits), bits)),
            },
        }
    }

    /// The product.
    pub fn times(&self, other: &Self, bits: usize) -> Self {
        match (self, other) {
            (Self::Exact(a), Self::Exact(b)) => Self::rational(a * b, bits),
            (Self::Complex(a), Self::Complex(b)) => Self::complex(a.times(b, bits)),
            _ => match (self.interval(bits), other.interval(bits)) {
                (Some(a), Some(b)) => Self::real(a.times(&b, bits)),
                (Some(real), None) => Self::complex(other.rectangle(bits).scaled(&real, bits)),
                (None, Some(real)) => Self::complex(self.rectangle(bits).scaled(&real, bits)),
                (None, None) => Self::complex(self.rectangle(bits).times(&other.rectangle(bits), bits)),
            },
        }
    }

    /// 1 over this.
    ///
    /// # Errors
    /// [`Failure::Undefined`] for 0, [`Failure::Imprecise`] for what may be 0.
    pub fn inverse(&self, bits: usize) -> Result<Self, Failure> {
        if self.is_zero() {
            return Err(Failure::Undefined);
        }
        match self {
            Self::Exact(value) => Ok(Self::Exact(RBig::ONE / value)),
            Self::Real(interval) => Ok(Self::real(interval.inverse(bits).ok_or(Failure::Imprecise)?)),
            Self::Complex(rectangle) => Ok(Self::complex(rectangle.inverse(bits)?)),
        }
    }

    /// The absolute value.
    ///
    /// # Errors
    /// [`Rectangle::absolute`]'s.
    pub fn absolute(&self, bits: usize) -> Result<Self, Failure> {
        Ok(match self {
            Self::Exact(value) if *value < RBig::ZERO => Self::Exact(-value),
            Self::Exact(value) => Self::Exact(value.clone()),
            Self::Real(interval) => Self::real(interval.absolute()),
            Self::Complex(rectangle) => Self::real(rectangle.absolute(bits)?),
        })
    }

    /// e to the power of this.
    ///
    /// # Errors
    /// A part is out of range.
    pub fn exp(&self, bits: usize) -> Result<Self, Failure> {
        Ok(match self.interval(bits) {
            Some(interval) => Self::real(real::exp(&interval, bits)?),
            None => Self::complex(complex::exp(&self.rectangle(bits), bits)?),
        })
    }

    /// The principal logarithm.
    ///
    /// # Errors
    /// [`Failure::Undefined`] for 0; [`Failure::Imprecise`] when 0 or the branch cut is too close.
    pub fn ln(&self, bits: usize) -> Result<Self, Failure> {
        match (self.sign(), self.interval(bits)) {
            (Some(Ordering::Equal), _) => Err(Failure::Undefined),
            (Some(Ordering::Less), Some(interval)) => {
                let re = real::ln(&interval.negated(), bits)?;
                Ok(Self::Complex(Rectangle {
                    re,
                    im: super::elementary::pi(bits)?,
                }))
            }
            (_, Some(interval)) => Ok(Self::real(real::ln(&interval, bits)?)),
            (_, None) => Ok(Self::complex(complex::ln(&self.rectangle(bits), bits)?)),
        }
    }

    /// Whether the two are the same number, as far as these enclosures tell.
    pub fn likeness(&self, other: &Self, bits: usize) -> Likeness {
        if let (Self::Exact(a), Self::Exact(b)) = (self, other) {
            return if a == b { Likeness::Same } else { Likeness::Apart };
        }
        let (a, b) = (self.rectangle(bits), other.rectangle(bits));
        if a.re.overlaps(&b.re) && a.im.overlaps(&b.im) {
            Likeness::Open
        } else {
            Likeness::Apart
        }
    }

    /// Whether everything in both enclosures is the same to `digits` binary digits; when both hold 0, to within `2^-digits`, and in
    /// any case to within `2^-40`.
    pub fn agrees(&self, other: &Self, digits: i64, bits: usize) -> bool {
        let (a, b) = (self.rectangle(bits), other.rectangle(bits));
        let both =
            |a: Interval, b: Interval| (a.least_magnitude().max(b.least_magnitude()), a.hull(b).width());
        let (re, re_width) = both(a.re, b.re);
        let (im, im_width) = both(a.im, b.im);
        let size = re.max(im);
        let unit = if size.is_zero() { Dyadic::ONE } else { size };
        re_width.max(im_width) <= unit.shifted(-digits).min(Dyadic::ONE.shifted(-ABSOLUTE))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(numerator: i32, denominator: u32) -> Value {
        Value::Exact(RBig::from_parts(numerator.into(), denominator.into()))
    }

    #[test]
    fn short_rationals_stay_exact_and_long_ones_become_intervals() {
        assert_eq!(exact(1, 3).plus(&exact(1, 6), 64), exact(1, 2));
        let mut long = exact(10, 1);
        for _ in 0..8 {
            long = long.times(&long, 64);
        }
        assert!(matches!(long, Value::Real(_)));
    }

    #[test]
    fn the_square_of_i_is_exactly_minus_1() {
        let i = Value::complex(Rectangle::i());
        assert_eq!(i.times(&i, 64), exact(-1, 1));
        assert!(!i.plus(&exact(1, 1), 64).is_real());
    }

    #[test]
    fn the_inverse_of_zero_is_undefined_and_of_what_may_be_zero_imprecise() {
        assert_eq!(exact(0, 1).inverse(64), Err(Failure::Undefined));
        let near = Value::Real(Interval::zero().widened(&Dyadic::ONE, 64));
        assert_eq!(near.inverse(64), Err(Failure::Imprecise));
    }

    #[test]
    fn the_logarithm_of_a_negative_number_has_an_imaginary_part_of_pi() {
        let Ok(Value::Complex(logarithm)) = exact(-1, 1).ln(80) else {
            panic!("it is complex")
        };
        assert!(logarithm.re.is_zero());
        assert!(
            logarithm
                .im
                .overlaps(&super::super::elementary::pi(80).expect("80 bits are known"))
        );
        assert_eq!(exact(0, 1).ln(80), Err(Failure::Undefined));
    }

    #[test]
    fn agreement_is_relative_except_at_zero() {
        let near =
            |center: i64, exponent: i64| Value::Real(Interval::around(center.into(), 1, exponent, 200));
        assert!(near(1 << 40, -50).agrees(&near(1 << 40, -50), 38, 200));
        assert!(!near(1 << 40, -50).agrees(&near(1 << 40, -50), 40, 200));
        assert!(!near(1 << 40, 0).agrees(&near(1 << 40, 0), 38, 200));
        assert!(near(1 << 40, -400).agrees(&near(1 << 40, -400), 38, 200));
        assert!(near(0, -60).agrees(&exact(0, 1), 58, 200));
        assert!(!near(0, -60).agrees(&exact(0, 1), 60, 200));
    }
}
