//! Exponentials, logarithms, trigonometry and the functions of whole numbers.

use super::*;

fn sin(angle: Expr) -> Expr {
    of(Function::Sin, angle)
}

fn cos(angle: Expr) -> Expr {
    of(Function::Cos, angle)
}

fn tan(angle: Expr) -> Expr {
    of(Function::Tan, angle)
}

fn ln(value: Expr) -> Expr {
    of(Function::Ln, value)
}

fn abs(value: Expr) -> Expr {
    of(Function::Abs, value)
}

fn degrees(value: i64) -> Expr {
    ratio(value, 180).times(pi())
}

fn sqrt(radicand: i64) -> Expr {
    root(2, integer(radicand))
}

#[test]
fn exponents_add_up() {
    let exponent = integer(2).times(x()).plus(integer(1));
    assert_equal(&e().to(exponent), &e().times(e().to(x()).to(integer(2))));
    assert_equal(
        &integer(2).to(x().plus(integer(1))),
        &integer(2).times(integer(2).to(x())),
    );
    assert_equal(&integer(4).to(x()), &integer(2).to(integer(2).times(x())));
    assert_equal(&integer(6).to(x()), &integer(2).to(x()).times(integer(3).to(x())));
    assert_equal(&integer(2).to(x().negated()), &ratio(1, 2).to(x()));
    let n = || Expr::variable("n");
    assert_equal(&x().to(n().plus(integer(1))), &x().times(x().to(n())));
    assert_equal(
        &integer(-1).to(n().plus(integer(1))),
        &integer(-1).to(n()).negated(),
    );
    assert_equal(&root(2, e().to(x())), &e().to(x().over(integer(2))));
    assert_equal(&root(3, pi().to(pi())), &root(3, pi()).to(pi()));
    assert_different(&integer(2).to(x()), &integer(3).to(x()));
    assert_different(&e().to(x()), &integer(1).plus(x()));
    assert_different(&x().to(n()), &x().to(n().plus(integer(1))));
}

#[test]
fn half_turns_are_roots_of_unity() {
    assert_equal(&e().to(i().times(pi())), &integer(-1));
    assert_equal(&e().to(i().times(pi()).over(integer(2))), &i());
    let sixth = e().to(i().times(pi()).over(integer(3)));
    assert_equal(&sixth, &integer(1).plus(sqrt(3).times(i())).over(integer(2)));
    assert_equal(
        &e().to(i().times(pi()).times(ratio(1, 7))).to(integer(14)),
        &integer(1),
    );
    assert_equal(&e().to(i().times(x())), &cos(x()).plus(i().times(sin(x()))));
}

#[test]
fn logarithms_fall_apart_into_those_of_primes() {
    assert_equal(
        &ln(integer(12)),
        &integer(2).times(ln(integer(2))).plus(ln(integer(3))),
    );
    assert_equal(&ln(e().to(integer(3))), &integer(3));
    assert_equal(&ln(integer(8)).over(ln(integer(2))), &integer(3));
    assert_equal(&ln(integer(9)).over(ln(integer(27))), &ratio(2, 3));
    assert_equal(&ln(integer(100)).over(ln(integer(10))), &integer(2));
    assert_equal(&ln(root(2, integer(3))), &ln(integer(3)).over(integer(2)));
    assert_equal(&ln(ratio(1, 2)), &ln(integer(2)).negated());
    assert_equal(&ln(integer(2).times(x())), &ln(integer(2)).plus(ln(x())));
    assert_equal(&ln(root(2, x())), &ln(x()).over(integer(2)));
    assert_equal(&ln(integer(-1)), &i().times(pi()));
    assert_equal(&e().to(ln(x().plus(integer(1)))), &x().plus(integer(1)));
    assert_equal(&e().to(integer(2).times(ln(integer(3)))), &integer(9));
    assert_equal(&e().to(x().times(ln(integer(2)))), &integer(2).to(x()));
    assert_different(&ln(integer(2)), &ln(integer(3)));
    assert_different(&ln(integer(2)), &ratio(693, 1000));
    assert_different(&ln(integer(2)).plus(pi()), &ln(integer(3)).plus(pi()));
    assert_different(&ln(x()), &ln(x()).plus(Expr::variable("C")));
    assert_eq!(
        verdict(&ln(integer(2)).times(ln(integer(3))), &integer(1)),
        Verdict::Open
    );
    assert_eq!(try_form(&ln(integer(0))), Err(NoForm::Infinite));
}

