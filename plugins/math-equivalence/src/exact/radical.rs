//! Roots and fractional powers.
//!
//! `(ab)^q` is `a^q b^q` where `a` is positive, and in general not otherwise: `√(x²)` is not `x`. So positive factors come out, powers
//! of rationals become products of powers of primes, a letter takes any exponent, and every other radicand becomes an atom.

use dashu_int::{Sign, UBig};
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::coefficient;
use super::denest;
use super::enclosure;
use super::exponent::Exponent;
use super::exponential;
use super::factor::{self, factors};
use super::form::Form;
use super::monomial::Monomial;
use super::positive::{Split, split};
use crate::budget::Budget;

/// Which root of a negative number is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Branch {
    /// The complex number with the least angle: a power.
    Principal,
    /// The real one where the index is odd: a root.
    Real,
}

/// A form to a rational power.
///
/// # Errors
/// [`NoForm::Unsupported`] for the odd real root of a number whose sign is not found out.
pub(super) fn power(
    base: &Form,
    exponent: Exponent,
    branch: Branch,
    budget: &mut Budget,
) -> Result<Form, NoForm> {
    budget.spend(1)?;
    if exponent.is_whole() {
        return base.to(exponent.numerator(), budget);
    }
    if base.is_zero() {
        return if exponent > Exponent::ZERO {
            Ok(base.clone())
        } else {
            Err(NoForm::DividesByZero)
        };
    }
    let Split {
        factor,
        monomial,
        rest,
    } = split(base, budget)?;
    let rational = of_rational(&factor, exponent, budget)?;
    let (carry, monomial) = monomial.to(exponent, budget)?;
    let positive = rational.times(&Form::term(carry, monomial), budget)?;
    positive.times(&of_rest(&rest, exponent, branch, budget)?, budget)
}

/// The principal square root.
pub(super) fn square_root(base: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    power(base, Exponent::HALF, Branch::Principal, budget)
}

/// A positive rational to a rational power, as powers of primes.
pub(super) fn of_rational(base: &RBig, exponent: Exponent, budget: &mut Budget) -> Result<Form, NoForm> {
    if base.is_one() {
        return Ok(Form::integer(1));
    }
    let mut powers = Vec::new();
    for (prime, times) in factors_of_rational(base, budget)? {
        powers.push((Atom::Prime(prime), exponent.times(Exponent::whole(times)?)?));
    }
    powers.sort_by(|left, right| left.0.cmp(&right.0));
    let (factor, monomial) = Monomial::carried(powers, budget)?;
    Ok(Form::term(factor, monomial))
}

/// Primes (and what stands for them) and their exponents in a positive rational; each occurs once.
pub(super) fn factors_of_rational(value: &RBig, budget: &mut Budget) -> Result<Vec<factor::Power>, NoForm> {
    let numerator = UBig::from_words(value.numerator().as_sign_words().1);
    let mut powers = factors(&numerator, budget)?;
    for (prime, times) in factors(value.denominator(), budget)? {
        powers.push((prime, -times));
    }
    Ok(powers)
}

/// What has no positive factor to a power that is not whole.
fn of_rest(rest: &Form, exponent: Exponent, branch: Branch, budget: &mut Budget) -> Result<Form, NoForm> {
    let real = branch == Branch::Real && exponent.denominator() % 2 == 1;
    if let Some((sign, monomial)) = rest.as_term() {
        let negative = sign.sign() == Sign::Negative;
        if monomial.is_one() {
            return match (negative, real) {
                (false, _) => Ok(rest.clone()),
                (true, true) => Ok(Form::rational(odd_root_of_sign(exponent))),
                (true, false) => exponential::turn(exponent, budget),
            };
        }
        if let [(Atom::I, _)] = monomial.powers() {
            let half = exponent.times(Exponent::HALF)?;
            return exponential::turn(if negative { half.negated() } else { half }, budget);
        }
        let (distributes, sign) = if real {
            let letters = monomial.powers().iter().all(|(atom, own)| {
                matches!(atom, Atom::Variable(_)) && (own.is_whole() || *own > Exponent::ZERO)
            });
            let sign = if negative {
                odd_root_of_sign(exponent)
            } else {
                RBig::ONE
            };
            (letters, sign)
        } else {
            (!negative && keeps_its_branch(monomial), RBig::ONE)
        };
        if distributes {
            let (carry, monomial) = monomial.to(exponent, budget)?;
            let factor = coefficient::product(&sign, &carry, budget)?;
            return Ok(Form::term(factor, monomial));
        }
    } else if !rest.has_variables() {
        if exponent.denominator() == 2
            && let Some(root) = denest::square_root(rest, budget)?
        {
            return root.to(exponent.numerator(), budget);
        }
        match enclosure::sign(rest, budget)? {
            Some(Sign::Negative) => {
                let sign = if real {
                    Form::rational(odd_root_of_sign(exponent))
                } else {
                    exponential::turn(exponent, budget)?
                };
                let positive = of_rest(&rest.clone().negated(), exponent, branch, budget)?;
                return sign.times(&positive, budget);
            }
            None if real => return Err(NoForm::Unsupported),
            Some(Sign::Positive) | None => {}
        }
    }
    let whole = rest.to_or_one(exponent.floor(), budget)?;
    let root = Form::power_of(Atom::root(rest.clone()), exponent.fraction(), budget)?;
    whole.times(&root, budget)
}

/// -1 to this power, as the real root.
fn odd_root_of_sign(exponent: Exponent) -> RBig {
    if exponent.numerator() % 2 == 0 {
        RBig::ONE
    } else {
        RBig::NEG_ONE
    }
}

/// Whether `(a^k)^q` is `a^(kq)`: for one atom with an exponent within (-1, 1].
fn keeps_its_branch(monomial: &Monomial) -> bool {
    match monomial.powers() {
        [(Atom::Variable(_) | Atom::Root(_), exponent)] => {
            *exponent > Exponent::ONE.negated() && *exponent <= Exponent::ONE
        }
        _ => false,
    }
}
