//! What normal forms have in common, and the ways to write test expressions.

mod algebra;
mod functions;
mod hostile;
mod properties;
mod radicals;
mod verdicts;

use super::{Form, NoForm, Verdict};
use crate::budget::Budget;
use crate::tree::{Constant, Expr, Function};

/// What one comparison gets.
pub(super) fn budget() -> Budget {
    Budget::of(40_000)
}

pub(super) fn integer(value: i64) -> Expr {
    Expr::integer(value)
}

pub(super) fn ratio(numerator: i64, denominator: i64) -> Expr {
    integer(numerator).over(integer(denominator))
}

pub(super) fn x() -> Expr {
    Expr::variable("x")
}

pub(super) fn y() -> Expr {
    Expr::variable("y")
}

pub(super) fn pi() -> Expr {
    Expr::Constant(Constant::Pi)
}

pub(super) fn e() -> Expr {
    Expr::Constant(Constant::E)
}

pub(super) fn i() -> Expr {
    Expr::Constant(Constant::I)
}

pub(super) fn root(index: u32, radicand: Expr) -> Expr {
    Expr::Root(index, Box::new(radicand))
}

pub(super) fn minus(left: Expr, right: Expr) -> Expr {
    left.plus(right.negated())
}

pub(super) fn of(function: Function, argument: Expr) -> Expr {
    Expr::apply(function, argument)
}

pub(super) fn try_form(expr: &Expr) -> Result<Form, NoForm> {
    super::form(expr, &mut budget())
}

pub(super) fn form_of(expr: &Expr) -> Form {
    try_form(expr).expect("it has a normal form")
}

pub(super) fn verdict(one: &Expr, other: &Expr) -> Verdict {
    super::compare(&form_of(one), &form_of(other), &mut budget()).expect("cheap")
}

#[track_caller]
pub(super) fn assert_equal(one: &Expr, other: &Expr) {
    assert_eq!(
        verdict(one, other),
        Verdict::Equal,
        "{one:?} has the form {:?}\nand {other:?} has {:?}",
        form_of(one),
        form_of(other)
    );
}

#[track_caller]
pub(super) fn assert_different(one: &Expr, other: &Expr) {
    assert_eq!(verdict(one, other), Verdict::Different, "{one:?}\n{other:?}");
}
