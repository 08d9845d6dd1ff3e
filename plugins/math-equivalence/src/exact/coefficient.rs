//! Rational arithmetic that is paid for before it is done.

use dashu_int::UBig;
use dashu_int::ops::{BitTest, SquareRootRem};
use dashu_ratio::RBig;

use crate::budget::{Budget, TooMuch};

/// Most bits of one coefficient, numerator and denominator together: about 6,000 digits.
pub(super) const BITS: usize = 20_000;

/// Bits of the numerator and of the denominator together.
pub(super) fn bits(value: &RBig) -> usize {
    value.numerator().bit_len() + value.denominator().bit_len()
}

/// Takes what multiplying or dividing two integers of these sizes costs.
pub(super) fn charge(left_bits: usize, right_bits: usize, budget: &mut Budget) -> Result<(), TooMuch> {
    budget.spend(1 + words(left_bits) * words(right_bits) / 8)
}

/// Takes what a common divisor of two integers of these sizes costs, or an operation with fractions, which looks for some.
pub(super) fn charge_divisor(
    left_bits: usize,
    right_bits: usize,
    budget: &mut Budget,
) -> Result<(), TooMuch> {
    let (left, right) = (words(left_bits), words(right_bits));
    let shorter = left.min(right);
    budget.spend(2 + left * right / 8 + shorter * shorter / 2)
}

const fn words(bits: usize) -> u64 {
    bits as u64 / 64 + 1
}

pub(super) fn product(left: &RBig, right: &RBig, budget: &mut Budget) -> Result<RBig, TooMuch> {
    // Most monomials have the coefficient 1, and multiplying by it still takes two greatest common divisors.
    if left.is_one() {
        return Ok(right.clone());
    }
    if right.is_one() {
        return Ok(left.clone());
    }
    let (left_bits, right_bits) = (bits(left), bits(right));
    if left_bits + right_bits > BITS {
        return Err(TooMuch);
    }
    // The library looks for common factors even of integers.
    if left.is_int() && right.is_int() {
        charge(left_bits, right_bits, budget)?;
        return Ok(RBig::from(left.numerator() * right.numerator()));
    }
    charge_divisor(left_bits, right_bits, budget)?;
    Ok(left * right)
}

pub(super) fn sum(left: &RBig, right: &RBig, budget: &mut Budget) -> Result<RBig, TooMuch> {
    let (left_bits, right_bits) = (bits(left), bits(right));
    if left_bits.max(right_bits) > BITS {
        return Err(TooMuch);
    }
    if left.is_int() && right.is_int() {
        budget.spend(1 + (left_bits + right_bits) as u64 / 512)?;
        return Ok(RBig::from(left.numerator() + right.numerator()));
    }
    charge_divisor(left_bits, right_bits, budget)?;
    Ok(left + right)
}

/// One over this number; None for zero.
pub(super) fn inverse(value: &RBig) -> Option<RBig> {
    let denominator = value.numerator();
    (!value.is_zero())
        .then(|| RBig::from_parts_signed(value.denominator().clone().into(), denominator.clone()))
}

/// This number to a whole power. Zero to a negative power is [`TooMuch`]: callers rule it out.
pub(super) fn power(value: &RBig, exponent: i64, budget: &mut Budget) -> Result<RBig, TooMuch> {
    if exponent == 0 || value.is_one() {
        return Ok(RBig::ONE);
    }
    if *value == RBig::NEG_ONE {
        return Ok(if exponent % 2 == 0 {
            RBig::ONE
        } else {
            RBig::NEG_ONE
        });
    }
    if value.is_zero() {
        return if exponent > 0 {
            Ok(RBig::ZERO)
        } else {
            Err(TooMuch)
        };
    }
    let times = usize::try_from(exponent.unsigned_abs()).map_err(|_| TooMuch)?;
    let result_bits = bits(value).checked_mul(times).ok_or(TooMuch)?;
    if result_bits > BITS {
        return Err(TooMuch);
    }
    charge(result_bits, result_bits, budget)?;
    let result = RBig::from_parts(value.numerator().pow(times), value.denominator().pow(times));
    if exponent > 0 {
        Ok(result)
    } else {
        inverse(&result).ok_or(TooMuch)
    }
}

/// The square root where it is rational.
pub(super) fn square_root(value: &RBig, budget: &mut Budget) -> Result<Option<RBig>, TooMuch> {
    charge(bits(value), bits(value), budget)?;
    let Ok(numerator) = UBig::try_from(value.numerator().clone()) else {
        return Ok(None);
    };
    let (numerator, left_over) = numerator.sqrt_rem();
    if !left_over.is_zero() {
        return Ok(None);
    }
    let (denominator, left_over) = value.denominator().sqrt_rem();
    Ok(left_over
        .is_zero()
        .then(|| RBig::from_parts(numerator.into(), denominator)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rational(numerator: i64, denominator: u64) -> RBig {
        RBig::from_parts(numerator.into(), denominator.into())
    }

    #[test]
    fn powers_are_exact_either_way() {
        let budget = &mut Budget::of(100);
        assert_eq!(power(&rational(-2, 3), 3, budget), Ok(rational(-8, 27)));
        assert_eq!(power(&rational(-2, 3), -3, budget), Ok(rational(-27, 8)));
        assert_eq!(power(&rational(0, 1), 0, budget), Ok(RBig::ONE));
        assert_eq!(power(&rational(0, 1), -1, budget), Err(TooMuch));
    }

    #[test]
    fn a_power_too_large_to_write_costs_nothing() {
        let budget = &mut Budget::of(1);
        assert_eq!(power(&rational(2, 1), i64::MAX, budget), Err(TooMuch));
        assert_eq!(power(&rational(-1, 1), i64::MAX, budget), Ok(RBig::NEG_ONE));
        assert_eq!(budget.spend(1), Ok(()));
    }

    #[test]
    fn only_squares_have_rational_roots() {
        let budget = &mut Budget::of(100);
        assert_eq!(square_root(&rational(9, 4), budget), Ok(Some(rational(3, 2))));
        assert_eq!(square_root(&rational(2, 1), budget), Ok(None));
        assert_eq!(square_root(&rational(-4, 1), budget), Ok(None));
    }
}
