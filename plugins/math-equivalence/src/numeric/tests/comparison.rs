//! Verdicts on pairs of expressions.

use dashu_int::IBig;

use super::*;
use crate::numeric::{Numeric, compare};

fn assert_equal(a: &Expr, b: &Expr) {
    let verdict = compare(a, b, &mut budget());
    assert!(
        matches!(verdict, Numeric::Equal { .. }),
        "{a:?} and {b:?}: {verdict:?}"
    );
}

/// The witness.
fn assert_different(a: &Expr, b: &Expr) -> String {
    match compare(a, b, &mut budget()) {
        Numeric::Different { witness } => witness,
        verdict => panic!("{a:?} and {b:?}: {verdict:?}"),
    }
}

/// The reason.
fn assert_undecided(a: &Expr, b: &Expr) -> String {
    match compare(a, b, &mut budget()) {
        Numeric::Undecided { why } => why,
        verdict => panic!("{a:?} and {b:?}: {verdict:?}"),
    }
}

#[test]
fn identities_of_functions_are_equal() {
    assert_equal(&squared(sin(x())).plus(squared(cos(x()))), &int(1));
    assert_equal(&sin(int(2).times(x())), &int(2).times(sin(x())).times(cos(x())));
    assert_equal(&ln(x().times(y())), &ln(x()).plus(ln(y())));
    assert_equal(&exp(x().plus(y())), &exp(x()).times(exp(y())));
    assert_equal(
        &squared(x().plus(y())),
        &squared(x()).plus(int(2).times(x()).times(y())).plus(squared(y())),
    );
    assert_equal(
        &minus(exp(x()), exp(x().negated())).over(int(2)),
        &Expr::apply(Function::Sinh, x()),
    );
    let double_angle = minus(squared(cos(x())), squared(sin(x())));
    assert_equal(&double_angle, &cos(int(2).times(x())));
    assert_equal(&Expr::apply(Function::Tan, x()), &sin(x()).over(cos(x())));
}

#[test]
fn functions_that_differ_have_a_witness() {
    let witness = assert_different(&squared(x().plus(int(1))), &squared(x()).plus(int(1)));
    assert!(witness.starts_with("at x = "), "{witness}");
    assert_different(&sin(x()), &cos(x()));
    assert_different(&x(), &y());
    assert_different(&ln(x().plus(y())), &ln(x()).plus(ln(y())));
    assert_different(&x(), &int(0));
}

#[test]
fn identities_of_constants_are_equal() {
    assert_equal(&exp(i().times(pi())), &int(-1));
    assert_equal(&exp(i().times(pi())).plus(int(1)), &int(0));
    assert_equal(&i().to(i()), &exp(pi().negated().over(int(2))));
    let nested = sqrt(int(5).plus(int(2).times(sqrt(int(6)))));
    assert_equal(&nested, &sqrt(int(2)).plus(sqrt(int(3))));
    assert_equal(&cos(pi().over(int(5))), &int(1).plus(sqrt(int(5))).over(int(4)));
    assert_equal(&ln(int(8)).over(ln(int(2))), &int(3));
    let machin = minus(
        int(16).times(Expr::apply(Function::Arctan, frac(1, 5))),
        int(4).times(Expr::apply(Function::Arctan, frac(1, 239))),
    );
    assert_equal(&machin, &pi());
    assert_equal(&Expr::Root(3, Box::new(int(-8))), &int(-2));
    assert_equal(&sqrt(int(-8)), &int(2).times(i()).times(sqrt(int(2))));
}

