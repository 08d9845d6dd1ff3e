//! Powers with exponents that are not rational numbers.
//!
//! `b^(p+q)` is `b^p b^q`, and `b^(cm)` with a rational `c` is the power `c` of the atom `b^m`: so `4^(x+1)` is 4 times the square of
//! `2^x`. Trigonometric and hyperbolic functions are written with these atoms too, so that their identities hold by themselves.

use dashu_int::{Sign, UBig};
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::{Atom, Base};
use super::coefficient;
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use super::positive::{Split, split};
use super::radical::{self, Branch};
use super::turn::{half_turn, half_turns};
use crate::budget::{Budget, TooMuch};
use crate::tree::Function;

/// A form to the power of a form.
///
/// # Errors
/// [`NoForm::Unsupported`] for zero to a power that is not a number.
pub(super) fn power(base: &Form, exponent: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    budget.spend(1)?;
    if let Some(value) = exponent.number() {
        return rational_power(base, value, budget);
    }
    if base.is_zero() {
        return Err(NoForm::Unsupported);
    }
    let Split {
        factor,
        monomial,
        rest,
    } = split(base, budget)?;
    let mut result = of_rest(&rest, exponent, budget)?;
    if !factor.is_one() {
        for (prime, times) in radical::factors_of_rational(&factor, budget)? {
            let scaled = exponent.scaled(&RBig::from(times), budget)?;
            result = result.times(&prime_power(&prime, &scaled, budget)?, budget)?;
        }
    }
    for (atom, own) in monomial.powers() {
        let scaled = exponent.scaled(&own.to_rational(), budget)?;
        let power = match atom {
            Atom::E => e_power(&scaled, budget)?,
            Atom::Prime(prime) => prime_power(prime, &scaled, budget)?,
            Atom::Power(power) => {
                let scaled = power.exponent.times(&scaled, budget)?;
                by_terms(&power.base, &scaled, budget)?
            }
            other => by_terms(&Base::Form(Form::atom(other.clone())), &scaled, budget)?,
        };
        result = result.times(&power, budget)?;
    }
    Ok(result)
}

/// A form to a rational power, however large.
fn rational_power(base: &Form, exponent: &RBig, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Ok(exponent) = Exponent::of(exponent) {
        return radical::power(base, exponent, Branch::Principal, budget);
    }
    // Only 0, 1 and -1 have powers like that.
    let positive = exponent.sign() == Sign::Positive;
    match base.number() {
        Some(value) if value.is_one() || (value.is_zero() && positive) => Ok(base.clone()),
        Some(value) if value.is_zero() => Err(NoForm::DividesByZero),
        Some(value) if *value == RBig::NEG_ONE && exponent.is_int() => {
            let even = exponent.numerator() % 2_i32 == 0;
            Ok(if even { Form::integer(1) } else { base.clone() })
        }
        _ => Err(NoForm::TooMuch),
    }
}

/// What has no positive factor to a power that is not rational.
fn of_rest(rest: &Form, exponent: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(turns) = half_turns(rest) {
        if turns.is_zero() {
            return Ok(Form::integer(1));
        }
        let scaled = exponent.scaled(&turns, budget)?;
        return e_power(&scaled.times(&half_turn(budget)?, budget)?, budget);
    }
    by_terms(&Base::Form(rest.clone()), exponent, budget)
}

/// `p^form`.
fn prime_power(prime: &UBig, exponent: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    by_terms(&Base::Prime(prime.clone()), exponent, budget)
}

/// `e^form`.
pub(super) fn e_power(exponent: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    by_terms(&Base::E, exponent, budget)
}

/// A base to each of an exponent's terms.
fn by_terms(base: &Base, exponent: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    budget.spend(1)?;
    if !exponent.denominator().is_one() {
        let mut factor = exponent.numerator().content(budget)?;
        if exponent.leading_sign() == Sign::Negative {
            factor = -factor;
        }
        let inverse = coefficient::inverse(&factor).ok_or(NoForm::DividesByZero)?;
        let atom = Atom::power(base.clone(), exponent.scaled(&inverse, budget)?);
        return Ok(Form::power_of(atom, Exponent::of(&factor)?, budget)?);
    }
    let poly = exponent.numerator();
    let mut result = of_constant(base, poly.constant(), budget)?;
    for term in poly.terms() {
        let power = of_term(base, &term.coefficient, &term.monomial, budget)?;
        result = result.times(&power, budget)?;
    }
    Ok(result)
}

fn of_constant(base: &Base, exponent: &RBig, budget: &mut Budget) -> Result<Form, NoForm> {
    if exponent.is_zero() {
        return Ok(Form::integer(1));
    }
    let exponent = Exponent::of(exponent)?;
    match base {
        Base::E => Ok(Form::power_of(Atom::E, exponent, budget)?),
        Base::Prime(prime) => Ok(Form::power_of(Atom::Prime(prime.clone()), exponent, budget)?),
        Base::Form(base) => radical::power(base, exponent, Branch::Principal, budget),
    }
}

