//! Rectangles of complex numbers: an interval for each part.

use std::cmp::Ordering;

use super::dyadic::Dyadic;
use super::elementary;
use super::failure::Failure;
use super::interval::Interval;
use super::real;

/// The complex numbers with these real and imaginary parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rectangle {
    /// The real parts.
    pub re: Interval,
    /// The imaginary parts.
    pub im: Interval,
}

impl Rectangle {
    /// The imaginary unit.
    pub fn i() -> Self {
        Self {
            re: Interval::zero(),
            im: Interval::one(),
        }
    }

    /// Real numbers.
    pub fn real(re: Interval) -> Self {
        Self {
            re,
            im: Interval::zero(),
        }
    }

    /// The sum.
    pub fn plus(&self, other: &Self, bits: usize) -> Self {
        Self {
            re: self.re.plus(&other.re, bits),
            im: self.im.plus(&other.im, bits),
        }
    }

    /// The product.
    pub fn times(&self, other: &Self, bits: usize) -> Self {
        let cross =
            |a: &Interval, b: &Interval, c: &Interval, d: &Interval| (a.times(b, bits), c.times(d, bits));
        let (squares, minus) = cross(&self.re, &other.re, &self.im, &other.im);
        let (one, other) = cross(&self.re, &other.im, &self.im, &other.re);
        Self {
            re: squares.minus(&minus, bits),
            im: one.plus(&other, bits),
        }
    }

    /// The product with a real number.
    pub fn scaled(&self, by: &Interval, bits: usize) -> Self {
        Self {
            re: self.re.times(by, bits),
            im: self.im.times(by, bits),
        }
    }

    /// 1 over this.
    ///
    /// # Errors
    /// [`Failure::Undefined`] for 0, [`Failure::Imprecise`] when 0 is in it.
    pub fn inverse(&self, bits: usize) -> Result<Self, Failure> {
        if self.is_zero() {
            return Err(Failure::Undefined);
        }
        let inverse = self.norm(bits).inverse(bits).ok_or(Failure::Imprecise)?;
        Ok(Self {
            re: self.re.clone(),
            im: self.im.negated(),
        }
        .scaled(&inverse, bits))
    }

    /// This to the power of n, by repeated squaring; 1 for n = 0.
    pub fn power(&self, n: u32, bits: usize) -> Self {
        let Some(length) = n.checked_ilog2() else {
            return Self::real(Interval::one());
        };
        let working = bits + 2 * usize::try_from(length).unwrap_or(0) + 2;
        let mut result = self.clone();
        for bit in (0..length).rev() {
            result = result.times(&result, working);
            if n >> bit & 1 == 1 {
                result = result.times(self, working);
            }
        }
        result
    }

    /// The absolute value.
    ///
    /// # Errors
    /// None that a sum of squares could cause.
    pub fn absolute(&self, bits: usize) -> Result<Interval, Failure> {
        real::root(2, &self.norm(bits), bits)
    }

    /// The principal argument, from -π to π.
    ///
    /// # Errors
    /// [`Failure::Undefined`] for 0; [`Failure::Imprecise`] when the rectangle holds 0 or lies across the negative real axis.
    pub fn argument(&self, bits: usize) -> Result<Interval, Failure> {
        if self.is_zero() {
            return Err(Failure::Undefined);
        }
        let ratio = |above: &Interval, below: &Interval| {
            let inverse = below.inverse(bits).ok_or(Failure::Imprecise)?;
            real::arctan(&above.times(&inverse, bits), bits)
        };
        let right_angle = || Ok::<_, Failure>(elementary::pi(bits)?.shifted(-1));
        if self.re.sign() == Some(Ordering::Greater) {
            ratio(&self.im, &self.re)
        } else if self.im.sign() == Some(Ordering::Greater) {
            Ok(right_angle()?.minus(&ratio(&self.re, &self.im)?, bits))
        } else if self.im.sign() == Some(Ordering::Less) {
            Ok(right_angle()?.negated().minus(&ratio(&self.re, &self.im)?, bits))
        } else if self.re.sign() == Some(Ordering::Less) && self.im.low().is_at_least_zero() {
            Ok(elementary::pi(bits)?.plus(&ratio(&self.im, &self.re)?, bits))
        } else {
            Err(Failure::Imprecise)
        }
    }

    /// The principal square root, whose real part is not negative.
    ///
    /// # Errors
    /// [`Failure::Imprecise`] when the rectangle lies across the negative real axis away from 0.
    pub fn square_root(&self, bits: usize) -> Result<Self, Failure> {
        let absolute = self.absolute(bits)?;
        let half = |sum: Interval| real::root(2, &sum.shifted(-1).greater(Interval::zero()), bits);
        let double_inverse = |part: &Interval| part.shifted(1).inverse(bits).ok_or(Failure::Imprecise);
        match (self.re.sign(), self.im.sign()) {
            (Some(Ordering::Greater), _) => {
                let re = half(absolute.plus(&self.re, bits))?;
                let im = self.im.times(&double_inverse(&re)?, bits);
                Ok(Self { re, im })
            }
            (Some(Ordering::Less), side) => {
                let height = half(absolute.minus(&self.re, bits))?;
                let im = match side {
                    Some(Ordering::Less) => height.negated(),
                    _ if self.im.low().is_at_least_zero() => height,
                    _ => return Err(Failure::Imprecise),
                };
                Ok(Self {
                    re: self.im.times(&double_inverse(&im)?, bits),
                    im,
                })
            }
            (_, Some(side @ (Ordering::Less | Ordering::Greater))) => {
                let height = half(absolute.minus(&self.re, bits))?;
                let im = if side == Ordering::Less {
                    height.negated()
                } else {
                    height
                };
                Ok(Self {
                    re: half(absolute.plus(&self.re, bits))?,
                    im,
                })
            }
            _ => {
                // Around 0 all that is known is the size.
                let size = Interval::new(Dyadic::ZERO, real::root(2, &absolute, bits)?.high().clone());
                Ok(Self {
                    im: size.clone().hull(size.negated()),
                    re: size,
                })
            }
        }
    }

    fn is_zero(&self) -> bool {
        self.re.is_zero() && self.im.is_zero()
    }

    /// The square of the absolute value.
    fn norm(&self, bits: usize) -> Interval {
        self.re.squared(bits).plus(&self.im.squared(bits), bits)
    }
}
