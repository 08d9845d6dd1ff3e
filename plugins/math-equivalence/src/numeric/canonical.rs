//! One spelling for all expressions of one value, for votes.

use std::collections::BTreeSet;
use std::rc::Rc;

use dashu_int::UBig;

use super::cost;
use super::decimal::{certain_decimal, decimal, simple_fraction};
use super::evaluate::evaluate;
use super::failure::Failure;
use super::interval::Interval;
use super::point::{Kind, Point, collect_letters, of_name};
use super::value::{Likeness, Value};
use super::{LAST, QUICK};
use crate::budget::Budget;
use crate::tree::Expr;

/// Bits at which values are spelt, unless it takes more.
const SPELT: usize = 224;

/// Significant digits of a constant.
const CONSTANT_DIGITS: u32 = 30;

/// Significant digits of a function's value at a point.
const FUNCTION_DIGITS: u32 = 20;

/// Denominators of numbers that are spelt as fractions are less than this.
const DENOMINATORS: u64 = 1_000_000_000_000;

/// A number is taken for a fraction when the chance that it looks like one is less than one in two to this power.
const CHANCE: i64 = 60;

/// Most letters of a function that is spelt.
const LETTERS: usize = 8;

/// Points that are tried until two have values.
const TRIES: u64 = 6;

/// Points whose values spell a function.
const POINTS: usize = 2;

/// The canonical spelling of an expression by its values: `2/3`, `1.41421356237309504880168872421`, `0.5+1.25*i`,
/// `f(x,y): 3/7; 0.69314718055994530942`.
///
/// Expressions that are equal share it; letters that have no influence are left out. Expressions that differ may share it when their
/// first 30 digits do, or 20 at the points where functions are evaluated. None when values cannot be computed.
pub fn canonical(expr: &Expr, budget: &mut Budget) -> Option<String> {
    let mut letters = BTreeSet::new();
    collect_letters(expr, &mut letters);
    if letters.is_empty() {
        return spelt(expr, &Point::default(), CONSTANT_DIGITS, budget);
    }
    if letters.len() > LETTERS {
        return None;
    }
    let kind = Kind::of(expr);
    let mut values = Vec::new();
    let mut first = None;
    for number in 0..TRIES {
        let point = Point::of_names(&letters, number, kind);
        if let Some(value) = spelt(expr, &point, FUNCTION_DIGITS, budget) {
            values.push(value);
            first.get_or_insert((number, point));
        }
        if values.len() == POINTS {
            break;
        }
    }
    let (number, point) = first?;
    let names = influential(expr, &letters, &point, number + TRIES, kind, budget)?;
    match (names.is_empty(), values.as_slice()) {
        (true, _) => spelt(expr, &point, CONSTANT_DIGITS, budget),
        (false, [one, two]) => Some(format!("f({}): {one}; {two}", names.join(","))),
        _ => None,
    }
}

/// The letters on which the value depends, at this point.
fn influential(
    expr: &Expr,
    letters: &BTreeSet<Rc<str>>,
    point: &Point,
    number: u64,
    kind: Kind,
    budget: &mut Budget,
) -> Option<Vec<String>> {
    let here = evaluate(expr, point, QUICK, budget).ok();
    let mut names = Vec::new();
    for name in letters {
        let moved = evaluate(
            expr,
            &point.with(name, of_name(name, number, kind)),
            QUICK,
            budget,
        );
        let apart = match (&here, moved) {
            (_, Err(Failure::TooMuch(_))) => return None,
            (Some(here), Ok(moved)) => here.value.likeness(&moved.value, QUICK) == Likeness::Apart,
            _ => true,
        };
        if apart {
            names.push(name.to_string());
        }
    }
    Some(names)
}

/// The value at a point, spelt so that any enclosure of it that is small enough leads to the same.
fn spelt(expr: &Expr, point: &Point, digits: u32, budget: &mut Budget) -> Option<String> {
    for bits in [SPELT, LAST] {
        match evaluate(expr, point, bits, budget) {
            Ok(evaluated) => {
                budget.spend(10 * cost::elementary(bits)).ok()?;
                if let Some(text) = text(&evaluated.value, digits, bits == LAST) {
                    return Some(text);
                }
            }
            Err(Failure::Imprecise) => {}
            Err(_) => return None,
        }
    }
    None
}

fn text(value: &Value, digits: u32, last: bool) -> Option<String> {
    match value {
        Value::Exact(value) if *value.denominator() < UBig::from(DENOMINATORS) => Some(value.to_string()),
        Value::Exact(value) => Some(decimal(value, digits)),
        Value::Real(interval) => part(interval, digits, last),
        Value::Complex(rectangle) => {
            let (re, im) = (
                part(&rectangle.re, digits, last)?,
                part(&rectangle.im, digits, last)?,
            );
            Some(match (re.as_str(), im.as_str()) {
                (_, "0") => re,
                ("0", _) => format!("{im}*i"),
                (_, negative) if negative.starts_with('-') => format!("{re}{im}*i"),
                _ => format!("{re}+{im}*i"),
            })
        }
    }
}

fn part(interval: &Interval, digits: u32, last: bool) -> Option<String> {
    if let Some(fraction) = simple_fraction(interval, &UBig::from(DENOMINATORS), CHANCE) {
        return Some(fraction.to_string());
    }
    // While an integer cannot be told from what lies beside it, a decimal would be premature.
    if interval.width().top() > -CHANCE && !last {
        return None;
    }
    certain_decimal(interval, digits)
}
