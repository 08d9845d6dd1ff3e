//! Roots and fractional powers.

use super::*;

fn sqrt(radicand: i64) -> Expr {
    root(2, integer(radicand))
}

#[test]
fn squares_leave_roots() {
    assert_equal(&sqrt(8), &integer(2).times(sqrt(2)));
    assert_equal(&root(2, ratio(9, 4)), &ratio(3, 2));
    assert_equal(&root(2, ratio(1, 2)), &sqrt(2).over(integer(2)));
    assert_equal(&integer(6).over(sqrt(12)), &sqrt(3));
    assert_different(&sqrt(8), &sqrt(2));
    assert_different(&sqrt(2), &ratio(141_421_356, 100_000_000));
}

#[test]
fn products_of_roots_of_different_indices_combine() {
    assert_equal(&sqrt(2).times(root(3, integer(2))), &integer(2).to(ratio(5, 6)));
    assert_equal(&sqrt(6), &sqrt(2).times(sqrt(3)));
    assert_equal(&root(3, integer(16)), &integer(2).times(root(3, integer(2))));
    assert_equal(&root(4, integer(4)), &sqrt(2));
    assert_different(&sqrt(2).plus(sqrt(3)), &sqrt(5));
}

#[test]
fn roots_of_large_numbers_need_no_full_factorisation() {
    let semiprime = 1_000_003 * 1_000_033;
    assert_equal(&sqrt(semiprime).to(integer(2)), &integer(semiprime));
    assert_different(&sqrt(semiprime), &integer(1_000_018));
    // Its factors are not known here, so nothing is certain about it and roots of numbers that share one.
    let parts = root(2, integer(1_000_003)).times(root(2, integer(1_000_033)));
    assert_eq!(verdict(&sqrt(semiprime), &parts), Verdict::Open);
    assert_eq!(
        verdict(&sqrt(1_000_003 * 1_000_037), &sqrt(semiprime)),
        Verdict::Open
    );
    assert_different(&sqrt(semiprime), &sqrt(1_000_037));
}

#[test]
fn denominators_with_roots_are_made_rational() {
    let quotient = integer(1).over(minus(sqrt(3), sqrt(2)));
    assert_equal(&quotient, &sqrt(3).plus(sqrt(2)));
    assert_eq!(form_of(&quotient), form_of(&sqrt(2).plus(sqrt(3))));
    let complex = integer(1).over(integer(1).plus(i()));
    assert_eq!(
        form_of(&complex),
        form_of(&minus(ratio(1, 2), i().over(integer(2))))
    );
    let golden = integer(2).over(minus(sqrt(5), integer(1)));
    assert_equal(&golden, &sqrt(5).plus(integer(1)).over(integer(2)));
    let hidden = root(3, integer(2)).plus(integer(1));
    assert_eq!(form_of(&hidden.clone().over(hidden)).as_integer(), Some(1.into()));
}

#[test]
fn negative_radicands_turn_by_convention() {
    assert_equal(&sqrt(-4), &integer(2).times(i()));
    assert_equal(&root(3, integer(-8)), &integer(-2));
    assert_equal(&root(5, integer(-2)), &root(5, integer(2)).negated());
    let principal = integer(1).plus(sqrt(3).times(i()));
    assert_equal(&integer(-8).to(ratio(1, 3)), &principal);
    assert_equal(&root(3, integer(-4)).times(root(3, integer(-2))), &integer(2));
    assert_equal(&i().to(integer(2)), &integer(-1));
    assert_equal(&root(2, i()), &integer(1).plus(i()).over(sqrt(2)));
    let negative = minus(integer(1), sqrt(2));
    assert_equal(
        &root(2, negative.clone()),
        &i().times(root(2, negative.clone().negated())),
    );
    assert_equal(&root(3, negative.clone()), &root(3, negative.negated()).negated());
}

#[test]
fn letters_take_any_exponent_but_squares_do_not_leave_roots() {
    assert_equal(&root(2, x()).times(root(2, x())), &x());
    assert_equal(&root(2, integer(4).times(x())), &integer(2).times(root(2, x())));
    assert_equal(&x().over(root(2, x())), &x().to(ratio(1, 2)));
    assert_equal(&root(2, root(2, x())), &root(4, x()));
    assert_equal(
        &root(3, integer(-27).times(x().to(integer(3)))),
        &integer(-3).times(x()),
    );
    assert_eq!(verdict(&root(2, x().to(integer(2))), &x()), Verdict::Open);
    assert_eq!(
        verdict(&root(2, x().times(y())), &root(2, x()).times(root(2, y()))),
        Verdict::Open
    );
    assert_different(&root(2, x()), &root(3, x()));
}

#[test]
fn powers_of_roots_of_sums_multiply_out() {
    let sum = || x().plus(integer(1));
    assert_equal(&root(2, sum()).to(integer(2)), &sum());
    assert_equal(&root(2, sum()).to(integer(3)), &sum().times(root(2, sum())));
    assert_equal(&root(2, sum()).inverted(), &root(2, sum()).over(sum()));
    assert_equal(
        &sum().to(ratio(-3, 2)),
        &root(2, sum()).over(sum().to(integer(2))),
    );
    assert_equal(
        &root(2, integer(8).times(x()).plus(integer(8))),
        &integer(2).times(root(2, integer(2).times(sum()))),
    );
    let quotient = || sum().over(minus(x(), integer(1)));
    assert_equal(&root(2, quotient()).to(integer(2)), &quotient());
    let difference = minus(root(2, sum()), root(2, x()));
    let total = root(2, sum()).plus(root(2, x()));
    assert_equal(&total.inverted(), &difference);
}

#[test]
fn nested_roots_of_sums_of_squares_open() {
    let nested = |first: i64, second: i64, radicand: i64| {
        root(2, integer(first).plus(integer(second).times(sqrt(radicand))))
    };
    assert_equal(&nested(3, 2, 2), &integer(1).plus(sqrt(2)));
    assert_equal(&nested(3, -2, 2), &minus(sqrt(2), integer(1)));
    assert_equal(&nested(6, 4, 2), &integer(2).plus(sqrt(2)));
    assert_equal(&nested(2, 1, 3), &sqrt(6).plus(sqrt(2)).over(integer(2)));
    assert_equal(
        &nested(4, 3, 2),
        &root(4, integer(2)).times(integer(1).plus(sqrt(2))),
    );
    assert_equal(&nested(-3, 2, 2), &i().times(minus(sqrt(2), integer(1))));
    assert_equal(
        &root(2, integer(3).plus(integer(4).times(i()))),
        &integer(2).plus(i()),
    );
    assert_equal(
        &root(2, minus(integer(-3), integer(4).times(i()))),
        &minus(integer(1), integer(2).times(i())),
    );
    assert_equal(
        &nested(1, 1, 2).to(integer(4)),
        &integer(3).plus(integer(2).times(sqrt(2))),
    );
}
