//! Trigonometric and hyperbolic functions and their inverses.
//!
//! Of rational multiples of π they are radicals where the table has them; of anything else they are written with powers of e, in which
//! every identity between them holds by itself.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::enclosure;
use super::exponent::Exponent;
use super::exponential::{e_power, turn};
use super::form::Form;
use super::monomial::Monomial;
use super::table::{self, Surd};
use crate::budget::{Budget, TooMuch};
use crate::tree::Function;

/// The sine.
pub(super) fn sine(angle: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(turns) = multiple_of_pi(angle)? {
        return sine_of_half_turns(turns, budget);
    }
    let (forward, backward) = units(angle, budget)?;
    // (z - 1/z) / 2i
    let half = RBig::NEG_ONE / RBig::from(2);
    let factor = Form::term(half, Monomial::atom(Atom::I));
    forward.minus(&backward, budget)?.times(&factor, budget)
}

/// The cosine.
pub(super) fn cosine(angle: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(turns) = multiple_of_pi(angle)? {
        return sine_of_half_turns(turns.plus(Exponent::HALF)?, budget);
    }
    let (forward, backward) = units(angle, budget)?;
    Ok(forward
        .plus(&backward, budget)?
        .scaled(&(RBig::ONE / RBig::from(2)), budget)?)
}

/// The tangent; at its poles [`NoForm::DividesByZero`].
pub(super) fn tangent(angle: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(turns) = multiple_of_pi(angle)? {
        let turns = turns.fraction();
        let (sign, acute) = if turns > Exponent::HALF {
            (RBig::NEG_ONE, Exponent::ONE.plus(turns.negated())?)
        } else {
            (RBig::ONE, turns)
        };
        if let Some(surd) = table::tangent(acute) {
            return Ok(surd.root(budget)?.scaled(&sign, budget)?);
        }
    }
    sine(angle, budget)?.over(&cosine(angle, budget)?, budget)
}

/// The principal inverse sine.
pub(super) fn arcsine(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    inverse(Function::Arcsin, value, table::SINES, budget)
}

/// The principal inverse cosine, by way of the inverse sine.
pub(super) fn arccosine(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    let right_angle = Form::term(RBig::ONE / RBig::from(2), Monomial::atom(Atom::Pi));
    right_angle.minus(&arcsine(value, budget)?, budget)
}

/// The principal inverse tangent.
pub(super) fn arctangent(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    inverse(Function::Arctan, value, table::TANGENTS, budget)
}

/// The hyperbolic sine.
pub(super) fn hyperbolic_sine(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    let (up, down) = (
        e_power(value, budget)?,
        e_power(&value.clone().negated(), budget)?,
    );
    Ok(up
        .minus(&down, budget)?
        .scaled(&(RBig::ONE / RBig::from(2)), budget)?)
}

/// The hyperbolic cosine.
pub(super) fn hyperbolic_cosine(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    let (up, down) = (
        e_power(value, budget)?,
        e_power(&value.clone().negated(), budget)?,
    );
    Ok(up
        .plus(&down, budget)?
        .scaled(&(RBig::ONE / RBig::from(2)), budget)?)
}

/// `e^(ix)` and `e^(-ix)`.
fn units(angle: &Form, budget: &mut Budget) -> Result<(Form, Form), NoForm> {
    let turned = angle.times(&Form::atom(Atom::I), budget)?;
    Ok((e_power(&turned, budget)?, e_power(&turned.negated(), budget)?))
}

/// The rational `q` of an angle `qπ`.
fn multiple_of_pi(angle: &Form) -> Result<Option<Exponent>, TooMuch> {
    if angle.is_zero() {
        return Ok(Some(Exponent::ZERO));
    }
    match angle.as_term() {
        Some((factor, monomial)) if matches!(monomial.powers(), [(Atom::Pi, power)] if *power == Exponent::ONE) => {
            Exponent::of(factor).map(Some)
        }
        _ => Ok(None),
    }
}

/// `sin(qπ)`, of an angle brought into the first quadrant.
fn sine_of_half_turns(turns: Exponent, budget: &mut Budget) -> Result<Form, NoForm> {
    let sign = if turns.floor() % 2 == 0 {
        RBig::ONE
    } else {
        RBig::NEG_ONE
    };
    let within = turns.fraction();
    let acute = if within > Exponent::HALF {
        Exponent::ONE.plus(within.negated())?
    } else {
        within
    };
    if acute.is_zero() {
        return Ok(Form::integer(0));
    }
    if let Some(surd) = table::sine(acute) {
        return Ok(surd.root(budget)?.scaled(&sign, budget)?);
    }
    let factor = Form::term(-sign / RBig::from(2), Monomial::atom(Atom::I));
    turn(acute, budget)?
        .minus(&turn(acute.negated(), budget)?, budget)?
        .times(&factor, budget)
}

/// A multiple of π for a value from the table; an atom for any other. Both inverse functions are odd.
fn inverse(
    function: Function,
    value: &Form,
    table: &[(Exponent, Surd)],
    budget: &mut Budget,
) -> Result<Form, NoForm> {
    if value.is_zero() {
        return Ok(value.clone());
    }
    if !value.has_variables() {
        let square = value.times(value, budget)?;
        for (angle, surd) in table {
            if surd.has_square(&square, budget)?
                && let Some(sign) = enclosure::sign(value, budget)?
            {
                let factor = RBig::ONE * sign * angle.to_rational();
                return Ok(Form::term(factor, Monomial::atom(Atom::Pi)));
            }
        }
    }
    Ok(match value.leading_sign() {
        Sign::Positive => Form::atom(Atom::call(function, vec![value.clone()])),
        Sign::Negative => Form::atom(Atom::call(function, vec![value.clone().negated()])).negated(),
    })
}
