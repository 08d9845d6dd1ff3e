//! Making quotients simple.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::coefficient;
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use super::poly::{Poly, Term};
use super::{conjugate, gcd};
use crate::budget::{Budget, TooMuch};

impl Form {
    /// The quotient of two polynomials, as simple as it gets cheaply.
    ///
    /// The denominator is 1, or it has two terms or more (or is a root), coprime integer coefficients with a positive leading one, and
    /// no letter as a common factor.
    pub(super) fn quotient(numerator: Poly, denominator: Poly, budget: &mut Budget) -> Result<Self, NoForm> {
        budget.spend(1)?;
        let (numerator, denominator) = multiplied_out(numerator, denominator, budget)?;
        if denominator.is_zero() {
            return Err(NoForm::DividesByZero);
        }
        if numerator.is_zero() {
            return Ok(Self::rational(RBig::ZERO));
        }
        if denominator.is_one() {
            return Ok(Self::whole(numerator));
        }
        let (numerator, denominator) = without_common_powers(numerator, denominator, budget)?;
        if denominator.len() > 1 {
            if let Some(ratio) = proportion(&numerator, &denominator, budget)? {
                return Ok(Self::rational(ratio));
            }
            let (numerator, denominator) = gcd::cancelled(numerator, denominator, budget)?;
            if let Some(conjugate) = conjugate::of(&denominator) {
                return Self::quotient(
                    numerator.times(&conjugate, budget)?,
                    denominator.times(&conjugate, budget)?,
                    budget,
                );
            }
            return Ok(primitive(&numerator, &denominator, budget)?);
        }
        Ok(primitive(&numerator, &denominator, budget)?)
    }
}

/// The ratio of two polynomials where it is a rational number.
pub(super) fn proportion(
    numerator: &Poly,
    denominator: &Poly,
    budget: &mut Budget,
) -> Result<Option<RBig>, TooMuch> {
    if numerator.len() != denominator.len() {
        return Ok(None);
    }
    let mut pairs = numerator.all_terms().zip(denominator.all_terms());
    let Some(((first, above), (same, below))) = pairs.next() else {
        return Ok(None);
    };
    let Some(inverse) = coefficient::inverse(below).filter(|_| first == same) else {
        return Ok(None);
    };
    let ratio = coefficient::product(above, &inverse, budget)?;
    for ((first, above), (same, below)) in pairs {
        if first != same || coefficient::product(below, &ratio, budget)? != *above {
            return Ok(None);
        }
    }
    Ok(Some(ratio))
}

/// Replaces whole powers of roots: `(√(x+1))²` is `x + 1`.
///
/// Ends because a radicand is always simpler than its root.
pub(super) fn multiplied_out(
    mut numerator: Poly,
    mut denominator: Poly,
    budget: &mut Budget,
) -> Result<(Poly, Poly), TooMuch> {
    while numerator.has_whole_roots() || denominator.has_whole_roots() {
        let (above, below) = root_multiplied_out(&numerator, budget)?;
        numerator = above;
        denominator = denominator.times(&below, budget)?;
        let (above, below) = root_multiplied_out(&denominator, budget)?;
        denominator = above;
        numerator = numerator.times(&below, budget)?;
    }
    Ok((numerator, denominator))
}

/// Does so for one root; the polynomial is the quotient of the two returned.
fn root_multiplied_out(poly: &Poly, budget: &mut Budget) -> Result<(Poly, Poly), TooMuch> {
    let whole = |term: &Term| {
        term.monomial
            .powers()
            .iter()
            .find_map(|(atom, exponent)| match atom {
                Atom::Root(radicand) if exponent.floor() >= 1 => Some((atom.clone(), radicand.clone())),
                _ => None,
            })
    };
    let Some((root, radicand)) = poly.terms().iter().find_map(whole) else {
        return Ok((poly.clone(), Poly::ONE));
    };
    let floor_in = |term: &Term| u32::try_from(term.monomial.exponent(&root).floor()).map_err(|_| TooMuch);
    let mut highest = 0;
    for term in poly.terms() {
        highest = highest.max(floor_in(term)?);
    }
    let mut sum =
        Poly::number(poly.constant().clone()).times(&radicand.denominator().to(highest, budget)?, budget)?;
    for term in poly.terms() {
        let times = floor_in(term)?;
        let (_, mut others) = term.monomial.partition(|atom| *atom == root);
        let fraction = term.monomial.exponent(&root).fraction();
        if !fraction.is_zero() {
            let (_, rest) = Monomial::carried(vec![(root.clone(), fraction)], budget)?;
            (_, others) = others.times(&rest, budget)?;
        }
        let scale = radicand.numerator().to(times, budget)?;
        let product = scale.times_term(&term.coefficient, &others, budget)?;
        let missing = radicand.denominator().to(highest - times, budget)?;
        sum = sum.plus(&product.times(&missing, budget)?, budget)?;
    }
    Ok((sum, radicand.denominator().to(highest, budget)?))
}

/// Divides both by what letters (and atoms like them) the denominator's terms have in common. What is left above may have negative
/// exponents; below, the least exponent of each is 0. A denominator of one term is left without anything but roots.
fn without_common_powers(
    numerator: Poly,
    denominator: Poly,
    budget: &mut Budget,
) -> Result<(Poly, Poly), TooMuch> {
    let common = if let Some((_, monomial)) = denominator.as_term() {
        monomial.partition(|atom| !matches!(atom, Atom::Root(_))).0
    } else {
        least_powers(&denominator, budget)?
    };
    if common.is_one() {
        return Ok((numerator, denominator));
    }
    let (carry, inverse) = common.to(Exponent::ONE.negated(), budget)?;
    Ok((
        numerator.times_term(&carry, &inverse, budget)?,
        denominator.times_term(&carry, &inverse, budget)?,
    ))
}

/// The product of all free atoms, each to the least power that it has in any term.
pub(super) fn least_powers(poly: &Poly, budget: &mut Budget) -> Result<Monomial, TooMuch> {
    let mut least: Vec<(Atom, Exponent)> = Vec::new();
    for term in poly.terms() {
        for (atom, exponent) in term.monomial.powers().iter().filter(|(atom, _)| atom.is_free()) {
            budget.spend(1)?;
            if least.iter().all(|(known, _)| known != atom) {
                // An atom that other terms lack has the power 0 there.
                let everywhere = poly.constant().is_zero()
                    && poly
                        .terms()
                        .iter()
                        .all(|other| !other.monomial.exponent(atom).is_zero());
                let start = if everywhere {
                    *exponent
                } else {
                    (*exponent).min(Exponent::ZERO)
                };
                least.push((atom.clone(), start));
            } else if let Some((_, known)) = least.iter_mut().find(|(known, _)| known == atom) {
                *known = (*known).min(*exponent);
            }
        }
    }
    least.retain(|(_, exponent)| !exponent.is_zero());
    least.sort_by(|left, right| left.0.cmp(&right.0));
    Ok(Monomial::carried(least, budget)?.1)
}

/// Gives the denominator coprime integer coefficients and a positive leading one.
fn primitive(numerator: &Poly, denominator: &Poly, budget: &mut Budget) -> Result<Form, TooMuch> {
    let mut factor = denominator.content(budget)?;
    if denominator.leading_sign() == Sign::Negative {
        factor = -factor;
    }
    let inverse = coefficient::inverse(&factor).ok_or(TooMuch)?;
    Ok(Form::of_parts(
        numerator.scaled(&inverse, budget)?,
        denominator.scaled(&inverse, budget)?,
    ))
}
