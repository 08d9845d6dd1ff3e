//! Certified numerical comparison: enclosures of values, at growing precision.
//!
//! Every number here is exact or an interval with ends rounded outwards, so that two enclosures without a common point prove a
//! difference. Agreement proves nothing, but 60 digits at several points are evidence, and the verdict says how much there was.
//! Nothing is compared within a tolerance, and no floating-point hardware takes part: results are the same on every machine.
//!
//! From the bottom up: `dyadic` numbers, `interval`s of them, `series` and `elementary` functions of a number, `real` functions of
//! intervals, `rectangle`s and `complex` functions, `value`s of any of these kinds, `power`s and `functions` of values, `evaluate`
//! for expressions at a `point`. `compare`, `constant` and `canonical` ask the questions.

use crate::budget::Budget;
use crate::tree::Expr;

mod canonical;
mod compare;
mod complex;
mod constant;
mod constants;
mod cost;
mod counting;
mod decimal;
mod dyadic;
mod elementary;
mod evaluate;
mod failure;
mod functions;
mod interval;
mod point;
mod power;
mod real;
mod rectangle;
mod series;
mod value;

#[cfg(test)]
mod tests;

pub use canonical::canonical;
pub use constant::{rounds_to, sign};

/// Bits at which most differences show.
const QUICK: usize = 80;

/// Bits at which agreement counts.
const FULL: usize = 288;

/// Bits of the last attempt, for values in which most digits cancel.
const LAST: usize = 640;

/// What values say about two expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numeric {
    /// They differ, certainly.
    Different {
        /// Where, and both values there.
        witness: String,
    },
    /// They agree wherever they were compared.
    Equal {
        /// At how many points and to how many digits.
        evidence: String,
    },
    /// Neither.
    Undecided {
        /// What stood in the way.
        why: String,
    },
}

/// Compares two expressions by their values: at points when there are letters in them, else at growing precision.
///
/// A letter that only one of them has is a letter without influence on the other. At points where a side is not real, branches of
/// roots and logarithms differ by convention; with three real points or more, such points count for nothing.
#[must_use]
pub fn compare(a: &Expr, b: &Expr, budget: &mut Budget) -> Numeric {
    compare::compare(a, b, budget)
}
