//! Polynomials: rational combinations of monomials.

use dashu_int::Sign;
use dashu_int::UBig;
use dashu_int::ops::{BitTest, Gcd};
use dashu_ratio::RBig;

use super::atom::Atom;
use super::coefficient::{self, BITS};
use super::exponent::Exponent;
use super::monomial::Monomial;
use crate::budget::{Budget, TooMuch};

/// Most terms of one polynomial.
const TERMS: usize = 2_000;

/// A sum of terms with nonzero coefficients, in the order of their monomials.
///
/// The constant term stands apart, so that a plain number takes no allocation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Poly {
    constant: RBig,
    terms: Vec<Term>,
}

/// A coefficient and a monomial other than 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Term {
    pub(super) monomial: Monomial,
    pub(super) coefficient: RBig,
}

impl Poly {
    pub(super) const ZERO: Self = Self::number(RBig::ZERO);
    pub(super) const ONE: Self = Self::number(RBig::ONE);

    pub(super) const fn number(constant: RBig) -> Self {
        Self {
            constant,
            terms: Vec::new(),
        }
    }

    /// One term; the coefficient is not zero.
    pub(super) fn term(coefficient: RBig, monomial: Monomial) -> Self {
        if monomial.is_one() {
            return Self::number(coefficient);
        }
        Self {
            constant: RBig::ZERO,
            terms: vec![Term {
                monomial,
                coefficient,
            }],
        }
    }

    /// The sum of terms in any order, with any repetitions.
    pub(super) fn collect(
        mut constant: RBig,
        mut terms: Vec<Term>,
        budget: &mut Budget,
    ) -> Result<Self, TooMuch> {
        budget.spend(terms.len() as u64 / 2)?;
        terms.sort_by(|left, right| left.monomial.cmp(&right.monomial));
        let mut merged: Vec<Term> = Vec::with_capacity(terms.len());
        for term in terms {
            if term.monomial.is_one() {
                constant = coefficient::sum(&constant, &term.coefficient, budget)?;
            } else if let Some(last) = merged.last_mut()
                && last.monomial == term.monomial
            {
                last.coefficient = coefficient::sum(&last.coefficient, &term.coefficient, budget)?;
            } else {
                merged.push(term);
            }
        }
        merged.retain(|term| !term.coefficient.is_zero());
        if merged.len() > TERMS {
            return Err(TooMuch);
        }
        Ok(Self {
            constant,
            terms: merged,
        })
    }

    pub(super) const fn is_zero(&self) -> bool {
        self.terms.is_empty() && self.constant.is_zero()
    }

    pub(super) const fn is_one(&self) -> bool {
        self.terms.is_empty() && self.constant.is_one()
    }

    /// The number that it is, where it is a rational one.
    pub(super) fn as_number(&self) -> Option<&RBig> {
        self.terms.is_empty().then_some(&self.constant)
    }

    /// Its only term, where it has one.
    pub(super) fn as_term(&self) -> Option<(&RBig, &Monomial)> {
        match self.terms.as_slice() {
            [] if !self.constant.is_zero() => Some((&self.constant, Monomial::ONE)),
            [term] if self.constant.is_zero() => Some((&term.coefficient, &term.monomial)),
            _ => None,
        }
    }

    pub(super) const fn constant(&self) -> &RBig {
        &self.constant
    }

    /// The terms except the constant one.
    pub(super) fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// All terms, the constant one first unless it is zero.
    pub(super) fn all_terms(&self) -> impl Iterator<Item = (&Monomial, &RBig)> {
        let constant = (!self.constant.is_zero()).then_some((Monomial::ONE, &self.constant));
        constant
            .into_iter()
            .chain(self.terms.iter().map(|term| (&term.monomial, &term.coefficient)))
    }

    /// How many terms, with the constant one.
    pub(super) fn len(&self) -> usize {
        self.terms.len() + usize::from(!self.constant.is_zero())
    }

