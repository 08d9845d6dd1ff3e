//! Common factors of polynomials in one letter.

use std::collections::BTreeMap;

use dashu_int::ops::{BitTest, Gcd};
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;

use super::atom::Atom;
use super::coefficient::{self, BITS};
use super::coprime;
use super::exponent::Exponent;
use super::monomial::Monomial;
use super::poly::{Poly, Term};
use crate::budget::{Budget, TooMuch};

/// Highest degree that is looked at.
const DEGREE: i64 = 200;

/// Integer coefficients from the constant one up, the last one not zero.
type Dense = Vec<IBig>;

/// Divides both by their greatest common divisor, where the denominator is a polynomial in a single letter (or an atom like one) with
/// rational coefficients. The numerator may have other atoms too: then each of their coefficients counts.
pub(super) fn cancelled(
    numerator: Poly,
    denominator: Poly,
    budget: &mut Budget,
) -> Result<(Poly, Poly), TooMuch> {
    let Some(letter) = only_atom(&denominator) else {
        return Ok((numerator, denominator));
    };
    let Some(scale) = common_denominator(&[&numerator, &denominator], &letter)? else {
        return Ok((numerator, denominator));
    };
    let Some(above) = Parts::of(&numerator, &letter, scale, budget)? else {
        return Ok((numerator, denominator));
    };
    let Some(below) = Parts::of(&denominator, &letter, scale, budget)? else {
        return Ok((numerator, denominator));
    };
    let [below_dense] = &below.dense[..] else {
        return Ok((numerator, denominator));
    };
    let mut divisor = below_dense.clone();
    for dense in &above.dense {
        // Mostly there is no common factor, and that shows much faster than Euclid's algorithm would.
        if coprime::certainly(dense, &divisor, budget)? {
            return Ok((numerator, denominator));
        }
        divisor = greatest_common_divisor(dense.clone(), divisor, budget)?;
        if divisor.len() == 1 {
            return Ok((numerator, denominator));
        }
    }
    Ok((
        above.divided(&divisor, &letter, scale, budget)?,
        below.divided(&divisor, &letter, scale, budget)?,
    ))
}

/// The atom that is the only one, when it is like a letter.
fn only_atom(poly: &Poly) -> Option<Atom> {
    let first = poly.atoms().next()?;
    (first.is_free() && poly.atoms().all(|atom| atom == first)).then(|| first.clone())
}

/// What all exponents of the letter have to be multiplied by to be whole; None when that is a large number.
fn common_denominator(polys: &[&Poly], letter: &Atom) -> Result<Option<Exponent>, TooMuch> {
    let mut common = Exponent::ONE;
    for term in polys.iter().flat_map(|poly| poly.terms()) {
        let exponent = term.monomial.exponent(letter).times(common)?;
        common = common.times(Exponent::whole(exponent.denominator())?)?;
        if common.numerator() > 12 {
            return Ok(None);
        }
    }
    Ok(Some(common))
}

/// A polynomial as a sum of others' products with dense polynomials in one letter.
struct Parts {
    /// The least exponent, by which everything is shifted.
    shift: i64,
    others: Vec<Monomial>,
    /// One over the number that each dense polynomial was multiplied by to be integral.
    factors: Vec<RBig>,
    dense: Vec<Dense>,
}

impl Parts {
    fn of(poly: &Poly, letter: &Atom, scale: Exponent, budget: &mut Budget) -> Result<Option<Self>, TooMuch> {
        let mut groups: BTreeMap<Monomial, Vec<(i64, &RBig)>> = BTreeMap::new();
        let (mut least, mut most) = (i64::MAX, i64::MIN);
        for (monomial, value) in poly.all_terms() {
            budget.spend(1)?;
            let exponent = monomial.exponent(letter).times(scale)?.floor();
            (least, most) = (least.min(exponent), most.max(exponent));
            let (_, others) = monomial.partition(|atom| atom == letter);
            groups.entry(others).or_default().push((exponent, value));
        }
        if groups.is_empty() || most.saturating_sub(least) > DEGREE {
            return Ok(None);
        }
        let mut parts = Self {
            shift: least,
            others: Vec::new(),
            factors: Vec::new(),
            dense: Vec::new(),
        };
        for (others, values) in groups {
            let terms: Vec<&RBig> = values.iter().map(|(_, value)| *value).collect();
            let multiple = common_multiple(&terms, budget)?;
            let mut dense = Dense::new();
            for (exponent, value) in values {
                let at = usize::try_from(exponent - least).map_err(|_| TooMuch)?;
                if dense.len() <= at {
                    dense.resize(at + 1, IBig::ZERO);
                }
                dense[at] = value.numerator() * (&multiple / value.denominator());
            }
            parts.others.push(others);
            parts.factors.push(RBig::from_parts(IBig::ONE, multiple));
            parts.dense.push(dense);
        }
        Ok(Some(parts))
    }

    fn divided(
        &self,
        divisor: &Dense,
        letter: &Atom,
        scale: Exponent,
        budget: &mut Budget,
    ) -> Result<Poly, TooMuch> {
        let mut terms = Vec::new();
        for ((others, factor), dense) in self.others.iter().zip(&self.factors).zip(&self.dense) {
            let quotient = exact_quotient(dense.clone(), divisor, budget)?;
            for (at, value) in (self.shift..).zip(quotient) {
                let exponent = Exponent::ratio(at, scale.numerator())?;
                let (_, power) = Monomial::carried(vec![(letter.clone(), exponent)], budget)?;
                let (_, monomial) = others.times(&power, budget)?;
                terms.push(Term {
                    monomial,
                    coefficient: coefficient::product(&RBig::from(value), factor, budget)?,
                });
            }
        }
        terms.retain(|term| !term.coefficient.is_zero());
        Poly::collect(RBig::ZERO, terms, budget)
    }
}

