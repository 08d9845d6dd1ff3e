//! Rational expressions as programs for a stack machine.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use dashu_int::ops::BitTest;
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;

use super::arithmetic::{Field, Residue};
use super::prime::mixed;
use crate::budget::Budget;
use crate::exact;
use crate::tree::Expr;

/// A value for each variable.
pub(super) type Point = BTreeMap<Rc<str>, Residue>;

/// Longest exponent, in bits.
const EXPONENT_BITS: usize = 20_000;

/// Why there is no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// Something is divided by zero there, or raised from zero to zero.
    Undefined,
    /// The budget is not enough.
    TooMuch,
}

/// An expression without division signs and brackets.
#[derive(Debug)]
pub(super) struct Program {
    steps: Vec<Step>,
    variables: BTreeSet<Rc<str>>,
    fingerprint: u64,
}

#[derive(Debug)]
enum Step {
    Number(RBig),
    Variable(Rc<str>),
    /// Adds up so many values.
    Sum(usize),
    /// Multiplies so many values.
    Product(usize),
    Power(IBig),
}

/// A program modulo a prime.
#[derive(Debug)]
pub(super) struct Reduced<'a> {
    field: &'a Field,
    steps: Vec<ReducedStep>,
}

#[derive(Debug)]
enum ReducedStep {
    Number(Residue),
    Variable(Rc<str>),
    Sum(usize),
    Product(usize),
    /// To a power that is at least 1, after inverting where it was negative.
    Power {
        exponent: u64,
        inverted: bool,
    },
    /// To the power of zero.
    One,
}

impl Program {
    /// None when the expression is of another kind, or the budget is not enough.
    pub(super) fn compile(expr: &Expr, budget: &mut Budget) -> Option<Self> {
        let mut program = Self {
            steps: Vec::new(),
            variables: BTreeSet::new(),
            fingerprint: 0,
        };
        program.add(expr, budget)?;
        Some(program)
    }

    fn add(&mut self, expr: &Expr, budget: &mut Budget) -> Option<()> {
        budget.spend(1).ok()?;
        let step = match expr {
            Expr::Number(value) => {
                self.mark_all(&value.numerator().to_le_bytes());
                self.mark_all(&value.denominator().to_le_bytes());
                Step::Number(value.clone())
            }
            Expr::Variable(name) => {
                self.mark_all(name.as_bytes());
                self.variables.insert(Rc::clone(name));
                Step::Variable(Rc::clone(name))
            }
            Expr::Sum(terms) => {
                for term in terms {
                    self.add(term, budget)?;
                }
                Step::Sum(terms.len())
            }
            Expr::Product(factors) => {
                for factor in factors {
                    self.add(factor, budget)?;
                }
                Step::Product(factors.len())
            }
            Expr::Power(base, exponent) => {
                self.add(base, budget)?;
                let exponent = exact::form(exponent, budget).ok()?.as_integer()?;
                if exponent.bit_len() > EXPONENT_BITS {
                    return None;
                }
                self.mark_all(&exponent.to_le_bytes());
                Step::Power(exponent)
            }
            Expr::Root(1, radicand) => return self.add(radicand, budget),
            Expr::Constant(_) | Expr::Root(..) | Expr::Apply(..) => return None,
        };
        self.mark(match step {
            Step::Number(_) => 1,
            Step::Variable(_) => 2,
            Step::Sum(_) => 3,
            Step::Product(_) => 4,
            Step::Power(_) => 5,
        });
        self.steps.push(step);
        Some(())
    }

