//! When a nonzero polynomial in atoms is certainly a nonzero number or function.
//!
//! That rests on four theorems. Products of fractional powers of distinct primes are linearly independent over the rationals
//! (Besicovitch 1940). π and e are transcendental, and powers of e with distinct algebraic exponents are linearly independent over the
//! algebraic numbers (Lindemann, Weierstrass). The same holds for 1, π and logarithms of distinct primes, taken linearly (Baker 1966).
//! Exponentials of functions that do not differ by constants are linearly independent over the algebraic functions.
//!
//! Whether π and e together, or products of logarithms, satisfy some equation is not known to anybody: then nothing is certain here.

use std::collections::BTreeSet;
use std::rc::Rc;

use dashu_int::UBig;
use dashu_int::ops::{BitTest, Gcd};

use super::atom::{Atom, Base, Call, Power};
use super::coefficient;
use super::exponent::Exponent;
use super::factor::may_be_composite;
use super::form::Form;
use super::poly::Poly;
use crate::budget::{Budget, TooMuch};
use crate::tree::Function;

/// Whether a polynomial that is not zero term by term is certainly not zero.
pub(super) fn certain(poly: &Poly, budget: &mut Budget) -> Result<bool, TooMuch> {
    let mut found = Found::default();
    for term in poly.terms() {
        budget.spend(term.monomial.weight())?;
        let mut linear = 0;
        for (atom, exponent) in term.monomial.powers() {
            found.add(atom);
            match atom {
                Atom::Pi | Atom::Ln(_) if *exponent == Exponent::ONE => linear += 1,
                Atom::Pi | Atom::Ln(_) => found.not_linear = true,
                _ => {}
            }
        }
        found.not_linear |= linear > 1;
    }
    Ok(found.are_independent() && coprime(&found.bases, budget)?)
}

/// The kinds of atoms that occur.
#[derive(Debug, Default)]
struct Found<'a> {
    /// Some atom about which nothing is known.
    unknown: bool,
    pi: bool,
    logarithms: bool,
    /// π or a logarithm occurs in a power, or both in one product.
    not_linear: bool,
    /// A power of e with an algebraic number as its exponent.
    constant_powers: bool,
    /// A power with variables in its exponent.
    growing_powers: bool,
    /// The only function value.
    call: Option<&'a Call>,
    /// Letters to powers with variables in them.
    power_bases: BTreeSet<Rc<str>>,
    /// Variables in exponents.
    exponent_variables: BTreeSet<Rc<str>>,
    /// Primes, and what stands for them.
    bases: BTreeSet<&'a UBig>,
}

impl<'a> Found<'a> {
    fn add(&mut self, atom: &'a Atom) {
        match atom {
            Atom::I | Atom::Variable(_) => {}
            Atom::Prime(prime) => {
                self.bases.insert(prime);
            }
            Atom::Ln(prime) => {
                self.logarithms = true;
                self.bases.insert(prime);
            }
            Atom::Pi => self.pi = true,
            Atom::E => self.constant_powers = true,
            Atom::Power(power) => self.add_power(power),
            Atom::Call(call) => match self.call {
                None => self.call = Some(call),
                Some(known) => self.unknown |= **call != *known,
            },
            Atom::Turn | Atom::Root(_) => self.unknown = true,
        }
    }

    fn add_power(&mut self, power: &'a Power) {
        let growing = power.exponent.has_variables();
        // Exponents that are single products: as those differ, so do their combinations.
        let simple = power.exponent.as_term().is_some() && is_algebraic(&power.exponent);
        self.unknown |= !simple;
        for atom in power.exponent.atoms() {
            if let Atom::Prime(prime) = atom {
                self.bases.insert(prime);
            }
        }
        match &power.base {
            Base::E if growing => self.growing_powers = true,
            Base::E => self.constant_powers = true,
            Base::Prime(prime) => {
                self.bases.insert(prime);
                self.growing_powers = true;
                self.unknown |= !growing;
            }
            Base::Form(base) => {
                self.growing_powers = true;
                match base
                    .as_term()
                    .map(|(factor, monomial)| (factor.is_one(), monomial.powers()))
                {
                    Some((true, [(Atom::Variable(name), once)])) if *once == Exponent::ONE && growing => {
                        self.power_bases.insert(Rc::clone(name));
                    }
                    _ => self.unknown = true,
                }
            }
        }
        self.exponent_variables.extend(power.exponent.variables());
    }

    fn are_independent(&self) -> bool {
        if self.unknown || !self.power_bases.is_disjoint(&self.exponent_variables) {
            return false;
        }
        if let Some(call) = self.call {
            let others = self.logarithms || self.constant_powers || self.growing_powers;
            return !others && is_transcendental(call);
        }
        if self.logarithms {
            return !self.not_linear && !self.constant_powers;
        }
        !(self.pi && self.constant_powers)
    }
}

/// Whether a form is an algebraic function of its variables.
fn is_algebraic(form: &Form) -> bool {
    form.atoms()
        .all(|atom| matches!(atom, Atom::I | Atom::Prime(_) | Atom::Variable(_)))
}

/// Whether a function value satisfies no algebraic equation over the algebraic functions. What is only a name has to satisfy none:
/// it is a function that nothing is known of.
fn is_transcendental(call: &Call) -> bool {
    match &call.function {
        Function::Named(_) => true,
        Function::Ln | Function::Arcsin | Function::Arctan | Function::Factorial => call
            .arguments
            .iter()
            .all(|argument| is_algebraic(argument) && argument.has_variables()),
        _ => false,
    }
}

/// Whether what stands for primes has no common factors.
fn coprime(bases: &BTreeSet<&UBig>, budget: &mut Budget) -> Result<bool, TooMuch> {
    for large in bases.iter().filter(|base| may_be_composite(base)) {
        for other in bases.iter().filter(|other| *other != large) {
            coefficient::charge_divisor(large.bit_len(), other.bit_len(), budget)?;
            if !large.gcd(*other).is_one() {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
