//! Which differences are certain.

use super::*;

fn sin(angle: Expr) -> Expr {
    of(Function::Sin, angle)
}

#[test]
fn transcendental_numbers_differ_from_algebraic_ones() {
    assert_different(&pi(), &ratio(22, 7));
    assert_different(&pi(), &root(2, integer(10)));
    assert_different(&e(), &ratio(2718, 1000));
    assert_different(&e().plus(e().to(integer(2))), &integer(10));
    assert_different(&sin(integer(1)), &ratio(841, 1000));
    assert_different(&pi().to(integer(2)).over(integer(6)), &ratio(1645, 1000));
    assert_different(&pi().times(e().to(x())), &integer(3).times(e().to(x())));
}

#[test]
fn what_nobody_knows_stays_open() {
    assert_eq!(verdict(&pi().plus(e()), &ratio(586, 100)), Verdict::Open);
    assert_eq!(
        verdict(&integer(2).to(root(2, integer(2))), &ratio(2665, 1000)),
        Verdict::Open
    );
    assert_eq!(
        verdict(&of(Function::Arctan, ratio(1, 2)), &ratio(46, 100)),
        Verdict::Open
    );
}

#[test]
fn what_other_rules_could_equate_stays_open() {
    assert_eq!(
        verdict(&sin(pi().over(integer(7))), &ratio(43, 100)),
        Verdict::Open
    );
    let nested = root(2, integer(1).plus(root(2, integer(3))));
    assert_eq!(verdict(&nested, &ratio(165, 100)), Verdict::Open);
    assert_eq!(
        verdict(
            &of(Function::Arctan, integer(1).over(x())),
            &minus(pi().over(integer(2)), of(Function::Arctan, x()))
        ),
        Verdict::Open
    );
}

#[test]
fn powers_with_related_exponents_are_not_taken_for_independent() {
    let quotient = |above: Expr| above.over(x().plus(integer(1)));
    let product = e().to(quotient(x())).times(e().to(quotient(integer(1))));
    assert_ne!(verdict(&product, &e()), Verdict::Different);
    assert_ne!(
        verdict(&e().to(integer(2).times(i()).times(pi())), &integer(1)),
        Verdict::Different
    );
    let n = || Expr::variable("n");
    assert_ne!(
        verdict(&integer(-1).to(integer(2).times(n())), &integer(1)),
        Verdict::Different
    );
    assert_ne!(
        verdict(&x().to(x()), &e().to(x().times(of(Function::Ln, x())))),
        Verdict::Different
    );
}

#[test]
fn functions_of_other_letters_differ() {
    assert_different(&x().plus(integer(1)), &y().plus(integer(1)));
    assert_different(&integer(2).to(x()), &integer(2).to(y()));
    assert_different(&of(Function::Ln, x()), &x());
}