    pub(super) fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.terms.iter().flat_map(|term| term.monomial.atoms())
    }

    /// The sign of one coefficient, chosen so that the negative has the other one.
    pub(super) fn leading_sign(&self) -> Sign {
        self.terms
            .last()
            .map_or(self.constant.sign(), |term| term.coefficient.sign())
    }

    pub(super) fn negated(mut self) -> Self {
        self.constant = -self.constant;
        for term in &mut self.terms {
            term.coefficient = -std::mem::take(&mut term.coefficient);
        }
        self
    }

    /// The terms that pass take the other sign.
    pub(super) fn with_signs(&self, flips: impl Fn(&Term) -> bool) -> Self {
        let mut flipped = self.clone();
        for term in &mut flipped.terms {
            if flips(term) {
                term.coefficient = -std::mem::take(&mut term.coefficient);
            }
        }
        flipped
    }

    /// Every coefficient times a nonzero number.
    pub(super) fn scaled(&self, factor: &RBig, budget: &mut Budget) -> Result<Self, TooMuch> {
        let mut terms = Vec::with_capacity(self.terms.len());
        for term in &self.terms {
            terms.push(Term {
                monomial: term.monomial.clone(),
                coefficient: coefficient::product(&term.coefficient, factor, budget)?,
            });
        }
        Ok(Self {
            constant: coefficient::product(&self.constant, factor, budget)?,
            terms,
        })
    }

    pub(super) fn plus(&self, other: &Self, budget: &mut Budget) -> Result<Self, TooMuch> {
        let constant = coefficient::sum(&self.constant, &other.constant, budget)?;
        if self.terms.is_empty() || other.terms.is_empty() {
            let terms = [self.terms.as_slice(), &other.terms].concat();
            return Ok(Self { constant, terms });
        }
        let terms = [self.terms.as_slice(), &other.terms].concat();
        Self::collect(constant, terms, budget)
    }

    pub(super) fn minus(&self, other: &Self, budget: &mut Budget) -> Result<Self, TooMuch> {
        self.plus(&other.clone().negated(), budget)
    }

    pub(super) fn times(&self, other: &Self, budget: &mut Budget) -> Result<Self, TooMuch> {
        for (one, another) in [(self, other), (other, self)] {
            if let Some(number) = one.as_number() {
                return if number.is_zero() {
                    Ok(Self::ZERO)
                } else {
                    another.scaled(number, budget)
                };
            }
        }
        let products = self.len() * other.len();
        budget.spend(products as u64)?;
        let mut terms = Vec::with_capacity(products);
        for (left, left_coefficient) in self.all_terms() {
            for (right, right_coefficient) in other.all_terms() {
                let (carry, monomial) = left.times(right, budget)?;
                let plain = coefficient::product(left_coefficient, right_coefficient, budget)?;
                terms.push(Term {
                    monomial,
                    coefficient: coefficient::product(&plain, &carry, budget)?,
                });
            }
        }
        Self::collect(RBig::ZERO, terms, budget)
    }

    /// The square: each mixed product is computed once.
    fn squared(&self, budget: &mut Budget) -> Result<Self, TooMuch> {
        let own: Vec<(&Monomial, &RBig)> = self.all_terms().collect();
        let products = own.len() * (own.len() + 1) / 2;
        budget.spend(products as u64)?;
        let two = RBig::from(2);
        let mut terms = Vec::with_capacity(products);
        for (at, (left, left_coefficient)) in own.iter().enumerate() {
            let doubled = coefficient::product(left_coefficient, &two, budget)?;
            for (other, (right, right_coefficient)) in own[at..].iter().enumerate() {
                let factor = if other == 0 { left_coefficient } else { &doubled };
                let (carry, monomial) = left.times(right, budget)?;
                let plain = coefficient::product(factor, right_coefficient, budget)?;
                terms.push(Term {
                    monomial,
                    coefficient: coefficient::product(&plain, &carry, budget)?,
                });
            }
        }
        Self::collect(RBig::ZERO, terms, budget)
    }

    /// This polynomial times a number and a monomial.
    pub(super) fn times_term(
        &self,
        factor: &RBig,
        monomial: &Monomial,
        budget: &mut Budget,
    ) -> Result<Self, TooMuch> {
        self.times(&Self::term(factor.clone(), monomial.clone()), budget)
    }

    /// This polynomial to a power of 0 or more.
    pub(super) fn to(&self, exponent: u32, budget: &mut Budget) -> Result<Self, TooMuch> {
        if exponent == 0 {
            return Ok(Self::ONE);
        }
        if exponent == 1 {
            return Ok(self.clone());
        }
        if let Some((factor, monomial)) = self.as_term() {
            let (carry, monomial) = monomial.to(Exponent::whole(exponent.into())?, budget)?;
            let factor = coefficient::power(factor, exponent.into(), budget)?;
            return Ok(Self::term(
                coefficient::product(&factor, &carry, budget)?,
                monomial,
            ));
        }
        if self.is_zero() {
            return Ok(Self::ZERO);
        }
        let most_bits = self.all_terms().map(|(_, value)| coefficient::bits(value)).max();
        let bits = most_bits.unwrap_or(0) as u64 * u64::from(exponent);
        let expands = self.atoms().any(Atom::is_free);
        if bits > BITS as u64 || (expands && exponent as usize > TERMS) {
            return Err(TooMuch);
        }
        let mut result = self.clone();
        for bit in (0..exponent.ilog2()).rev() {
            result = result.squared(budget)?;
            if exponent >> bit & 1 == 1 {
                result = result.times(self, budget)?;
            }
        }
        Ok(result)
    }

    /// The positive rational number that leaves coprime integers when it is divided out. Of zero it is 1.
    pub(super) fn content(&self, budget: &mut Budget) -> Result<RBig, TooMuch> {
        let mut divisor: Option<UBig> = None;
        let mut multiple = UBig::ONE;
        for (_, value) in self.all_terms() {
            let bits = coefficient::bits(value);
            let known = divisor.as_ref().map_or(0, |divisor| divisor.bit_len()) + multiple.bit_len();
            coefficient::charge_divisor(bits, known, budget)?;
            let numerator = UBig::from_words(value.numerator().as_sign_words().1);
            divisor = Some(match divisor {
                None => numerator,
                Some(divisor) if divisor.is_one() => divisor,
                Some(divisor) => divisor.gcd(&numerator),
            });
            if !value.is_int() {
                let common = (&multiple).gcd(value.denominator());
                multiple *= value.denominator() / common;
                if multiple.bit_len() > BITS {
                    return Err(TooMuch);
                }
            }
        }
        Ok(divisor.map_or(RBig::ONE, |divisor| RBig::from_parts(divisor.into(), multiple)))
    }

    /// Whether some whole power of a root is yet to be multiplied out.
    pub(super) fn has_whole_roots(&self) -> bool {
        self.terms.iter().any(|term| {
            term.monomial
                .powers()
                .iter()
                .any(|(atom, exponent)| matches!(atom, Atom::Root(_)) && exponent.floor() >= 1)
        })
    }

    /// What comparing it costs, in units of work.
    pub(super) fn weight(&self) -> u64 {
        1 + self.terms.iter().map(|term| term.monomial.weight()).sum::<u64>()
    }
}
