//! A quick proof that polynomials have no common factor.

use dashu_int::{IBig, Sign, UBig};

use crate::budget::{Budget, TooMuch};
use crate::modular::arithmetic::{Field, Residue};

/// The prime 2^61 - 1.
const PRIME: u64 = (1 << 61) - 1;

/// Whether two polynomials, coefficients from the constant one up, are coprime modulo a prime that does not divide their leading
/// coefficients: then they are coprime. False where that is not so.
pub(super) fn certainly(left: &[IBig], right: &[IBig], budget: &mut Budget) -> Result<bool, TooMuch> {
    let Some(field) = Field::new(PRIME) else {
        return Ok(false);
    };
    let mut left = reduced(left, &field, budget)?;
    let mut right = reduced(right, &field, budget)?;
    let leads = |poly: &[Residue]| poly.last().is_some_and(|leading| !leading.is_zero());
    if !leads(&left) || !leads(&right) {
        return Ok(false);
    }
    while right.len() > 1 {
        reduce(&mut left, &right, &field, budget)?;
        std::mem::swap(&mut left, &mut right);
    }
    Ok(right.len() == 1)
}

fn reduced(poly: &[IBig], field: &Field, budget: &mut Budget) -> Result<Vec<Residue>, TooMuch> {
    let mut residues = Vec::with_capacity(poly.len());
    for value in poly {
        let magnitude = UBig::from_words(value.as_sign_words().1);
        budget.spend(1 + value.as_sign_words().1.len() as u64 / 8)?;
        let residue = field.of(&magnitude % PRIME);
        residues.push(if value.sign() == Sign::Negative {
            field.negated(residue)
        } else {
            residue
        });
    }
    Ok(residues)
}

/// Leaves the remainder of `left` by `right`, whose leading coefficient is not zero.
fn reduce(
    left: &mut Vec<Residue>,
    right: &[Residue],
    field: &Field,
    budget: &mut Budget,
) -> Result<(), TooMuch> {
    budget.spend(12)?;
    let Some(inverse) = right.last().and_then(|leading| field.inverse(*leading)) else {
        return Err(TooMuch);
    };
    while left.len() >= right.len() {
        budget.spend(1 + right.len() as u64 / 4)?;
        let Some(top) = left.last() else { break };
        let factor = field.negated(field.times(*top, inverse));
        let shift = left.len() - right.len();
        for (value, own) in left[shift..].iter_mut().zip(right) {
            *value = field.plus(*value, field.times(*own, factor));
        }
        while left.last().is_some_and(|value| value.is_zero()) {
            left.pop();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coprime(left: &[i64], right: &[i64]) -> bool {
        let poly = |values: &[i64]| values.iter().map(|value| IBig::from(*value)).collect::<Vec<_>>();
        certainly(&poly(left), &poly(right), &mut Budget::of(1_000)).expect("cheap")
    }

    #[test]
    fn polynomials_with_a_common_root_are_not_coprime() {
        // (x - 1)(x + 2) and (x - 1)(x + 3)
        assert!(!coprime(&[-2, 1, 1], &[-3, 2, 1]));
        assert!(coprime(&[-2, 1, 1], &[3, 4, 1]));
        assert!(coprime(&[1, 0, 1], &[-1, 0, 1]));
    }

    #[test]
    fn constants_are_coprime_to_everything() {
        assert!(coprime(&[5], &[1, 1]));
        assert!(coprime(&[1, 1], &[5]));
    }

    #[test]
    fn zero_is_coprime_to_nothing() {
        assert!(!coprime(&[0], &[1, 1]));
        assert!(!coprime(&[], &[1, 1]));
    }
}
