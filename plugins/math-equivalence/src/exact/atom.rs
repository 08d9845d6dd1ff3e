//! What monomials are made of.

use std::cmp::Ordering;
use std::ops::Deref;
use std::rc::Rc;

use dashu_int::UBig;

use super::form::Form;
use crate::tree::Function;

/// A number, letter or function value that is not a rational combination of simpler ones.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    /// The imaginary unit, to the power of 1 only.
    I,
    /// `e^(iπ)`, to powers between 0 and 1/2.
    Turn,
    /// A prime, to powers between 0 and 1; or a large number that was not factored, as `factor` says.
    Prime(UBig),
    /// 2.71…, to any rational power.
    E,
    /// 3.14…, to any rational power.
    Pi,
    /// The logarithm of a prime (or of what stands for one, as above), to any rational power.
    Ln(UBig),
    /// A letter, to any rational power.
    Variable(Rc<str>),
    /// A power whose exponent is not rational: with the exponent `c`, `base^(c * exponent)`.
    Power(Shared<Power>),
    /// What only fractional powers of are irreducible, to powers between 0 and 1.
    Root(Shared<Form>),
    /// A function value, to any whole power.
    Call(Shared<Call>),
}

/// A base under an exponent that is not rational.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Power {
    pub(super) base: Base,
    pub(super) exponent: Form,
}

/// The base of a [`Power`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Base {
    E,
    Prime(UBig),
    Form(Form),
}

/// A function and the normal forms of its arguments.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Call {
    pub(super) function: Function,
    pub(super) arguments: Vec<Form>,
}

/// Shared between monomials, so that comparing a thing with itself does not walk through it.
#[derive(Debug)]
pub(super) struct Shared<T>(Rc<Weighed<T>>);

/// A thing and what comparing it with another one may cost, in units of work.
#[derive(Debug)]
struct Weighed<T> {
    value: T,
    weight: u64,
}

impl<T> Shared<T> {
    fn new(value: T, weight: u64) -> Self {
        let weight = 1 + weight / 8;
        Self(Rc::new(Weighed { value, weight }))
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.value
    }
}

impl<T: Ord> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T: Ord> Eq for Shared<T> {}

impl<T: Ord> PartialOrd for Shared<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Ord> Ord for Shared<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        if Rc::ptr_eq(&self.0, &other.0) {
            Ordering::Equal
        } else {
            self.0.value.cmp(&other.0.value)
        }
    }
}

impl Atom {
    /// A function value that nothing simplifies.
    pub(super) fn call(function: Function, arguments: Vec<Form>) -> Self {
        let weight = arguments.iter().map(Form::weight).sum();
        Self::Call(Shared::new(Call { function, arguments }, weight))
    }

    /// A power whose exponent is not rational.
    pub(super) fn power(base: Base, exponent: Form) -> Self {
        let weight = match &base {
            Base::Form(base) => base.weight(),
            Base::E | Base::Prime(_) => 0,
        } + exponent.weight();
        Self::Power(Shared::new(Power { base, exponent }, weight))
    }

    /// What takes fractional powers that nothing simplifies.
    pub(super) fn root(radicand: Form) -> Self {
        let weight = radicand.weight();
        Self::Root(Shared::new(radicand, weight))
    }

    /// Whether this is a positive real number for all real values of the variables, so that powers distribute over it.
    pub(super) fn is_positive(&self) -> bool {
        match self {
            Self::Prime(_) | Self::E | Self::Pi | Self::Ln(_) => true,
            Self::Power(power) => {
                let positive = match &power.base {
                    Base::E | Base::Prime(_) => true,
                    Base::Form(base) => base.is_positive_term(),
                };
                positive && power.exponent.is_real()
            }
            Self::I | Self::Turn | Self::Variable(_) | Self::Root(_) | Self::Call(_) => false,
        }
    }

    /// Whether whole powers of this are certainly real for all real values of the variables.
    pub(super) fn is_real(&self) -> bool {
        match self {
            Self::Variable(_) => true,
            Self::Call(call) => {
                matches!(
                    call.function,
                    Function::Abs | Function::Floor | Function::Ceil | Function::Arctan
                ) && call.arguments.iter().all(Form::is_real)
            }
            other => other.is_positive(),
        }
    }

    /// Whether a product of its powers can leave a number in front.
    pub(super) const fn carries(&self) -> bool {
        matches!(self, Self::I | Self::Turn | Self::Prime(_))
    }

    /// Whether this atom takes part in whole and negative powers without further rules, like a letter.
    pub(super) const fn is_free(&self) -> bool {
        !self.carries() && !matches!(self, Self::Root(_))
    }

    /// Whether a variable occurs in it, at any depth.
    pub(super) fn has_variables(&self) -> bool {
        self.forms().any(Form::has_variables) || matches!(self, Self::Variable(_))
    }

    /// The forms inside this atom.
    pub(super) fn forms(&self) -> impl Iterator<Item = &Form> {
        let (first, second, rest): (Option<&Form>, Option<&Form>, &[Form]) = match self {
            Self::Power(power) => {
                let base = match &power.base {
                    Base::Form(base) => Some(base),
                    Base::E | Base::Prime(_) => None,
                };
                (base, Some(&power.exponent), &[])
            }
            Self::Root(radicand) => (Some(radicand), None, &[]),
            Self::Call(call) => (None, None, &call.arguments),
            _ => (None, None, &[]),
        };
        first.into_iter().chain(second).chain(rest)
    }

    /// What comparing this atom with another one may cost, in units of work.
    pub(super) fn weight(&self) -> u64 {
        match self {
            Self::Power(power) => power.0.weight,
            Self::Root(radicand) => radicand.0.weight,
            Self::Call(call) => call.0.weight,
            _ => 0,
        }
    }
}
