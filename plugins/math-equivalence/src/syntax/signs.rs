//! Degree and percent signs: units at the end of a value, factors within a formula.

use dashu_int::UBig;
use dashu_ratio::RBig;

use crate::tree::{Constant, Expr};

/// Variables that stand for the signs while a value is being read. No letter is called so.
const PERCENT: &str = "%";
const DEGREES: &str = "°";

/// A value and the sign behind all of it.
pub(super) enum Marked {
    Percent(Expr),
    Degrees(Expr),
    Plain(Expr),
}

pub(super) fn percent(value: Expr) -> Expr {
    Expr::Product(vec![value, Expr::variable(PERCENT)])
}

pub(super) fn degrees(value: Expr) -> Expr {
    Expr::Product(vec![value, Expr::variable(DEGREES)])
}

/// Takes the sign off the end of `expr`; signs elsewhere become their factors, 1/100 and pi/180.
pub(super) fn split(expr: Expr) -> Marked {
    if let Expr::Product(factors) = &expr
        && let [before @ .., Expr::Variable(sign)] = factors.as_slice()
        && (&**sign == PERCENT || &**sign == DEGREES)
    {
        let value = resolved(match before {
            [value] => value.clone(),
            factors => Expr::Product(factors.to_vec()),
        });
        return if &**sign == PERCENT {
            Marked::Percent(value)
        } else {
            Marked::Degrees(value)
        };
    }
    Marked::Plain(resolved(expr))
}

/// `expr` with its signs carried out.
pub(super) fn resolved(expr: Expr) -> Expr {
    let all = |parts: Vec<Expr>| parts.into_iter().map(resolved).collect();
    match expr {
        Expr::Variable(name) if &*name == PERCENT => one_over(100),
        Expr::Variable(name) if &*name == DEGREES => Expr::Constant(Constant::Pi).times(one_over(180)),
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => Expr::Product(all(factors)),
        Expr::Power(base, exponent) => Expr::Power(Box::new(resolved(*base)), Box::new(resolved(*exponent))),
        Expr::Root(index, of) => Expr::Root(index, Box::new(resolved(*of))),
        Expr::Apply(function, arguments) => Expr::Apply(function, all(arguments)),
        other => other,
    }
}

fn one_over(divisor: u32) -> Expr {
    Expr::Number(RBig::from_parts(1.into(), UBig::from(divisor)))
}
