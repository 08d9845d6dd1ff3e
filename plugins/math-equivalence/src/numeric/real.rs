//! Elementary functions of real intervals.
//!
//! An interval is narrow as a rule: the function is evaluated at one end, and how fast it can change does the rest.

use super::dyadic::{Dyadic, Rounding};
use super::elementary::{self, small_argument, tiny};
use super::failure::Failure;
use super::interval::Interval;

/// Bits of a bound of which only the size matters.
const ROUGH: usize = 32;

/// e to the power of x.
///
/// # Errors
/// An exponent is out of range.
pub fn exp(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    let low = elementary::exp(x.low(), bits)?;
    if x.single().is_some() {
        return Ok(low);
    }
    let width = x.width();
    if width > Dyadic::ONE {
        return Ok(low.hull(elementary::exp(x.high(), bits)?));
    }
    // e^w <= 1 + 2w up to w = 1.
    let growth = low.high().times(&width.shifted(1), ROUGH, Rounding::Up);
    let high = low.high().plus(&growth, bits, Rounding::Up);
    Ok(Interval::new(low.low().clone(), high))
}

/// The natural logarithm of x.
///
/// # Errors
/// [`Failure::Undefined`] for 0, [`Failure::Imprecise`] unless x is certainly positive.
pub fn ln(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    if x.is_zero() {
        return Err(Failure::Undefined);
    }
    if x.low().is_at_most_zero() {
        return Err(Failure::Imprecise);
    }
    let low = elementary::ln(x.low(), bits)?;
    if x.single().is_some() {
        return Ok(low);
    }
    // ln(a + w) <= ln a + w/a.
    let inverse = x.low().inverse(ROUGH, Rounding::Up).ok_or(Failure::Imprecise)?;
    let growth = x.width().times(&inverse, ROUGH, Rounding::Up);
    if growth > Dyadic::ONE {
        return Ok(low.hull(elementary::ln(x.high(), bits)?));
    }
    let high = low.high().plus(&growth, bits, Rounding::Up);
    Ok(Interval::new(low.low().clone(), high))
}

/// The sine of x.
///
/// # Errors
/// An angle is out of range.
pub fn sin(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    Ok(spread(x, elementary::sin(x.low(), bits)?, bits).within(&Dyadic::ONE))
}

/// The cosine of x.
///
/// # Errors
/// An angle is out of range.
pub fn cos(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    Ok(spread(x, elementary::cos(x.low(), bits)?, bits).within(&Dyadic::ONE))
}

/// The tangent of x.
///
/// # Errors
/// An angle is out of range, or there may be a pole in x.
pub fn tan(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    let inverse = cos(x, bits)?.inverse(bits).ok_or(Failure::Imprecise)?;
    Ok(sin(x, bits)?.times(&inverse, bits))
}

/// The inverse tangent of x.
///
/// # Errors
/// [`elementary::arctan`]'s.
pub fn arctan(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    Ok(spread(x, elementary::arctan(x.low(), bits)?, bits))
}

/// The inverse sine of x.
///
/// # Errors
/// [`Failure::Undefined`] when x is certainly beyond 1 either way, [`Failure::Imprecise`] when it may be.
pub fn arcsin(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    let one = Interval::one();
    if x.single().is_some_and(|x| x.absolute() == Dyadic::ONE) {
        let right_angle = elementary::pi(bits)?.shifted(-1);
        return Ok(if x.low().is_negative() {
            right_angle.negated()
        } else {
            right_angle
        });
    }
    if x.least_magnitude() > Dyadic::ONE {
        return Err(Failure::Undefined);
    }
    // arcsin x = arctan(x / √((1 - x)(1 + x)))
    let square = one.minus(x, bits).times(&one.plus(x, bits), bits);
    if square.low().is_at_most_zero() {
        return Err(Failure::Imprecise);
    }
    let inverse = root(2, &square, bits)?.inverse(bits).ok_or(Failure::Imprecise)?;
    arctan(&x.times(&inverse, bits), bits)
}

/// The inverse cosine of x.
///
/// # Errors
/// As [`arcsin`].
pub fn arccos(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    if x.single() == Some(&Dyadic::ONE) {
        return Ok(Interval::zero());
    }
    Ok(elementary::pi(bits)?.shifted(-1).minus(&arcsin(x, bits)?, bits))
}

/// The hyperbolic sine of x.
///
/// # Errors
/// An exponent is out of range.
pub fn sinh(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    if let (Some(low), Some(high)) = (tiny(x.low(), bits), tiny(x.high(), bits)) {
        return Ok(low.hull(high));
    }
    // Close to 0 the two exponentials cancel.
    let working = bits + small_argument(&x.greatest_magnitude()).min(bits) + 2;
    let (growing, falling) = exponentials(x, working)?;
    Ok(growing.minus(&falling, bits).shifted(-1))
}

/// The hyperbolic cosine of x.
///
/// # Errors
/// An exponent is out of range.
pub fn cosh(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    let (growing, falling) = exponentials(x, bits)?;
    let sum = growing.plus(&falling, bits).shifted(-1);
    Ok(sum.greater(Interval::one()))
}

/// The hyperbolic tangent of x.
///
/// # Errors
/// An exponent is out of range.
pub fn tanh(x: &Interval, bits: usize) -> Result<Interval, Failure> {
    let inverse = cosh(x, bits)?.inverse(bits).ok_or(Failure::Imprecise)?;
    Ok(sinh(x, bits)?.times(&inverse, bits).within(&Dyadic::ONE))
}

/// The root of this degree of a number that is not negative.
///
/// # Errors
/// [`Failure::Imprecise`] unless x is certainly not negative, and for a degree above 3 when it may be 0.
pub fn root(degree: u32, x: &Interval, bits: usize) -> Result<Interval, Failure> {
    if x.is_zero() {
        return Ok(Interval::zero());
    }
    match u8::try_from(degree) {
        Ok(1) => Ok(x.clone()),
        Ok(degree @ 2..=3) => {
            let end = |end: &Dyadic, rounding| end.root(degree, bits, rounding).ok_or(Failure::Imprecise);
            Ok(Interval::new(
                end(x.low(), Rounding::Down)?,
                end(x.high(), Rounding::Up)?,
            ))
        }
        _ => {
            let degree = Interval::exact(Dyadic::new(degree.into(), 0));
            let inverse = degree.inverse(bits).ok_or(Failure::Undefined)?;
            exp(&ln(x, bits)?.times(&inverse, bits), bits)
        }
    }
}

/// What a function that changes by no more than its argument does takes in x, when it takes `start` at the lower end.
fn spread(x: &Interval, start: Interval, bits: usize) -> Interval {
    if x.single().is_some() {
        start
    } else {
        start.widened(&x.width(), bits)
    }
}

/// `e^x` and `e^-x`.
fn exponentials(x: &Interval, bits: usize) -> Result<(Interval, Interval), Failure> {
    let growing = exp(x, bits)?;
    let falling = growing.inverse(bits).ok_or(Failure::Imprecise)?;
    Ok((growing, falling))
}