#[test]
fn angles_of_the_table_have_radicals() {
    assert_equal(&sin(degrees(30)), &ratio(1, 2));
    assert_equal(&cos(degrees(150)), &sqrt(3).over(integer(-2)));
    assert_equal(&tan(degrees(-60)), &sqrt(3).negated());
    assert_equal(&tan(degrees(135)), &integer(-1));
    assert_equal(&sin(degrees(15)), &minus(sqrt(6), sqrt(2)).over(integer(4)));
    assert_equal(&cos(degrees(36)), &integer(1).plus(sqrt(5)).over(integer(4)));
    assert_equal(&sin(degrees(18)), &minus(sqrt(5), integer(1)).over(integer(4)));
    assert_equal(&tan(degrees(15)), &minus(integer(2), sqrt(3)));
    let nested = root(2, minus(integer(10), integer(2).times(sqrt(5)))).over(integer(4));
    assert_equal(&sin(degrees(36)), &nested);
    assert_equal(&sin(degrees(36 + 360 * 5)), &nested);
    assert_equal(&cos(degrees(45)), &sqrt(2).over(integer(2)));
    assert_equal(&sin(degrees(180)), &integer(0));
    assert_equal(&cos(integer(0)), &integer(1));
    assert_eq!(try_form(&tan(degrees(90))), Err(NoForm::DividesByZero));
}

#[test]
fn other_angles_are_brought_into_the_first_quadrant() {
    assert_equal(&sin(degrees(100)), &cos(degrees(10)));
    assert_equal(&sin(degrees(-170)), &sin(degrees(10)).negated());
    assert_equal(&tan(degrees(80)), &tan(degrees(10)).inverted());
    assert_equal(
        &cos(degrees(20)),
        &minus(integer(1), integer(2).times(sin(degrees(10)).to(integer(2)))),
    );
}

#[test]
fn identities_between_trigonometric_functions_hold() {
    let two_x = || integer(2).times(x());
    assert_equal(
        &sin(x()).to(integer(2)).plus(cos(x()).to(integer(2))),
        &integer(1),
    );
    assert_equal(&sin(two_x()), &integer(2).times(sin(x())).times(cos(x())));
    assert_equal(&tan(x()).times(cos(x())), &sin(x()));
    assert_equal(&sin(x().negated()), &sin(x()).negated());
    assert_equal(&cos(minus(x(), pi())), &cos(x()).negated());
    assert_equal(&sin(minus(pi().over(integer(2)), x())), &cos(x()));
    assert_equal(&sin(x().plus(integer(1))), &sin(integer(1).plus(x())));
    let tangent = integer(2)
        .times(tan(x()))
        .over(minus(integer(1), tan(x()).to(integer(2))));
    assert_equal(&tan(two_x()), &tangent);
    let product = minus(cos(minus(x(), y())), cos(x().plus(y()))).over(integer(2));
    assert_equal(&sin(x()).times(sin(y())), &product);
    assert_different(&sin(two_x()), &integer(2).times(sin(x())));
    assert_different(&sin(integer(1)), &cos(integer(1)));
    assert_different(&sin(x()), &x());
}

#[test]
fn hyperbolic_functions_are_exponentials() {
    let (sinh, cosh) = (of(Function::Sinh, x()), of(Function::Cosh, x()));
    assert_equal(
        &minus(cosh.clone().to(integer(2)), sinh.clone().to(integer(2))),
        &integer(1),
    );
    assert_equal(&sinh.clone().plus(cosh.clone()), &e().to(x()));
    assert_equal(&of(Function::Tanh, x()), &sinh.over(cosh));
    assert_equal(&of(Function::Cosh, integer(0)), &integer(1));
}

#[test]
fn inverse_functions_of_table_values_are_angles() {
    let arcsin = |value| of(Function::Arcsin, value);
    let arctan = |value| of(Function::Arctan, value);
    assert_equal(&arcsin(ratio(1, 2)), &pi().over(integer(6)));
    assert_equal(
        &of(Function::Arccos, ratio(-1, 2)),
        &integer(2).times(pi()).over(integer(3)),
    );
    assert_equal(&arctan(integer(1)), &pi().over(integer(4)));
    assert_equal(&arctan(sqrt(3).negated()), &pi().over(integer(-3)));
    assert_equal(&arcsin(sqrt(2).over(integer(-2))), &pi().over(integer(-4)));
    assert_equal(&arctan(minus(integer(2), sqrt(3))), &pi().over(integer(12)));
    assert_equal(&arctan(integer(0)), &integer(0));
    assert_equal(&arctan(ratio(-1, 3)), &arctan(ratio(1, 3)).negated());
    assert_equal(
        &arcsin(x()).plus(of(Function::Arccos, x())),
        &pi().over(integer(2)),
    );
}

#[test]
fn functions_of_inverse_functions_are_algebraic() {
    let arcsin = |value| of(Function::Arcsin, value);
    let arctan = |value| of(Function::Arctan, value);
    assert_equal(&sin(arcsin(x())), &x());
    assert_equal(&cos(arcsin(x())), &root(2, minus(integer(1), x().to(integer(2)))));
    assert_equal(&tan(arctan(x())), &x());
    assert_equal(&sin(integer(2).times(arcsin(ratio(3, 5)))), &ratio(24, 25));
    assert_equal(&cos(of(Function::Arccos, ratio(5, 13))), &ratio(5, 13));
    let sum = arcsin(ratio(3, 5)).plus(of(Function::Arccos, ratio(5, 13)));
    assert_equal(&sin(sum), &ratio(63, 65));
    assert_equal(&tan(integer(2).times(arctan(ratio(1, 2)))), &ratio(4, 3));
    assert_equal(
        &cos(integer(-3).times(arctan(integer(1)))),
        &sqrt(2).over(integer(-2)),
    );
}

