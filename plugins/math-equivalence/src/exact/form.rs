//! Quotients of polynomials, and their arithmetic.

use std::collections::BTreeSet;
use std::rc::Rc;

use dashu_int::{IBig, Sign};
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::coefficient;
use super::exponent::Exponent;
use super::monomial::Monomial;
use super::poly::Poly;
use crate::budget::{Budget, TooMuch};

/// The normal form of an expression: a quotient of two polynomials over letters, radicals and function values.
///
/// Rational numbers, Laurent polynomials with rational coefficients and quotients in one variable are canonical: equal ones are the
/// same `Form`. Others may be equal without being the same; [`compare`](super::compare()) decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Form {
    numerator: Poly,
    denominator: Poly,
}

impl Form {
    /// Whether it is the number 0.
    #[must_use]
    pub const fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// The rational number that it is; None where it is none, or where that does not show.
    #[must_use]
    pub fn as_rational(&self) -> Option<RBig> {
        self.number().cloned()
    }

    /// The whole number that it is; None where it is none, or where that does not show.
    #[must_use]
    pub fn as_integer(&self) -> Option<IBig> {
        let value = self.number()?;
        value.is_int().then(|| value.numerator().clone())
    }

    /// Whether it is a polynomial in its variables: whole exponents from 0 up, no division by variables, and no function of them.
    /// The coefficients may be any numbers.
    #[must_use]
    pub fn is_polynomial(&self) -> bool {
        !self.denominator.atoms().any(Atom::has_variables)
            && self.numerator.terms().iter().all(|term| {
                term.monomial.powers().iter().all(|(atom, exponent)| match atom {
                    Atom::Variable(_) => exponent.is_whole() && *exponent > Exponent::ZERO,
                    other => !other.has_variables(),
                })
            })
    }

    /// The variables in it, also those inside of functions.
    #[must_use]
    pub fn variables(&self) -> BTreeSet<Rc<str>> {
        let mut found = BTreeSet::new();
        self.collect_variables(&mut found);
        found
    }

    fn collect_variables(&self, found: &mut BTreeSet<Rc<str>>) {
        for atom in self.atoms() {
            if let Atom::Variable(name) = atom {
                found.insert(Rc::clone(name));
            }
            for form in atom.forms() {
                form.collect_variables(found);
            }
        }
    }

    pub(super) const fn rational(value: RBig) -> Self {
        Self::whole(Poly::number(value))
    }

    pub(super) fn integer(value: i64) -> Self {
        Self::rational(RBig::from(value))
    }

    pub(super) fn atom(atom: Atom) -> Self {
        Self::whole(Poly::term(RBig::ONE, Monomial::atom(atom)))
    }

    /// An atom to a power, with what the atom's rules make of it.
    pub(super) fn power_of(atom: Atom, exponent: Exponent, budget: &mut Budget) -> Result<Self, TooMuch> {
        let (factor, monomial) = Monomial::carried(vec![(atom, exponent)], budget)?;
        Ok(Self::term(factor, monomial))
    }

    /// A monomial times a nonzero number.
    pub(super) fn term(factor: RBig, monomial: Monomial) -> Self {
        Self::whole(Poly::term(factor, monomial))
    }

    /// A polynomial without whole powers of roots in it.
    pub(super) const fn whole(numerator: Poly) -> Self {
        Self {
            numerator,
            denominator: Poly::ONE,
        }
    }

    /// Parts that are already as simple as [`Self::quotient`] makes them.
    pub(super) const fn of_parts(numerator: Poly, denominator: Poly) -> Self {
        Self {
            numerator,
            denominator,
        }
    }

    pub(super) const fn numerator(&self) -> &Poly {
        &self.numerator
    }

    pub(super) const fn denominator(&self) -> &Poly {
        &self.denominator
    }

    /// The rational number that it is.
    pub(super) fn number(&self) -> Option<&RBig> {
        if self.denominator.is_one() {
            self.numerator.as_number()
        } else {
            None
        }
    }

    /// The number and monomial that it is, where it is one term over 1.
    pub(super) fn as_term(&self) -> Option<(&RBig, &Monomial)> {
        if self.denominator.is_one() {
            self.numerator.as_term()
        } else {
            None
        }
    }