/// `base^(coefficient * monomial)`.
fn of_term(
    base: &Base,
    coefficient: &RBig,
    monomial: &Monomial,
    budget: &mut Budget,
) -> Result<Form, NoForm> {
    if matches!(base, Base::E)
        && let Some(simplified) = of_e_term(coefficient, monomial, budget)?
    {
        return Ok(simplified);
    }
    let atom = Atom::power(base.clone(), Form::term(RBig::ONE, monomial.clone()));
    Ok(Form::power_of(atom, Exponent::of(coefficient)?, budget)?)
}

/// Exponents that undo a logarithm, turn by an angle, or are `i` times an inverse function.
fn of_e_term(coefficient: &RBig, monomial: &Monomial, budget: &mut Budget) -> Result<Option<Form>, NoForm> {
    if let [(Atom::I, _), (Atom::Pi, pi)] = monomial.powers()
        && *pi == Exponent::ONE
    {
        return turn(Exponent::of(coefficient)?, budget).map(Some);
    }
    let logarithm = |(atom, exponent): &&(Atom, Exponent)| {
        *exponent == Exponent::ONE
            && match atom {
                Atom::Ln(_) => true,
                Atom::Call(call) => call.function == Function::Ln,
                _ => false,
            }
    };
    if let Some((atom, _)) = monomial.powers().iter().find(logarithm) {
        let others = monomial.partition(|own| own == atom).1;
        let exponent = Form::term(coefficient.clone(), others);
        return match atom {
            Atom::Ln(prime) => prime_power(prime, &exponent, budget).map(Some),
            Atom::Call(call) => match call.arguments.first() {
                Some(argument) => power(argument, &exponent, budget).map(Some),
                None => Ok(None),
            },
            _ => Ok(None),
        };
    }
    if let [(Atom::I, _), (Atom::Call(call), once)] = monomial.powers()
        && *once == Exponent::ONE
        && let [argument] = &call.arguments[..]
        && let Ok(times) = i64::try_from(coefficient.numerator())
        && coefficient.is_int()
    {
        return by_inverse_function(&call.function, argument, times, budget);
    }
    Ok(None)
}

/// `e^(i n arcsin u)` is the power `n` of `√(1-u²) + iu`, and `e^(i n arctan u)` of `(1 + iu) / √(1+u²)`.
fn by_inverse_function(
    function: &Function,
    argument: &Form,
    times: i64,
    budget: &mut Budget,
) -> Result<Option<Form>, NoForm> {
    let one = Form::integer(1);
    let square = argument.times(argument, budget)?;
    // Of modulus 1: the conjugate is the inverse.
    let signed = if times < 0 {
        argument.clone().negated()
    } else {
        argument.clone()
    };
    let imaginary = Form::atom(Atom::I).times(&signed, budget)?;
    let unit = match function {
        Function::Arcsin => {
            radical::square_root(&one.minus(&square, budget)?, budget)?.plus(&imaginary, budget)?
        }
        Function::Arctan => one.plus(&imaginary, budget)?.over(
            &radical::square_root(&one.plus(&square, budget)?, budget)?,
            budget,
        )?,
        _ => return Ok(None),
    };
    let times = i64::try_from(times.unsigned_abs()).map_err(|_| TooMuch)?;
    unit.to(times, budget).map(Some)
}

/// `e^(iπ angle)`, in radicals where the angle is a multiple of π/12.
pub(super) fn turn(angle: Exponent, budget: &mut Budget) -> Result<Form, NoForm> {
    let twelfths = angle.times(Exponent::whole(12)?)?;
    if !twelfths.is_whole() {
        return Ok(Form::power_of(Atom::Turn, angle, budget)?);
    }
    let steps = twelfths.numerator().rem_euclid(24);
    let (quarters, within) = (steps / 6, steps % 6);
    let quarter_turns = Form::power_of(Atom::I, Exponent::whole(quarters)?, budget)?;
    if within == 0 {
        return Ok(quarter_turns);
    }
    let cosine = cosine_of_twelfths(within, budget)?;
    let sine = cosine_of_twelfths(6 - within, budget)?;
    let unit = cosine.plus(&Form::atom(Atom::I).times(&sine, budget)?, budget)?;
    quarter_turns.times(&unit, budget)
}

/// The cosine of `n π/12` for `n` from 1 to 5.
fn cosine_of_twelfths(steps: i64, budget: &mut Budget) -> Result<Form, NoForm> {
    let root = |radicand: i64, divisor: i64, budget: &mut Budget| {
        let root = radical::of_rational(&RBig::from(radicand), Exponent::HALF, budget)?;
        root.times(&Form::rational(RBig::ONE / RBig::from(divisor)), budget)
    };
    match steps {
        1 => root(6, 4, budget)?.plus(&root(2, 4, budget)?, budget),
        2 => root(3, 2, budget),
        3 => root(2, 2, budget),
        4 => Ok(Form::rational(RBig::ONE / RBig::from(2))),
        _ => root(6, 4, budget)?.minus(&root(2, 4, budget)?, budget),
    }
}
