//! The module's promises, on whole expressions.

mod canonical;
mod comparison;
mod constants;
mod oracle;
mod properties;

use dashu_ratio::RBig;

use crate::budget::Budget;
use crate::tree::{Constant, Expr, Function};

/// What one comparison of answers may cost.
fn budget() -> Budget {
    Budget::of(40_000)
}

fn int(value: i64) -> Expr {
    Expr::integer(value)
}

fn frac(numerator: i64, denominator: u64) -> Expr {
    Expr::Number(RBig::from_parts(numerator.into(), denominator.into()))
}

fn x() -> Expr {
    Expr::variable("x")
}

fn y() -> Expr {
    Expr::variable("y")
}

fn n() -> Expr {
    Expr::variable("n")
}

fn pi() -> Expr {
    Expr::Constant(Constant::Pi)
}

fn e() -> Expr {
    Expr::Constant(Constant::E)
}

fn i() -> Expr {
    Expr::Constant(Constant::I)
}

fn sqrt(of: Expr) -> Expr {
    Expr::Root(2, Box::new(of))
}

fn minus(from: Expr, what: Expr) -> Expr {
    from.plus(what.negated())
}

fn squared(of: Expr) -> Expr {
    of.to(int(2))
}

fn sin(of: Expr) -> Expr {
    Expr::apply(Function::Sin, of)
}

fn cos(of: Expr) -> Expr {
    Expr::apply(Function::Cos, of)
}

fn ln(of: Expr) -> Expr {
    Expr::apply(Function::Ln, of)
}

fn exp(of: Expr) -> Expr {
    e().to(of)
}