fn common_multiple(values: &[&RBig], budget: &mut Budget) -> Result<UBig, TooMuch> {
    let mut multiple = UBig::ONE;
    for value in values.iter().filter(|value| !value.is_int()) {
        coefficient::charge_divisor(multiple.bit_len(), coefficient::bits(value), budget)?;
        let common = (&multiple).gcd(value.denominator());
        multiple *= value.denominator() / common;
        if multiple.bit_len() > BITS {
            return Err(TooMuch);
        }
    }
    Ok(multiple)
}

/// By Euclid's algorithm with integer coefficients, made coprime after each step.
fn greatest_common_divisor(mut left: Dense, mut right: Dense, budget: &mut Budget) -> Result<Dense, TooMuch> {
    make_coprime(&mut left, budget)?;
    make_coprime(&mut right, budget)?;
    while !right.is_empty() {
        let mut rest = pseudo_remainder(left, &right, budget)?;
        make_coprime(&mut rest, budget)?;
        (left, right) = (right, rest);
    }
    Ok(left)
}

/// Divides by the coefficients' common divisor, and makes the leading one positive.
fn make_coprime(dense: &mut Dense, budget: &mut Budget) -> Result<(), TooMuch> {
    let mut divisor = UBig::ZERO;
    for value in dense.iter().filter(|value| !value.is_zero()) {
        coefficient::charge_divisor(divisor.bit_len(), value.bit_len(), budget)?;
        divisor = if divisor.is_zero() {
            UBig::from_words(value.as_sign_words().1)
        } else {
            divisor.gcd(value)
        };
        if divisor.is_one() {
            break;
        }
    }
    let negative = dense.last().is_some_and(|last| last.sign() == Sign::Negative);
    if divisor.is_zero() || (divisor.is_one() && !negative) {
        return Ok(());
    }
    let divisor = IBig::from(divisor) * if negative { Sign::Negative } else { Sign::Positive };
    for value in dense {
        *value = &*value / &divisor;
    }
    Ok(())
}

/// The remainder of some multiple of `left` by `right`.
fn pseudo_remainder(mut left: Dense, right: &Dense, budget: &mut Budget) -> Result<Dense, TooMuch> {
    let Some(leading) = right.last() else {
        return Ok(left);
    };
    while left.len() >= right.len() {
        let Some(top) = left.last().cloned() else { break };
        let bits = top.bit_len() + leading.bit_len();
        if bits > BITS {
            return Err(TooMuch);
        }
        for _ in &left {
            coefficient::charge(bits, bits, budget)?;
        }
        let common = IBig::from((&top).gcd(leading));
        let (up, down) = (leading / &common, &top / &common);
        let shift = left.len() - right.len();
        for value in &mut left {
            *value = &*value * &up;
        }
        for (value, own) in left[shift..].iter_mut().zip(right) {
            *value -= own * &down;
        }
        while left.last().is_some_and(IBig::is_zero) {
            left.pop();
        }
    }
    Ok(left)
}

/// The quotient by a divisor that is known to divide, with coprime coefficients: then the quotient is integral too (Gauss's lemma).
fn exact_quotient(mut dense: Dense, divisor: &Dense, budget: &mut Budget) -> Result<Dense, TooMuch> {
    let Some(leading) = divisor.last() else {
        return Err(TooMuch);
    };
    let steps = (dense.len() + 1).saturating_sub(divisor.len());
    let mut quotient = vec![IBig::ZERO; steps];
    for at in (0..steps).rev() {
        let digit = &dense[at + divisor.len() - 1] / leading;
        for (value, own) in dense[at..].iter_mut().zip(divisor) {
            coefficient::charge(digit.bit_len(), own.bit_len(), budget)?;
            *value -= own * &digit;
        }
        quotient[at] = digit;
    }
    Ok(quotient)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dense(values: &[i64]) -> Dense {
        values.iter().map(|value| IBig::from(*value)).collect()
    }

    #[test]
    fn a_common_factor_is_found_with_coprime_coefficients() {
        let budget = &mut Budget::of(1000);
        // (x - 1)(x + 2) and 3(x - 1)(2x + 1)
        let divisor = greatest_common_divisor(dense(&[-2, 1, 1]), dense(&[-3, -3, 6]), budget);
        assert_eq!(divisor, Ok(dense(&[-1, 1])));
    }

    #[test]
    fn polynomials_without_one_have_the_divisor_1() {
        let budget = &mut Budget::of(1000);
        assert_eq!(
            greatest_common_divisor(dense(&[1, 0, 1]), dense(&[-1, 0, 1]), budget),
            Ok(dense(&[1]))
        );
    }

    #[test]
    fn exact_quotients_have_no_remainder_to_lose() {
        let budget = &mut Budget::of(1000);
        assert_eq!(
            exact_quotient(dense(&[-1, 0, 0, 1]), &dense(&[-1, 1]), budget),
            Ok(dense(&[1, 1, 1]))
        );
    }
}
