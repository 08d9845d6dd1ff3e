//! Questions about one real constant: its sign, and whether a decimal is what it rounds to.

use std::cmp::Ordering;

use dashu_int::UBig;
use dashu_ratio::RBig;

use super::evaluate::evaluate;
use super::failure::Failure;
use super::interval::Interval;
use super::point::Point;
use super::value::Value;
use super::{FULL, LAST, QUICK};
use crate::budget::Budget;
use crate::tree::Expr;

/// Most digits of a decimal that a value is rounded to.
const MOST_DIGITS: u32 = 1000;

/// How a real constant compares with 0, certainly.
///
/// None when it is not real, has letters in it, or is too close to 0 to tell.
pub fn sign(expr: &Expr, budget: &mut Budget) -> Option<Ordering> {
    refined(expr, budget, |value, _| value.sign())
}

/// Whether a real constant, rounded to so many places after the point, is this decimal. A half may be rounded either way.
///
/// None when that is not certain either way.
pub fn rounds_to(value: &Expr, decimal: &RBig, digits_after_point: u32, budget: &mut Budget) -> Option<bool> {
    let half = RBig::from_parts(1.into(), ten_to(digits_after_point)? * 2_u8);
    lies_between(value, &(decimal - &half), &(decimal + &half), budget)
}

fn lies_between(value: &Expr, low: &RBig, high: &RBig, budget: &mut Budget) -> Option<bool> {
    refined(value, budget, |value, bits| {
        if let Value::Exact(value) = value {
            return Some(low <= value && value <= high);
        }
        let interval = value.interval(bits)?;
        let (from, to) = (Interval::rational(low, bits), Interval::rational(high, bits));
        if from.high() <= interval.low() && interval.high() <= to.low() {
            Some(true)
        } else if interval.high() < from.low() || to.high() < interval.low() {
            Some(false)
        } else {
            None
        }
    })
}

/// What is certain about a constant, at the first precision at which something is.
fn refined<T>(expr: &Expr, budget: &mut Budget, certain: impl Fn(&Value, usize) -> Option<T>) -> Option<T> {
    for bits in [QUICK, FULL, LAST] {
        match evaluate(expr, &Point::default(), bits, budget) {
            Ok(evaluated) => {
                if let Some(answer) = certain(&evaluated.value, bits) {
                    return Some(answer);
                }
            }
            Err(Failure::Imprecise) => {}
            Err(_) => return None,
        }
    }
    None
}

fn ten_to(places: u32) -> Option<UBig> {
    (places <= MOST_DIGITS).then_some(())?;
    Some(UBig::from(10_u8).pow(usize::try_from(places).ok()?))
}
