//! From trees to normal forms.

use dashu_ratio::RBig;

use super::atom::Atom;
use super::exponent::Exponent;
use super::form::Form;
use super::radical::{self, Branch};
use super::{NoForm, counting, exponential, logarithm, rounding, trigonometry};
use crate::budget::Budget;
use crate::tree::{Constant, Expr, Function};

/// The normal form of a tree, from its leaves up.
pub(super) fn form(expr: &Expr, budget: &mut Budget) -> Result<Form, NoForm> {
    budget.spend(1)?;
    match expr {
        Expr::Number(value) => Ok(Form::rational(value.clone())),
        Expr::Constant(Constant::Pi) => Ok(Form::atom(Atom::Pi)),
        Expr::Constant(Constant::E) => Ok(Form::atom(Atom::E)),
        Expr::Constant(Constant::I) => Ok(Form::atom(Atom::I)),
        Expr::Constant(Constant::Infinity) => Err(NoForm::Infinite),
        Expr::Variable(name) => Ok(Form::atom(Atom::Variable(name.clone()))),
        Expr::Sum(terms) => sum(terms, budget),
        Expr::Product(factors) => {
            let mut product = Form::rational(RBig::ONE);
            for factor in factors {
                product = product.times(&form(factor, budget)?, budget)?;
            }
            Ok(product)
        }
        Expr::Power(base, exponent) => {
            let exponent = form(exponent, budget)?;
            // Most powers are reciprocals.
            if exponent.number() == Some(&RBig::NEG_ONE) {
                return form(base, budget)?.inverted(budget);
            }
            exponential::power(&form(base, budget)?, &exponent, budget)
        }
        Expr::Root(0, _) => Err(NoForm::Unsupported),
        Expr::Root(index, radicand) => {
            let exponent = Exponent::ratio(1, i64::from(*index))?;
            radical::power(&form(radicand, budget)?, exponent, Branch::Real, budget)
        }
        Expr::Apply(function, arguments) => {
            let mut forms = Vec::with_capacity(arguments.len());
            for argument in arguments {
                forms.push(form(argument, budget)?);
            }
            apply(function, forms, budget)
        }
    }
}

/// Adds the terms over each denominator first.
fn sum(terms: &[Expr], budget: &mut Budget) -> Result<Form, NoForm> {
    let mut sums: Vec<Form> = Vec::new();
    for term in terms {
        let term = form(term, budget)?;
        match sums
            .iter_mut()
            .find(|sum| sum.denominator() == term.denominator())
        {
            Some(sum) => *sum = sum.plus(&term, budget)?,
            None => sums.push(term),
        }
    }
    let mut sums = sums.into_iter();
    let mut total = sums.next().unwrap_or_else(|| Form::rational(RBig::ZERO));
    for sum in sums {
        total = total.plus(&sum, budget)?;
    }
    Ok(total)
}

fn apply(function: &Function, arguments: Vec<Form>, budget: &mut Budget) -> Result<Form, NoForm> {
    match function {
        Function::Binomial => return counting::binomial(arguments, budget),
        Function::Gcd | Function::Lcm => {
            return counting::divisor_or_multiple(function, arguments, budget);
        }
        Function::Max | Function::Min => return rounding::extreme(function, arguments, budget),
        Function::Named(_) => return Ok(Form::atom(Atom::call(function.clone(), arguments))),
        _ => {}
    }
    let [argument] = &arguments[..] else {
        return Err(NoForm::Unsupported);
    };
    match function {
        Function::Sin => trigonometry::sine(argument, budget),
        Function::Cos => trigonometry::cosine(argument, budget),
        Function::Tan => trigonometry::tangent(argument, budget),
        Function::Arcsin => trigonometry::arcsine(argument, budget),
        Function::Arccos => trigonometry::arccosine(argument, budget),
        Function::Arctan => trigonometry::arctangent(argument, budget),
        Function::Sinh => trigonometry::hyperbolic_sine(argument, budget),
        Function::Cosh => trigonometry::hyperbolic_cosine(argument, budget),
        Function::Tanh => trigonometry::hyperbolic_sine(argument, budget)?
            .over(&trigonometry::hyperbolic_cosine(argument, budget)?, budget),
        Function::Ln => logarithm::natural(argument, budget),
        Function::Abs => rounding::absolute(argument, budget),
        Function::Floor => rounding::floor(argument, budget),
        Function::Ceil => rounding::ceiling(argument, budget),
        Function::Factorial => counting::factorial(argument, budget),
        Function::Binomial
        | Function::Gcd
        | Function::Lcm
        | Function::Max
        | Function::Min
        | Function::Named(_) => Err(NoForm::Unsupported),
    }
}
