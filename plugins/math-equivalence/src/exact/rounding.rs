//! Functions that look at a number's place on the line: absolute value, floor, ceiling, greatest, least.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::enclosure;
use super::form::Form;
use super::positive::{Split, split};
use super::radical;
use crate::budget::Budget;
use crate::tree::Function;

/// The absolute value; of a complex number the modulus.
pub(super) fn absolute(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if value.is_zero() {
        return Ok(value.clone());
    }
    match enclosure::sign(value, budget)? {
        Some(Sign::Positive) => return Ok(value.clone()),
        Some(Sign::Negative) => return Ok(value.clone().negated()),
        None => {}
    }
    if let Some(modulus) = modulus(value, budget)? {
        return Ok(modulus);
    }
    let Split {
        factor,
        monomial,
        rest,
    } = split(value, budget)?;
    let positive = Form::term(factor, monomial);
    if rest.number().is_some() {
        return Ok(positive);
    }
    let argument = match rest.leading_sign() {
        Sign::Positive => rest,
        Sign::Negative => rest.negated(),
    };
    positive.times(&Form::atom(Atom::call(Function::Abs, vec![argument])), budget)
}

/// The modulus of a number made of positive numbers and `i`.
fn modulus(value: &Form, budget: &mut Budget) -> Result<Option<Form>, NoForm> {
    let numeric = value.denominator().is_one()
        && value.atoms().any(|atom| matches!(atom, Atom::I))
        && value
            .atoms()
            .all(|atom| matches!(atom, Atom::I) || atom.is_positive());
    if !numeric {
        return Ok(None);
    }
    let conjugate = value
        .numerator()
        .with_signs(|term| term.monomial.atoms().any(|atom| matches!(atom, Atom::I)));
    let square = value.times(&Form::whole(conjugate), budget)?;
    radical::square_root(&square, budget).map(Some)
}

/// The largest integer that is not above.
pub(super) fn floor(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    if let Some(whole) = enclosure::floor(value, budget)? {
        return Ok(Form::rational(RBig::from(whole)));
    }
    // Whole numbers come out: ⌊x + 3/2⌋ is ⌊x + 1/2⌋ + 1.
    let mut whole = RBig::ZERO;
    if value.denominator().is_one() {
        whole = RBig::from(value.numerator().constant().floor());
    }
    let rest = value.minus(&Form::rational(whole.clone()), budget)?;
    let floor = Form::atom(Atom::call(Function::Floor, vec![rest]));
    floor.plus(&Form::rational(whole), budget)
}

/// The smallest integer that is not below.
pub(super) fn ceiling(value: &Form, budget: &mut Budget) -> Result<Form, NoForm> {
    Ok(floor(&value.clone().negated(), budget)?.negated())
}

/// The greatest or the least of some values, which are not complex.
pub(super) fn extreme(function: &Function, values: Vec<Form>, budget: &mut Budget) -> Result<Form, NoForm> {
    let wanted = if *function == Function::Max {
        Sign::Positive
    } else {
        Sign::Negative
    };
    let mut values = values;
    values.sort();
    values.dedup();
    let mut kept: Vec<Form> = Vec::new();
    'values: for value in values {
        let mut at = 0;
        while at < kept.len() {
            let difference = value.minus(&kept[at], budget)?;
            match enclosure::sign(&difference, budget)? {
                Some(sign) if sign == wanted => {
                    kept.remove(at);
                }
                Some(_) => continue 'values,
                None if difference.is_zero() => continue 'values,
                None => at += 1,
            }
        }
        kept.push(value);
    }
    kept.sort();
    match kept.len() {
        0 => Err(NoForm::Unsupported),
        1 => kept.pop().ok_or(NoForm::Unsupported),
        _ => Ok(Form::atom(Atom::call(function.clone(), kept))),
    }
}