#[test]
fn near_misses_differ() {
    assert_different(&minus(exp(pi()), pi()), &int(20));
    let ramanujan = exp(pi().times(sqrt(int(163))));
    let witness = assert_different(&ramanujan, &int(262_537_412_640_768_744));
    assert!(witness.contains("262537412640768743.9999999999992"), "{witness}");
    assert_different(&int(2).to(int(-99)), &int(2).to(int(-98)));
    assert_different(&int(2).to(int(-99)), &int(0));
    assert_different(&pi(), &frac(355, 113));
    // The sum of the square roots of 2 and 3 is 3.14626…
    assert_different(&sqrt(int(2)).plus(sqrt(int(3))), &pi());
    let close = minus(sqrt(int(1_000_001)), sqrt(int(1_000_000)));
    assert_different(&close, &minus(sqrt(int(1_000_002)), sqrt(int(1_000_001))));
    let large = Expr::integer(IBig::from(10).pow(60));
    assert_different(&large.clone().plus(pi()), &large.plus(frac(355, 113)));
}

#[test]
fn a_difference_in_the_70th_digit_is_found() {
    let tiny = Expr::integer(IBig::from(10).pow(70)).inverted();
    assert_different(&pi(), &pi().plus(tiny.clone()));
    assert_different(&sin(x()), &sin(x()).plus(tiny));
}

#[test]
fn exact_constants_are_decided_exactly() {
    assert_equal(&frac(1, 3).plus(frac(1, 6)), &frac(1, 2));
    let witness = assert_different(&frac(1, 3), &frac(333, 1000));
    assert_eq!(witness, "1/3 and 333/1000");
}

#[test]
fn branches_are_told_apart_on_the_real_line_only() {
    assert_equal(&ln(squared(x())), &int(2).times(ln(x())));
    let witness = assert_different(&sqrt(squared(x())), &x());
    assert!(witness.starts_with("at x = -"), "{witness}");
    assert_equal(&sqrt(squared(x())), &Expr::apply(Function::Abs, x()));
    assert_equal(&sqrt(x()).times(sqrt(y())), &sqrt(x().times(y())));
    assert_equal(&x().to(frac(1, 3)), &Expr::Root(3, Box::new(x())));
    assert_equal(&x().to(frac(3, 2)), &x().times(sqrt(x())));
}

#[test]
fn complex_functions_are_compared_where_nothing_is_real() {
    assert_equal(&exp(i().times(x())), &cos(x()).plus(i().times(sin(x()))));
    assert_different(&exp(i().times(x())), &cos(x()).plus(sin(x())));
    assert_equal(
        &squared(x().plus(i())),
        &minus(squared(x()), int(1)).plus(int(2).times(i()).times(x())),
    );
}

#[test]
fn functions_of_integers_are_compared_at_integers() {
    let factorial = |of: Expr| Expr::apply(Function::Factorial, of);
    let before = minus(n(), int(1));
    assert_equal(&factorial(n()).over(factorial(before)), &n());
    let choose = |n: Expr, k: Expr| Expr::Apply(Function::Binomial, vec![n, k]);
    assert_equal(&choose(n(), int(2)), &n().times(minus(n(), int(1))).over(int(2)));
    let k = || Expr::variable("k");
    let pascal = choose(minus(n(), int(1)), k()).plus(choose(minus(n(), int(1)), minus(k(), int(1))));
    assert_equal(&choose(n(), k()), &pascal);
    assert_equal(
        &choose(n(), k()),
        &factorial(n()).over(factorial(k()).times(factorial(minus(n(), k())))),
    );
    assert_equal(&int(-1).to(n()), &cos(n().times(pi())));
    assert_different(&int(-1).to(n()), &int(1));
    assert_different(&factorial(n()), &n().to(int(2)));
}

#[test]
fn points_without_a_value_are_passed_over() {
    let cancelled = minus(squared(x()), int(1)).over(minus(x(), int(1)));
    assert_equal(&cancelled, &x().plus(int(1)));
    let arcsin = |of: Expr| Expr::apply(Function::Arcsin, of);
    assert_equal(
        &arcsin(x()).plus(Expr::apply(Function::Arccos, x())),
        &pi().over(int(2)),
    );
    assert!(assert_undecided(&arcsin(x().plus(int(90))), &x()).contains("0 of 0"));
}

