//! Functions of whole numbers: factorials, binomials, common divisors and multiples.

use dashu_int::ops::{BitTest, Gcd};
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::coefficient::{self, BITS};
use super::form::Form;
use crate::budget::Budget;
use crate::tree::Function;

/// Largest number whose factorial is written out.
const FACTORIAL: u16 = 1_000;

/// Most steps by which `(n + k)!` is brought back to `n!`.
const SHIFT: u8 = 16;

/// Largest `k` for which `n over k` with a symbolic `n` is written out.
const CHOSEN: u8 = 8;

/// `n!`. Of a symbolic `n` the whole part of the constant comes out: `(n+1)!` is `(n+1) n!`.
///
/// # Errors
/// [`NoForm::Unsupported`] for negative integers, where it has poles.
pub(super) fn factorial(argument: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(value) = argument.as_integer() {
        if value.sign() == Sign::Negative {
            return Err(NoForm::Unsupported);
        }
        if let Ok(value @ ..=FACTORIAL) = u16::try_from(&value) {
            budget.spend(u64::from(value) + u64::from(value) * u64::from(value) / 128)?;
            let product = (2..=value).fold(UBig::ONE, |product, factor| product * factor);
            return Ok(Form::rational(RBig::from(product)));
        }
        return Ok(opaque(Function::Factorial, vec![argument.clone()]));
    }
    let whole = argument.numerator().constant().floor();
    let steps = i64::try_from(&whole).unwrap_or(i64::MAX);
    if !argument.denominator().is_one() || steps.unsigned_abs() > u64::from(SHIFT) {
        return Ok(opaque(Function::Factorial, vec![argument.clone()]));
    }
    let start = argument.minus(&Form::integer(steps), budget)?;
    let mut result = opaque(Function::Factorial, vec![start.clone()]);
    for step in 1..=steps {
        result = result.times(&start.plus(&Form::integer(step), budget)?, budget)?;
    }
    for step in steps + 1..=0 {
        result = result.over(&start.plus(&Form::integer(step), budget)?, budget)?;
    }
    Ok(result)
}

/// `n` over `k`, for integers and for small `k`.
///
/// # Errors
/// [`NoForm::Unsupported`] for negative `k` or negative `n`, on which conventions differ.
pub(super) fn binomial(arguments: Vec<Form>, budget: &mut Budget) -> Result<Form, NoForm> {
    let [upper, lower] = &arguments[..] else {
        return Err(NoForm::Unsupported);
    };
    match (upper.as_integer(), lower.as_integer()) {
        (Some(upper), Some(lower)) => {
            let (Ok(upper), Ok(lower)) = (UBig::try_from(upper), UBig::try_from(lower)) else {
                return Err(NoForm::Unsupported);
            };
            if lower > upper {
                return Ok(Form::integer(0));
            }
            let lower = (&upper - &lower).min(lower);
            match u16::try_from(&lower) {
                Ok(lower @ ..=FACTORIAL) => Ok(Form::rational(chosen(&upper, lower, budget)?)),
                _ => Ok(opaque(Function::Binomial, arguments)),
            }
        }
        (None, Some(lower)) if lower.sign() == Sign::Negative => Err(NoForm::Unsupported),
        (None, Some(lower)) => {
            let Ok(lower @ ..=CHOSEN) = u8::try_from(&lower) else {
                return Ok(opaque(Function::Binomial, arguments));
            };
            let mut result = Form::integer(1);
            for step in 0..i64::from(lower) {
                let factor = upper.minus(&Form::integer(step), budget)?;
                let inverse = RBig::from_parts(IBig::ONE, UBig::from(step.unsigned_abs() + 1));
                result = result.times(&factor.scaled(&inverse, budget)?, budget)?;
            }
            Ok(result)
        }
        _ => Ok(opaque(Function::Binomial, arguments)),
    }
}

fn chosen(upper: &UBig, lower: u16, budget: &mut Budget) -> Result<RBig, NoForm> {
    if upper.bit_len() * usize::from(lower) > BITS {
        return Err(NoForm::TooMuch);
    }
    let mut result = UBig::ONE;
    for step in 0..lower {
        budget.spend(2 + result.bit_len() as u64 / 256)?;
        result = result * (upper - step) / (step + 1);
    }
    Ok(RBig::from(result))
}

/// The greatest common divisor or the least common multiple of integers.
pub(super) fn divisor_or_multiple(
    function: &Function,
    mut arguments: Vec<Form>,
    budget: &mut Budget,
) -> Result<Form, NoForm> {
    arguments.sort();
    arguments.dedup();
    let integers: Option<Vec<IBig>> = arguments.iter().map(Form::as_integer).collect();
    let Some(integers) = integers else {
        return Ok(opaque(function.clone(), arguments));
    };
    let mut magnitudes = integers
        .iter()
        .map(|value| UBig::from_words(value.as_sign_words().1));
    let mut result = magnitudes.next().ok_or(NoForm::Unsupported)?;
    for value in magnitudes {
        coefficient::charge_divisor(result.bit_len(), value.bit_len(), budget)?;
        // The greatest common divisor of two zeros is zero, but the library's panics.
        if result.is_zero() || value.is_zero() {
            result = if *function == Function::Gcd {
                result + value
            } else {
                UBig::ZERO
            };
            continue;
        }
        let divisor = (&result).gcd(&value);
        result = if *function == Function::Gcd {
            divisor
        } else {
            result / divisor * value
        };
        if result.bit_len() > BITS {
            return Err(NoForm::TooMuch);
        }
    }
    Ok(Form::rational(RBig::from(result)))
}

fn opaque(function: Function, arguments: Vec<Form>) -> Form {
    Form::atom(Atom::call(function, arguments))
}
