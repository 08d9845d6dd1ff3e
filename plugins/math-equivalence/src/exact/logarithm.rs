//! Natural logarithms: sums over the positive factors of the argument.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::{Atom, Base};
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use super::poly::{Poly, Term};
use super::positive::{Split, split};
use super::radical;
use super::turn::{half_turn, half_turns};
use crate::budget::Budget;
use crate::tree::Function;

/// The principal logarithm.
///
/// # Errors
/// [`NoForm::Infinite`] for that of zero.
pub(super) fn natural(argument: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    budget.spend(1)?;
    if argument.is_zero() {
        return Err(NoForm::Infinite);
    }
    let Split {
        factor,
        monomial,
        rest,
    } = split(argument, budget)?;
    let mut sum = of_rest(&rest, budget)?;
    if !factor.is_one() {
        let mut terms = Vec::new();
        for (prime, times) in radical::factors_of_rational(&factor, budget)? {
            terms.push(Term {
                monomial: Monomial::atom(Atom::Ln(prime)),
                coefficient: RBig::from(times),
            });
        }
        let logarithms = Poly::collect(RBig::ZERO, terms, budget)?;
        sum = sum.plus(&Form::whole(logarithms), budget)?;
    }
    for (atom, exponent) in monomial.powers() {
        let single = match atom {
            Atom::E => Form::integer(1),
            Atom::Prime(prime) => Form::atom(Atom::Ln(prime.clone())),
            Atom::Power(power) => match &power.base {
                Base::E => power.exponent.clone(),
                Base::Prime(prime) => power
                    .exponent
                    .times(&Form::atom(Atom::Ln(prime.clone())), budget)?,
                Base::Form(base) => power.exponent.times(&natural(base, budget)?, budget)?,
            },
            other => opaque(Form::atom(other.clone())),
        };
        sum = sum.plus(&single.scaled(&exponent.to_rational(), budget)?, budget)?;
    }
    Ok(sum)
}

/// The logarithm of what has no positive factor.
fn of_rest(rest: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(turns) = half_turns(rest) {
        return if turns.is_zero() {
            Ok(Form::integer(0))
        } else {
            Ok(half_turn(budget)?.scaled(&turns, budget)?)
        };
    }
    if let Some((sign, monomial)) = rest.as_term() {
        // Within these exponents the angle stays that of a principal value.
        if let [(atom @ (Atom::Variable(_) | Atom::Root(_)), exponent)] = monomial.powers()
            && sign.sign() == Sign::Positive
            && *exponent < Exponent::ONE
            && *exponent > Exponent::ONE.negated()
        {
            let base = match atom {
                Atom::Root(radicand) => Form::clone(radicand),
                other => Form::atom(other.clone()),
            };
            return Ok(natural(&base, budget)?.scaled(&exponent.to_rational(), budget)?);
        }
    }
    Ok(opaque(rest.clone()))
}

fn opaque(argument: Form) -> Form {
    Form::atom(Atom::call(Function::Ln, vec![argument]))
}