    /// Takes bytes, never machine words: their length differs between machines.
    fn mark_all(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.mark(u64::from(*byte));
        }
    }

    const fn mark(&mut self, value: u64) {
        self.fingerprint =
            mixed(self.fingerprint ^ value.wrapping_mul(0x9e37_79b9_7f4a_7c15)).wrapping_add(1);
    }

    /// A number that depends on everything in the expression.
    pub(super) const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    pub(super) const fn variables(&self) -> &BTreeSet<Rc<str>> {
        &self.variables
    }

    /// The program in a field of a prime. Undefined where the prime divides the denominator of a number in it.
    pub(super) fn modulo<'a>(&self, field: &'a Field, budget: &mut Budget) -> Result<Reduced<'a>, Stop> {
        let mut steps = Vec::with_capacity(self.steps.len());
        for step in &self.steps {
            steps.push(match step {
                Step::Number(value) => ReducedStep::Number(rational(value, field, budget)?),
                Step::Variable(name) => ReducedStep::Variable(Rc::clone(name)),
                Step::Sum(count) => ReducedStep::Sum(*count),
                Step::Product(count) => ReducedStep::Product(*count),
                Step::Power(exponent) if exponent.is_zero() => ReducedStep::One,
                Step::Power(exponent) => {
                    let (sign, magnitude) = exponent.clone().into_parts();
                    let order = field.modulus() - 1;
                    // Fermat: what is not zero has the power 1 at the order. Zero itself must not get the power zero.
                    let reduced = remainder(&magnitude, order, budget)?;
                    ReducedStep::Power {
                        exponent: if reduced == 0 { order } else { reduced },
                        inverted: sign == Sign::Negative,
                    }
                }
            });
        }
        Ok(Reduced { field, steps })
    }
}

fn rational(value: &RBig, field: &Field, budget: &mut Budget) -> Result<Residue, Stop> {
    let magnitude = UBig::from_words(value.numerator().as_sign_words().1);
    let numerator = field.of(remainder(&magnitude, field.modulus(), budget)?);
    let numerator = if value.sign() == Sign::Negative {
        field.negated(numerator)
    } else {
        numerator
    };
    if value.is_int() {
        return Ok(numerator);
    }
    let denominator = field.of(remainder(value.denominator(), field.modulus(), budget)?);
    let inverse = invert(denominator, field, budget)?;
    Ok(field.times(numerator, inverse))
}

fn remainder(value: &UBig, modulus: u64, budget: &mut Budget) -> Result<u64, Stop> {
    spend(1 + value.bit_len() as u64 / 256, budget)?;
    Ok(value % modulus)
}

fn invert(value: Residue, field: &Field, budget: &mut Budget) -> Result<Residue, Stop> {
    spend(12, budget)?;
    field.inverse(value).ok_or(Stop::Undefined)
}

fn spend(units: u64, budget: &mut Budget) -> Result<(), Stop> {
    budget.spend(units).map_err(|_| Stop::TooMuch)
}

impl Reduced<'_> {
    /// The value at a point.
    pub(super) fn at(&self, point: &Point, budget: &mut Budget) -> Result<Residue, Stop> {
        let field = self.field;
        spend(1 + self.steps.len() as u64 / 2, budget)?;
        let mut stack: Vec<Residue> = Vec::new();
        for step in &self.steps {
            let value = match step {
                ReducedStep::Number(value) => *value,
                ReducedStep::Variable(name) => point.get(name).copied().ok_or(Stop::Undefined)?,
                ReducedStep::Sum(count) => {
                    taken(&mut stack, *count)?.fold(Field::zero(), |sum, value| field.plus(sum, value))
                }
                ReducedStep::Product(count) => {
                    taken(&mut stack, *count)?.fold(field.one(), |product, value| field.times(product, value))
                }
                ReducedStep::Power { exponent, inverted } => {
                    let base = stack.pop().ok_or(Stop::Undefined)?;
                    let base = if *inverted {
                        invert(base, field, budget)?
                    } else {
                        base
                    };
                    spend(u64::from(exponent.ilog2()) / 5, budget)?;
                    field.power(base, *exponent)
                }
                ReducedStep::One => {
                    let base = stack.pop().ok_or(Stop::Undefined)?;
                    if base.is_zero() {
                        return Err(Stop::Undefined);
                    }
                    field.one()
                }
            };
            stack.push(value);
        }
        stack.pop().ok_or(Stop::Undefined)
    }
}

/// The topmost values of the stack, of which there are enough in any compiled program.
fn taken(stack: &mut Vec<Residue>, count: usize) -> Result<std::vec::Drain<'_, Residue>, Stop> {
    let start = stack.len().checked_sub(count).ok_or(Stop::Undefined)?;
    Ok(stack.drain(start..))
}
