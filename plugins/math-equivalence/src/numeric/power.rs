//! Powers and roots, with the conventions for negative bases.
//!
//! A power of a negative number is the principal one, except where the exponent has an odd denominator: then the real root and
//! the principal power are both in use, and neither is taken for granted.

use std::cmp::Ordering;

use dashu_int::ops::{BitTest, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::complex;
use super::dyadic::{Dyadic, signed};
use super::elementary;
use super::failure::{Failure, OUT_OF_RANGE};
use super::interval::Interval;
use super::real;
use super::rectangle::Rectangle;
use super::value::{EXACT_BITS, Value};

/// Largest exponent for which squaring is repeated; beyond, it is `e^(n ln x)`.
const SQUARED: u32 = 10_000;

/// Powers of two in results of repeated squaring are less than two to this power.
const TOP: i64 = 1 << 32;

/// Highest degree of a root that is looked for among the rational numbers.
const EXACT_DEGREE: u32 = 64;

/// `base^exponent`.
///
/// # Errors
/// Where it has no value, conventions differ, or it is out of range.
pub fn power(base: &Value, exponent: &Value, bits: usize) -> Result<Value, Failure> {
    match exponent {
        Value::Exact(exponent) if exponent.is_int() => integer_power(base, exponent.numerator(), bits),
        Value::Exact(exponent) => rational_power(base, exponent, bits),
        Value::Real(_) => match base.sign() {
            Some(Ordering::Equal) => zero_to(exponent),
            Some(Ordering::Less) => Err(Failure::Ambiguous),
            None if base.is_real() => Err(Failure::Imprecise),
            _ => base.ln(bits)?.times(exponent, bits).exp(bits),
        },
        Value::Complex(_) if base.is_zero() => Err(Failure::Undefined),
        Value::Complex(_) => base.ln(bits)?.times(exponent, bits).exp(bits),
    }
}

/// The root of this degree: of a negative number the real one where the degree is odd, else the principal one.
///
/// # Errors
/// For a degree of 0, and where the branch cut is too close.
pub fn root(degree: u32, value: &Value, bits: usize) -> Result<Value, Failure> {
    if degree == 0 {
        return Err(Failure::Undefined);
    }
    if degree == 1 {
        return Ok(value.clone());
    }
    if let Some(root) = exact_root(degree, value) {
        return Ok(Value::rational(root, bits));
    }
    let Some(interval) = value.interval(bits) else {
        let rectangle = value.rectangle(bits);
        return if degree == 2 {
            Ok(Value::complex(rectangle.square_root(bits)?))
        } else {
            principal(value, &inverse(degree), bits)
        };
    };
    let odd = degree % 2 == 1;
    match value.sign() {
        Some(Ordering::Greater | Ordering::Equal) => Ok(Value::real(real::root(degree, &interval, bits)?)),
        Some(Ordering::Less) if odd => Ok(Value::real(
            real::root(degree, &interval.negated(), bits)?.negated(),
        )),
        Some(Ordering::Less) if degree == 2 => {
            let im = root(2, &Value::real(interval.negated()), bits)?
                .interval(bits)
                .ok_or(Failure::Imprecise)?;
            Ok(Value::complex(Rectangle {
                re: Interval::zero(),
                im,
            }))
        }
        Some(Ordering::Less) => principal(value, &inverse(degree), bits),
        None if degree <= 3 => {
            let end = |end: Dyadic| real::root(degree, &Interval::exact(end.max(Dyadic::ZERO)), bits);
            let (below, above) = (end(interval.low().negated())?, end(interval.high().clone())?);
            Ok(if odd {
                Value::real(below.negated().hull(above))
            } else {
                let from_zero = |to: Interval| to.hull(Interval::zero());
                Value::complex(Rectangle {
                    re: from_zero(above),
                    im: from_zero(below),
                })
            })
        }
        None => Err(Failure::Imprecise),
    }
}

fn integer_power(base: &Value, n: &IBig, bits: usize) -> Result<Value, Failure> {
    if n.is_zero() {
        return Ok(Value::integer(1, bits));
    }
    if *n < IBig::ZERO {
        let opposite = -n;
        // The other way round a base close to 0 would overflow before it is inverted.
        return integer_power(&base.inverse(bits)?, &opposite, bits);
    }
    if let Value::Exact(base) = base
        && let Some(power) = exact_power(base, n)
    {
        return Ok(Value::rational(power, bits));
    }
    match u32::try_from(n) {
        Ok(n) if n <= SQUARED => squared_power(base, n, bits),
        _ => large_power(base, n, bits),
    }
}

/// A power by repeated squaring.
fn squared_power(base: &Value, n: u32, bits: usize) -> Result<Value, Failure> {
    if let Some(interval) = base.interval(bits) {
        within_reach(&interval.greatest_magnitude(), n)?;
        within_reach(&interval.least_magnitude(), n)?;
        return Ok(Value::real(interval.power(n, bits)));
    }
    let rectangle = base.rectangle(bits);
    within_reach(&rectangle.absolute(bits)?.greatest_magnitude(), n)?;
    Ok(Value::complex(rectangle.power(n, bits)))
}

/// A power with a positive exponent by the logarithm of the base.
fn large_power(base: &Value, n: &IBig, bits: usize) -> Result<Value, Failure> {
    let exponent = Value::rational(n.clone().into(), bits);
    match base.sign() {
        Some(Ordering::Equal) => Ok(Value::integer(0, bits)),
        Some(Ordering::Less) => {
            let size = base.absolute(bits)?.ln(bits)?.times(&exponent, bits).exp(bits)?;
            let sign = if n.bit(0) { -1 } else { 1 };
            Ok(size.times(&Value::integer(sign, bits), bits))
        }
        _ => base.ln(bits)?.times(&exponent, bits).exp(bits),
    }
}

fn rational_power(base: &Value, exponent: &RBig, bits: usize) -> Result<Value, Failure> {
    let even = !exponent.denominator().bit(0);
    if base.is_real() && !even && base.sign() != Some(Ordering::Greater) && !base.is_zero() {
        return Err(if base.sign().is_some() {
            Failure::Ambiguous
        } else {
            Failure::Imprecise
        });
    }
    if base.is_zero() {
        return zero_to(&Value::Exact(exponent.clone()));
    }
    let degree = u32::try_from(exponent.denominator()).map_err(|_| OUT_OF_RANGE)?;
    if let Some(root) = exact_root(degree, base) {
        return integer_power(&Value::rational(root, bits), exponent.numerator(), bits);
    }
    let positive = base.sign() == Some(Ordering::Greater);
    if degree == 2 || (degree == 3 && positive) {
        return integer_power(&root(degree, base, bits)?, exponent.numerator(), bits);
    }
    if base.is_real() && base.sign().is_none() {
        return Err(Failure::Imprecise);
    }
    principal(base, exponent, bits)
}

/// `e^(exponent · ln base)`, the imaginary part of whose logarithm may be π.
fn principal(base: &Value, exponent: &RBig, bits: usize) -> Result<Value, Failure> {
    if base.sign() != Some(Ordering::Less) {
        return base
            .ln(bits)?
            .times(&Value::Exact(exponent.clone()), bits)
            .exp(bits);
    }
    let factor = Interval::rational(exponent, bits);
    let re = base
        .absolute(bits)?
        .ln(bits)?
        .interval(bits)
        .ok_or(Failure::Imprecise)?
        .times(&factor, bits);
    let im = elementary::pi(bits)?.times(&factor, bits);
    Ok(Value::complex(complex::exp(&Rectangle { re, im }, bits)?))
}

/// 0 to a power that is not an integer, or not known to be one.
fn zero_to(exponent: &Value) -> Result<Value, Failure> {
    match exponent.sign() {
        Some(Ordering::Greater) => Ok(Value::Exact(RBig::ZERO)),
        Some(Ordering::Less) => Err(Failure::Undefined),
        _ => Err(Failure::Imprecise),
    }
}

/// A power with a positive exponent, when it is short.
fn exact_power(base: &RBig, n: &IBig) -> Option<RBig> {
    if base.is_zero() || base.is_one() {
        return Some(base.clone());
    }
    if base.is_int() && *base.numerator() == IBig::NEG_ONE {
        return Some(if n.bit(0) { base.clone() } else { RBig::ONE });
    }
    let n = isize::try_from(n).ok()?;
    let length = base.numerator().bit_len().max(base.denominator().bit_len());
    (n.unsigned_abs().saturating_mul(length) <= EXACT_BITS).then(|| base.pow(n))
}

/// Longest number whose exact root is looked for.
const ROOT_BITS: usize = 256;

/// The rational root of a rational number; of a negative one only for an odd degree.
fn exact_root(degree: u32, value: &Value) -> Option<RBig> {
    let Value::Exact(value) = value else { return None };
    if value.is_zero() || degree == 1 {
        return Some(value.clone());
    }
    let negative = *value < RBig::ZERO;
    if degree == 0 || degree > EXACT_DEGREE || (negative && degree.is_multiple_of(2)) {
        return None;
    }
    let of = |number: UBig| {
        let degree = usize::try_from(degree).ok()?;
        // The library's root of long numbers can take a hundred milliseconds; an interval says as much.
        if number.bit_len() > ROOT_BITS {
            return None;
        }
        let root = number.nth_root(degree);
        (root.pow(degree) == number).then_some(root)
    };
    let denominator = of(value.denominator().clone())?;
    let numerator = IBig::from(of(value.numerator().unsigned_abs())?);
    Some(RBig::from_parts(
        if negative { -numerator } else { numerator },
        denominator,
    ))
}

/// 1 over a degree.
fn inverse(degree: u32) -> RBig {
    RBig::from_parts(IBig::ONE, degree.into())
}

/// Refuses what would have an astronomical exponent.
fn within_reach(size: &Dyadic, n: u32) -> Result<(), Failure> {
    let reach = size
        .top()
        .saturating_abs()
        .saturating_mul(signed(usize::try_from(n).unwrap_or(usize::MAX)));
    if size.is_zero() || reach < TOP {
        Ok(())
    } else {
        Err(OUT_OF_RANGE)
    }
}

#[cfg(test)]
mod tests;
