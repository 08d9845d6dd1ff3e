//! Products of powers of atoms.

use std::cmp::Ordering;

use dashu_ratio::RBig;

use super::atom::Atom;
use super::coefficient;
use super::exponent::Exponent;
use crate::budget::{Budget, TooMuch};

/// Atoms with nonzero exponents, in the atoms' order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Monomial(Vec<(Atom, Exponent)>);

impl Monomial {
    /// The empty product.
    pub(super) const ONE: &'static Self = &Self(Vec::new());

    pub(super) fn atom(atom: Atom) -> Self {
        Self(vec![(atom, Exponent::ONE)])
    }

    /// From atoms in their order, each once. What the atoms' rules turn into a number is returned in front.
    pub(super) fn carried(
        powers: Vec<(Atom, Exponent)>,
        budget: &mut Budget,
    ) -> Result<(RBig, Self), TooMuch> {
        let plain = |(atom, exponent): &(Atom, Exponent)| !atom.carries() && !exponent.is_zero();
        if powers.iter().all(plain) {
            return Ok((RBig::ONE, Self(powers)));
        }
        let mut factor = RBig::ONE;
        let mut quarter_turns = 0;
        let mut kept = Vec::with_capacity(powers.len() + 1);
        for (atom, exponent) in powers {
            let left = match &atom {
                Atom::I => {
                    quarter_turns += exponent.floor().rem_euclid(4);
                    Exponent::ZERO
                }
                Atom::Turn => {
                    let halves = exponent.plus(exponent)?;
                    quarter_turns += halves.floor().rem_euclid(4);
                    halves.fraction().times(Exponent::HALF)?
                }
                Atom::Prime(prime) => {
                    let whole = exponent.floor();
                    if whole != 0 {
                        let carry = coefficient::power(&RBig::from(prime.clone()), whole, budget)?;
                        factor = coefficient::product(&factor, &carry, budget)?;
                    }
                    exponent.fraction()
                }
                _ => exponent,
            };
            if !left.is_zero() {
                kept.push((atom, left));
            }
        }
        if quarter_turns % 4 >= 2 {
            factor = -factor;
        }
        if quarter_turns % 2 == 1 {
            // `I` is the first of all atoms.
            kept.insert(0, (Atom::I, Exponent::ONE));
        }
        Ok((factor, Self(kept)))
    }

    pub(super) const fn is_one(&self) -> bool {
        self.0.is_empty()
    }

    /// The atoms and their exponents, in order.
    pub(super) fn powers(&self) -> &[(Atom, Exponent)] {
        &self.0
    }

    pub(super) fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.0.iter().map(|(atom, _)| atom)
    }

    /// The exponent of an atom, zero when it does not occur.
    pub(super) fn exponent(&self, atom: &Atom) -> Exponent {
        self.0
            .iter()
            .find(|(own, _)| own == atom)
            .map_or(Exponent::ZERO, |(_, exponent)| *exponent)
    }

    /// The product, and the number that it leaves in front: `√2 · √6` leaves 2 in front of `√3`.
    pub(super) fn times(&self, other: &Self, budget: &mut Budget) -> Result<(RBig, Self), TooMuch> {
        if self.is_one() {
            return Ok((RBig::ONE, other.clone()));
        }
        if other.is_one() {
            return Ok((RBig::ONE, self.clone()));
        }
        budget.spend(self.weight() + other.weight())?;
        let mut merged = Vec::with_capacity(self.0.len() + other.0.len());
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
            match first.0.cmp(&second.0) {
                Ordering::Less => merged.extend(left.next().cloned()),
                Ordering::Greater => merged.extend(right.next().cloned()),
                Ordering::Equal => {
                    merged.push((first.0.clone(), first.1.plus(second.1)?));
                    left.next();
                    right.next();
                }
            }
        }
        merged.extend(left.cloned());
        merged.extend(right.cloned());
        Self::carried(merged, budget)
    }

    /// Every exponent times `exponent`. Only whole exponents are sound where an atom is not a positive number.
    pub(super) fn to(&self, exponent: Exponent, budget: &mut Budget) -> Result<(RBig, Self), TooMuch> {
        let mut powers = Vec::with_capacity(self.0.len());
        for (atom, own) in &self.0 {
            powers.push((atom.clone(), own.times(exponent)?));
        }
        Self::carried(powers, budget)
    }

    /// The powers of the atoms that pass, and those of the others.
    pub(super) fn partition(&self, pass: impl Fn(&Atom) -> bool) -> (Self, Self) {
        let (passed, others) = self.0.iter().cloned().partition(|(atom, _)| pass(atom));
        (Self(passed), Self(others))
    }

    /// What comparing and merging it costs, in units of work.
    pub(super) fn weight(&self) -> u64 {
        1 + self.atoms().map(Atom::weight).sum::<u64>()
    }
}