#[test]
fn steps_are_seen_between_their_jumps() {
    let floor = |of: Expr| Expr::apply(Function::Floor, of);
    assert_equal(&floor(x()).plus(int(1)), &floor(x().plus(int(1))));
    assert_different(&floor(x()), &x());
    assert_equal(&Expr::apply(Function::Ceil, x()), &floor(x().negated()).negated());
    assert_equal(&floor(pi()), &int(3));
    let jump = squared(sqrt(int(2)));
    assert_undecided(&floor(jump), &int(2));
}

#[test]
fn what_has_no_value_or_no_known_one_is_undecided() {
    assert!(assert_undecided(&int(0).inverted(), &int(1)).contains("has no value"));
    assert!(assert_undecided(&ln(int(0)), &int(1)).contains("has no value"));
    assert!(assert_undecided(&int(-8).to(frac(1, 3)), &int(-2)).contains("conventions"));
    let named = Expr::apply(Function::Named("f".into()), x());
    assert!(assert_undecided(&named, &x()).contains("not known"));
    assert!(assert_undecided(&Expr::Constant(Constant::Infinity), &int(1)).contains("infinity"));
}

#[test]
fn astronomical_numbers_are_undecided_and_cost_nothing() {
    let tower = int(9).to(int(9).to(int(9).to(int(9))));
    assert_undecided(&tower, &int(1));
    let wide = exp(exp(exp(exp(int(10)))));
    assert_undecided(&wide, &int(1));
    assert_undecided(&Expr::apply(Function::Factorial, int(1_000_000_000)), &int(1));
    assert_undecided(&sin(int(10).to(int(300))), &int(0));
    assert_different(
        &int(2).to(int(5000)),
        &int(2).to(int(5000)).plus(int(10).to(int(1400))),
    );
}

#[test]
fn large_integers_do_not_agree_because_most_of_their_digits_do() {
    let factorial = |of: i64| Expr::apply(Function::Factorial, int(of));
    assert_different(&factorial(100), &factorial(100).plus(int(1)));
    assert_undecided(&factorial(1000), &factorial(1000).plus(int(1)));
    assert_different(&int(10).to(int(150)), &int(10).to(int(150)).plus(frac(1, 1000)));
    assert_undecided(&int(10).to(int(250)), &int(10).to(int(250)).plus(int(1)));
    assert_equal(&exp(int(100)), &squared(exp(int(50))));
}

#[test]
fn an_empty_budget_is_undecided() {
    let verdict = compare(&sin(x()), &cos(x()), &mut Budget::of(100));
    assert!(matches!(verdict, Numeric::Undecided { .. }), "{verdict:?}");
}

#[test]
fn deep_and_wide_expressions_end_within_the_budget() {
    let deep = (0..60).fold(x(), |inner, _| sqrt(squared(inner).plus(int(1))));
    let verdict = compare(&deep, &deep.clone().plus(frac(1, 1_000_000)), &mut budget());
    assert!(!matches!(verdict, Numeric::Equal { .. }), "{verdict:?}");
    let wide = Expr::Sum((1..2000).map(|k| sin(x().times(int(k)))).collect());
    assert_undecided(&wide, &wide.clone().plus(int(0)));
}

#[test]
fn a_verdict_is_the_same_either_way_and_every_time() {
    let pairs = [
        (sin(x()), cos(x())),
        (ln(squared(x())), int(2).times(ln(x()))),
        (pi(), frac(22, 7)),
    ];
    for (a, b) in pairs {
        let verdict = compare(&a, &b, &mut budget());
        assert_eq!(verdict, compare(&a, &b, &mut budget()));
        let kind = std::mem::discriminant(&verdict);
        assert_eq!(kind, std::mem::discriminant(&compare(&b, &a, &mut budget())));
    }
}
