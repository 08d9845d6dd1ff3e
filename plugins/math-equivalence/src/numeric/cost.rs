//! What numerical work costs, in units of the budget.
//!
//! A unit is about 20 ns of native work and 50 ns in WebAssembly. Estimates depend on sizes only, so that they are the same on every
//! machine; they were fitted to measurements at 80 to 640 bits, and none is too low by more than a factor of two.

use dashu_int::IBig;
use dashu_int::ops::BitTest;

use super::counting;
use super::value::Value;
use crate::tree::Function;

/// An operation on two intervals.
pub fn arithmetic(bits: usize) -> u64 {
    4 + places(bits) / 64
}

/// A sum or a product of two values. Exact ones are reduced to lowest terms.
pub fn operation(a: &Value, b: &Value, bits: usize) -> u64 {
    if let (Value::Exact(a), Value::Exact(b)) = (a, b) {
        let lengths = [a, b].map(|value| value.numerator().bit_len() + value.denominator().bit_len());
        return arithmetic(0) + places(lengths[0] + lengths[1]) / 16;
    }
    arithmetic(bits) * weight(a).max(weight(b))
}

/// An elementary function of an interval: an exponential, a sine.
pub fn elementary(bits: usize) -> u64 {
    let places = places(bits);
    20 + places / 2 + places * places / 2000
}

/// How many times as much a value costs as a real one does.
pub fn weight(value: &Value) -> u64 {
    if value.is_real() { 1 } else { 4 }
}

/// A power.
pub fn power(base: &Value, exponent: &Value, bits: usize) -> u64 {
    let general = 3 * elementary(bits);
    match exponent {
        Value::Exact(exponent) => {
            let degree = u32::try_from(exponent.denominator()).unwrap_or(u32::MAX);
            let taking_root = if degree == 1 { 0 } else { root(degree, base, bits) };
            taking_root + integer_power(exponent.numerator(), bits) * weight(base)
        }
        _ => general * weight(base).max(weight(exponent)),
    }
}

/// A root of this degree.
pub fn root(degree: u32, radicand: &Value, bits: usize) -> u64 {
    let real = match degree {
        0..=2 => 3 * arithmetic(bits),
        3 => 2 * elementary(bits),
        _ => 3 * elementary(bits),
    };
    real * weight(radicand)
}

/// A function.
pub fn function(function: &Function, values: &[Value], bits: usize) -> u64 {
    let (step, elementary) = (arithmetic(bits), elementary(bits));
    let all = places(values.len());
    let real = match function {
        Function::Factorial => 3 * factors(values),
        Function::Binomial => factors(values) * (2 * step + 20),
        Function::Abs | Function::Floor | Function::Ceil | Function::Max | Function::Min => all * step,
        Function::Gcd | Function::Lcm => 8 * all * step,
        Function::Sin | Function::Cos => elementary,
        Function::Tanh => 3 * elementary,
        _ => 2 * elementary,
    };
    real * values.iter().map(weight).max().unwrap_or(1)
}

/// Exponents too long for repeated squaring take a logarithm and an exponential.
fn integer_power(exponent: &IBig, bits: usize) -> u64 {
    let squarings = places(exponent.bit_len());
    if squarings > 14 {
        3 * elementary(bits)
    } else {
        2 * squarings * arithmetic(bits)
    }
}

/// How many factors a factorial or a binomial coefficient of these values may have.
fn factors(values: &[Value]) -> u64 {
    let size = |value: &Value| match value {
        Value::Exact(value) if value.is_int() => u64::try_from(value.numerator()).unwrap_or(1),
        _ => u64::from(counting::LARGEST),
    };
    values
        .iter()
        .map(size)
        .min()
        .unwrap_or(1)
        .clamp(1, counting::LARGEST.into())
}

/// A number of bits or things, as the number of units of which it is a part.
fn places(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX).min(1 << 20)
}