#[test]
fn absolute_values_of_decided_numbers_go() {
    assert_equal(&abs(minus(integer(2), sqrt(5))), &minus(sqrt(5), integer(2)));
    assert_equal(&abs(minus(integer(3), pi())), &minus(pi(), integer(3)));
    assert_equal(&abs(integer(-4).times(x())), &integer(4).times(abs(x())));
    assert_equal(&abs(minus(x(), y())), &abs(minus(y(), x())));
    assert_equal(&abs(integer(3).plus(integer(-4).times(i()))), &integer(5));
    assert_equal(&abs(integer(1).plus(i())), &sqrt(2));
    assert_equal(&abs(i()), &integer(1));
    assert_equal(&abs(e().times(i())), &e());
    assert_equal(&abs(e().to(x())), &e().to(x()));
    assert_eq!(verdict(&abs(x()), &x()), Verdict::Open);
}

#[test]
fn rounding_is_decided_by_bounds() {
    let floor = |value| of(Function::Floor, value);
    let ceil = |value| of(Function::Ceil, value);
    assert_equal(&floor(ratio(-7, 2)), &integer(-4));
    assert_equal(&ceil(ratio(-7, 2)), &integer(-3));
    assert_equal(&floor(sqrt(50)), &integer(7));
    assert_equal(&ceil(integer(100).times(pi())), &integer(315));
    assert_equal(&floor(x().plus(integer(1))), &floor(x()).plus(integer(1)));
}

#[test]
fn greatest_and_least_of_decided_numbers_are_found() {
    let max = |values| Expr::Apply(Function::Max, values);
    assert_equal(&max(vec![sqrt(2), ratio(3, 2), integer(1)]), &ratio(3, 2));
    assert_equal(&Expr::Apply(Function::Min, vec![pi(), ratio(22, 7)]), &pi());
    assert_equal(&max(vec![x(), y(), x()]), &max(vec![y(), x()]));
    assert_equal(
        &max(vec![x(), integer(1), integer(2)]),
        &max(vec![integer(2), x()]),
    );
    assert_eq!(try_form(&max(vec![])), Err(NoForm::Unsupported));
}

#[test]
fn factorials_and_binomials_are_written_out() {
    let factorial = |value| of(Function::Factorial, value);
    let binomial = |upper, lower| Expr::Apply(Function::Binomial, vec![upper, lower]);
    let n = || Expr::variable("n");
    assert_equal(&factorial(integer(5)), &integer(120));
    assert_equal(&factorial(integer(0)), &integer(1));
    assert_equal(&binomial(integer(10), integer(3)), &integer(120));
    assert_equal(&binomial(integer(3), integer(5)), &integer(0));
    assert_equal(&binomial(integer(1000), integer(998)), &integer(499_500));
    assert_equal(
        &binomial(n(), integer(2)),
        &n().times(minus(n(), integer(1))).over(integer(2)),
    );
    assert_equal(
        &factorial(n().plus(integer(1))),
        &n().plus(integer(1)).times(factorial(n())),
    );
    let quotient = factorial(n().plus(integer(1))).over(factorial(minus(n(), integer(1))));
    assert_equal(&quotient, &n().times(n().plus(integer(1))));
    assert_different(&factorial(n()), &n());
    assert_eq!(try_form(&factorial(integer(-1))), Err(NoForm::Unsupported));
}

#[test]
fn common_divisors_and_multiples_are_computed() {
    let of_three = |function, values: [i64; 3]| Expr::Apply(function, values.map(integer).to_vec());
    assert_equal(&of_three(Function::Gcd, [12, 18, -8]), &integer(2));
    assert_equal(&of_three(Function::Lcm, [4, 6, 10]), &integer(60));
    assert_equal(&of_three(Function::Gcd, [0, 0, 7]), &integer(7));
    assert_equal(&of_three(Function::Lcm, [0, 5, 7]), &integer(0));
    let symbolic = Expr::Apply(Function::Gcd, vec![x(), y()]);
    assert_equal(&symbolic, &Expr::Apply(Function::Gcd, vec![y(), x()]));
}

#[test]
fn names_equal_only_themselves() {
    let f = |argument| Expr::Apply(Function::Named("f".into()), vec![argument]);
    assert_equal(&f(x().plus(integer(1))), &f(integer(1).plus(x())));
    assert_different(&f(x()), &integer(2).times(f(x())));
    assert_eq!(verdict(&f(x()), &f(y())), Verdict::Open);
}