    pub(super) fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.numerator.atoms().chain(self.denominator.atoms())
    }

    pub(super) fn has_variables(&self) -> bool {
        self.atoms().any(Atom::has_variables)
    }

    /// Whether it is a product of positive numbers.
    pub(super) fn is_positive_term(&self) -> bool {
        self.as_term().is_some_and(|(factor, monomial)| {
            factor.sign() == Sign::Positive && monomial.atoms().all(Atom::is_positive)
        })
    }

    /// Whether it is certainly real for all real values of the variables.
    pub(super) fn is_real(&self) -> bool {
        [&self.numerator, &self.denominator].into_iter().all(|poly| {
            poly.terms().iter().all(|term| {
                term.monomial
                    .powers()
                    .iter()
                    .all(|(atom, exponent)| atom.is_positive() || (exponent.is_whole() && atom.is_real()))
            })
        })
    }

    /// A sign that the negative has the other way round; not always that of its value.
    pub(super) fn leading_sign(&self) -> Sign {
        self.numerator.leading_sign()
    }

    /// What comparing it costs, in units of work.
    pub(super) fn weight(&self) -> u64 {
        self.numerator.weight() + self.denominator.weight()
    }

    pub(super) fn negated(self) -> Self {
        Self {
            numerator: self.numerator.negated(),
            denominator: self.denominator,
        }
    }

    /// This times a rational number.
    pub(super) fn scaled(&self, factor: &RBig, budget: &mut Budget) -> Result<Self, TooMuch> {
        if factor.is_zero() {
            return Ok(Self::rational(RBig::ZERO));
        }
        Ok(Self {
            numerator: self.numerator.scaled(factor, budget)?,
            denominator: self.denominator.clone(),
        })
    }

    pub(super) fn plus(&self, other: &Self, budget: &mut Budget) -> Result<Self, NoForm> {
        if self.denominator == other.denominator {
            let numerator = self.numerator.plus(&other.numerator, budget)?;
            return if self.denominator.is_one() {
                Ok(Self::whole(numerator))
            } else {
                Self::quotient(numerator, self.denominator.clone(), budget)
            };
        }
        let left = self.numerator.times(&other.denominator, budget)?;
        let right = other.numerator.times(&self.denominator, budget)?;
        Self::quotient(
            left.plus(&right, budget)?,
            self.denominator.times(&other.denominator, budget)?,
            budget,
        )
    }

    pub(super) fn minus(&self, other: &Self, budget: &mut Budget) -> Result<Self, NoForm> {
        self.plus(&other.clone().negated(), budget)
    }

    pub(super) fn times(&self, other: &Self, budget: &mut Budget) -> Result<Self, NoForm> {
        for (one, another) in [(self, other), (other, self)] {
            if let Some(number) = one.number() {
                return Ok(another.scaled(number, budget)?);
            }
        }
        Self::quotient(
            self.numerator.times(&other.numerator, budget)?,
            self.denominator.times(&other.denominator, budget)?,
            budget,
        )
    }

    pub(super) fn over(&self, divisor: &Self, budget: &mut Budget) -> Result<Self, NoForm> {
        Self::quotient(
            self.numerator.times(&divisor.denominator, budget)?,
            self.denominator.times(&divisor.numerator, budget)?,
            budget,
        )
    }

    /// One over this.
    pub(super) fn inverted(&self, budget: &mut Budget) -> Result<Self, NoForm> {
        if let Some(value) = self.number() {
            let inverse = coefficient::inverse(value).ok_or(NoForm::DividesByZero)?;
            return Ok(Self::rational(inverse));
        }
        Self::quotient(self.denominator.clone(), self.numerator.clone(), budget)
    }

    /// This, which is not zero, to a whole power; 1 when that is zero.
    pub(super) fn to_or_one(&self, exponent: i64, budget: &mut Budget) -> Result<Self, NoForm> {
        if exponent == 0 {
            Ok(Self::integer(1))
        } else {
            self.to(exponent, budget)
        }
    }

    /// This to a whole power. Zero to the power of zero is refused.
    pub(super) fn to(&self, exponent: i64, budget: &mut Budget) -> Result<Self, NoForm> {
        if exponent == 1 {
            return Ok(self.clone());
        }
        if self.is_zero() {
            return match exponent {
                1.. => Ok(self.clone()),
                0 => Err(NoForm::Unsupported),
                _ => Err(NoForm::DividesByZero),
            };
        }
        if let Some(value) = self.number() {
            return Ok(Self::rational(coefficient::power(value, exponent, budget)?));
        }
        let times = u32::try_from(exponent.unsigned_abs());
        if let Some((factor, monomial)) = self.as_term()
            && (exponent > 0 || monomial.atoms().all(|atom| !matches!(atom, Atom::Root(_))))
        {
            let factor = coefficient::power(factor, exponent, budget)?;
            let (carry, monomial) = monomial.to(Exponent::whole(exponent)?, budget)?;
            let poly = Poly::term(coefficient::product(&factor, &carry, budget)?, monomial);
            return Self::quotient(poly, Poly::ONE, budget);
        }
        let times = times.map_err(|_| NoForm::TooMuch)?;
        let numerator = self.numerator.to(times, budget)?;
        let denominator = self.denominator.to(times, budget)?;
        if exponent > 0 {
            Self::quotient(numerator, denominator, budget)
        } else {
            Self::quotient(denominator, numerator, budget)
        }
    }
}
