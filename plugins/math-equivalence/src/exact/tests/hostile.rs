//! Expressions made to be expensive: they are refused, and early.

use dashu_int::IBig;

use super::*;

/// What is left of the budget after the normal form of an expression was refused.
#[track_caller]
fn refused(expr: &Expr) -> Budget {
    let mut budget = budget();
    assert_eq!(super::super::form(expr, &mut budget), Err(NoForm::TooMuch));
    budget
}

#[test]
fn towers_of_powers_cost_next_to_nothing() {
    let nine = || integer(9);
    let mut left = refused(&nine().to(nine().to(nine().to(nine()))));
    assert_eq!(left.spend(39_000), Ok(()));
    let huge = Expr::integer(IBig::from(10).pow(300));
    let mut left = refused(&integer(2).to(huge.clone()));
    assert_eq!(left.spend(39_000), Ok(()));
    refused(&x().plus(integer(1)).to(huge.clone()));
    refused(&x().to(huge.clone()));
    refused(&integer(2).to(integer(1).over(huge)));
}

#[test]
fn large_powers_of_sums_are_refused_before_they_grow() {
    let sum = x().plus(y()).plus(Expr::variable("z")).plus(integer(1));
    refused(&sum.clone().to(integer(1000)));
    refused(&sum.to(integer(40)).to(integer(40)));
    refused(&x().plus(integer(1)).to(integer(1_000_000)));
}

#[test]
fn powers_of_numbers_with_roots_stay_numbers() {
    let golden = integer(1).plus(root(2, integer(5))).over(integer(2));
    let power = form_of(&golden.to(integer(200)));
    assert_eq!(power.numerator().len(), 2);
}

#[test]
fn factorials_are_bounded() {
    let factorial = |value| of(Function::Factorial, value);
    assert!(try_form(&factorial(integer(1000))).is_ok());
    let tower = factorial(factorial(factorial(integer(5))));
    assert!(form_of(&tower).as_rational().is_none());
    let binomial = Expr::Apply(Function::Binomial, vec![integer(1_000_000_000), integer(900)]);
    refused(&binomial);
}

#[test]
fn roots_of_long_numbers_are_refused() {
    refused(&root(2, Expr::integer(IBig::from(3).pow(5000) + IBig::from(2))));
    let long = Expr::integer(IBig::from(3).pow(800) + IBig::from(2));
    let _ = super::super::form(&root(2, long), &mut budget());
}

#[test]
fn deep_trees_are_walked() {
    let mut expr = x();
    for depth in 0..60 {
        expr = match depth % 4 {
            0 => root(2, expr.plus(integer(1))),
            1 => of(Function::Ln, expr),
            2 => expr.inverted(),
            _ => of(Function::Abs, expr),
        };
    }
    let _ = super::super::form(&expr, &mut budget());
    let mut sines = x();
    for _ in 0..60 {
        sines = of(Function::Sin, sines);
    }
    let _ = super::super::form(&sines, &mut budget());
    let mut powers = x();
    for _ in 0..60 {
        powers = powers.plus(y()).to(integer(3));
    }
    refused(&powers);
}

#[test]
fn many_denominators_run_out_of_budget() {
    let terms = (0..400)
        .map(|at| integer(1).over(Expr::variable(&format!("x_{at}")).plus(integer(at))))
        .collect();
    refused(&Expr::Sum(terms));
    let fractions = (1..2_000).map(|at| ratio(1, at)).collect();
    let _ = super::super::form(&Expr::Sum(fractions), &mut budget());
}
