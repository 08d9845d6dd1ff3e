//! Equations up to a factor: `2x - 4 = 0` and `2 - x = 0` say the same.

use std::collections::BTreeMap;

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::atom::Atom;
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use super::poly::{Poly, Term};
use super::reduce::multiplied_out;
use super::{enclosure, independence};
use crate::budget::{Budget, TooMuch};

/// How two numerators relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// Whether one is the other times a number other than zero.
    pub constant: bool,
    /// Whether that number is negative. None where its sign is not known, and where the forms have different denominators: then the
    /// sign of their ratio depends on the variables, and inequalities between them are not the same.
    pub negative: Option<bool>,
}

/// Whether the numerators of two forms are equal up to a factor without variables: whether the equations `one = 0` and `other = 0` say
/// the same.
///
/// None when neither is certain. Zero is in proportion to zero only.
///
/// # Errors
/// [`TooMuch`] when it exceeds the budget.
pub fn ratio_is_constant(one: &Form, other: &Form, budget: &mut Budget) -> Result<Option<Ratio>, TooMuch> {
    let no = Some(Ratio {
        constant: false,
        negative: None,
    });
    let (numerator, power) = cleared(one, budget)?;
    let (other_numerator, other_power) = cleared(other, budget)?;
    let same_denominator = power == other_power && one.denominator() == other.denominator();
    let one = by_variables(&numerator, budget)?;
    let other = by_variables(&other_numerator, budget)?;
    let (Some((_, first)), Some((_, other_first))) = (one.iter().next(), other.iter().next()) else {
        return Ok(if one.is_empty() && other.is_empty() {
            Some(Ratio {
                constant: true,
                negative: Some(false),
            })
        } else if all_certain(&one, budget)? && all_certain(&other, budget)? {
            no
        } else {
            None
        });
    };
    // Every coefficient has to be in the proportion of the first two: their cross differences, put together again.
    let mut difference = Vec::new();
    for (monomial, coefficient) in &one {
        let product = coefficient.times(other_first, budget)?;
        append(&mut difference, &product, monomial, budget)?;
    }
    for (monomial, coefficient) in &other {
        let product = coefficient.times(first, budget)?.negated();
        append(&mut difference, &product, monomial, budget)?;
    }
    let difference = Poly::collect(RBig::ZERO, difference, budget)?;
    let (difference, _) = multiplied_out(difference, Poly::ONE, budget)?;
    if !difference.is_zero() {
        let certain = independence::certain(&difference, budget)?;
        return Ok(if certain { no } else { None });
    }
    let of =
        |coefficient: &Poly, budget: &mut Budget| enclosure::sign(&Form::whole(coefficient.clone()), budget);
    let sign = match (of(first, budget)?, of(other_first, budget)?) {
        // Without a quotient, which can be too large one way round and small the other: the comparison is to be the same from both sides.
        (Some(one), Some(other)) => Some(one * other),
        // Not real, each by itself.
        _ => match Form::quotient(first.clone(), other_first.clone(), budget) {
            Ok(quotient) => enclosure::sign(&quotient, budget)?,
            // A coefficient that is zero though it does not look like it.
            Err(_) => return Ok(None),
        },
    }
    .filter(|_| same_denominator);
    Ok(Some(Ratio {
        constant: true,
        negative: sign.map(|sign| sign == Sign::Negative),
    }))
}

/// The numerator without negative powers of letters, and what it was multiplied by for that.
fn cleared(form: &Form, budget: &mut Budget) -> Result<(Poly, Monomial), TooMuch> {
    let mut least: BTreeMap<&Atom, Exponent> = BTreeMap::new();
    for term in form.numerator().terms() {
        budget.spend(term.monomial.weight())?;
        for (atom, exponent) in term.monomial.powers() {
            if *exponent < Exponent::ZERO && atom.has_variables() {
                let known = least.entry(atom).or_insert(*exponent);
                *known = (*known).min(*exponent);
            }
        }
    }
    let powers = least
        .into_iter()
        .map(|(atom, exponent)| (atom.clone(), exponent.negated()))
        .collect();
    let (carry, monomial) = Monomial::carried(powers, budget)?;
    let numerator = form.numerator().times_term(&carry, &monomial, budget)?;
    Ok((numerator, monomial))
}

/// The coefficients without variables of each product with variables.
fn by_variables(poly: &Poly, budget: &mut Budget) -> Result<BTreeMap<Monomial, Poly>, TooMuch> {
    let mut groups: BTreeMap<Monomial, Vec<Term>> = BTreeMap::new();
    for (monomial, coefficient) in poly.all_terms() {
        budget.spend(monomial.weight())?;
        let (variables, constants) = monomial.partition(Atom::has_variables);
        groups.entry(variables).or_default().push(Term {
            monomial: constants,
            coefficient: coefficient.clone(),
        });
    }
    groups
        .into_iter()
        .map(|(monomial, terms)| Ok((monomial, Poly::collect(RBig::ZERO, terms, budget)?)))
        .collect()
}

fn append(
    terms: &mut Vec<Term>,
    coefficient: &Poly,
    monomial: &Monomial,
    budget: &mut Budget,
) -> Result<(), TooMuch> {
    for (own, value) in coefficient.all_terms() {
        let (carry, monomial) = own.times(monomial, budget)?;
        terms.push(Term {
            monomial,
            coefficient: value * carry,
        });
    }
    Ok(())
}

fn all_certain(groups: &BTreeMap<Monomial, Poly>, budget: &mut Budget) -> Result<bool, TooMuch> {
    for coefficient in groups.values() {
        if !independence::certain(coefficient, budget)? {
            return Ok(false);
        }
    }
    Ok(true)
}
