use dashu_int::IBig;
use proptest::prelude::*;

use super::*;
use crate::tree::{Constant, Function};

fn integer(value: i64) -> Expr {
    Expr::integer(value)
}

fn x() -> Expr {
    Expr::variable("x")
}

fn verdict(one: &Expr, other: &Expr) -> Option<&'static str> {
    match compare(one, other, &mut Budget::of(40_000))? {
        Verdict::Equal { .. } => Some("equal"),
        Verdict::Different { .. } => Some("different"),
    }
}

#[test]
fn expressions_too_large_to_expand_are_compared() {
    let power = |exponent: i64| x().plus(integer(1)).to(integer(exponent));
    assert_eq!(
        verdict(&power(1_000_001), &power(1_000_000).times(x().plus(integer(1)))),
        Some("equal")
    );
    assert_eq!(verdict(&power(1_000_001), &power(1_000_000)), Some("different"));
    let two = |exponent: i64| integer(2).to(integer(exponent));
    assert_eq!(
        verdict(&two(1_000_000_000), &two(500_000_000).to(integer(2))),
        Some("equal")
    );
    assert_eq!(verdict(&two(1_000_000_000), &two(999_999_999)), Some("different"));
}

#[test]
fn exponents_are_computed_exactly_as_far_as_that_goes() {
    let nine = || integer(9);
    let tower = nine().to(nine().to(nine()));
    assert_eq!(verdict(&tower, &tower.clone().plus(integer(0))), Some("equal"));
    assert_eq!(
        verdict(&tower, &tower.clone().plus(integer(1))),
        Some("different")
    );
    assert_eq!(verdict(&nine().to(tower), &integer(9)), None);
    let huge = Expr::integer(IBig::from(10).pow(300));
    assert_eq!(
        verdict(&x().to(huge.clone()), &x().to(huge.plus(integer(1)))),
        Some("different")
    );
}

#[test]
fn negative_powers_are_inverses() {
    let inverse = integer(2).to(integer(-1_000_000_000));
    assert_eq!(
        verdict(&inverse, &integer(2).to(integer(1_000_000_000)).inverted()),
        Some("equal")
    );
    assert_eq!(verdict(&x().inverted(), &x()), Some("different"));
}

#[test]
fn what_is_undefined_everywhere_has_no_verdict() {
    let zero = x().plus(x().negated());
    assert_eq!(verdict(&zero.clone().inverted(), &x()), None);
    assert_eq!(verdict(&zero.to(integer(0)), &integer(1)), None);
    assert_eq!(verdict(&integer(0).inverted(), &integer(1)), None);
}

#[test]
fn other_kinds_of_expressions_have_no_verdict() {
    for other in [
        Expr::Constant(Constant::Pi),
        Expr::Root(2, Box::new(x())),
        Expr::apply(Function::Sin, x()),
        x().to(x()),
        x().to(integer(1).over(integer(2))),
    ] {
        assert_eq!(verdict(&other, &other), None);
    }
}

#[test]
fn the_evidence_says_what_was_tried() {
    let one = compare(&x(), &x().times(integer(1)), &mut Budget::of(40_000));
    insta::assert_debug_snapshot!(one, @r#"
    Some(
        Equal {
            evidence: "equal at 8 points modulo 2 primes of 61 bits",
        },
    )
    "#);
    let other = compare(&x(), &x().plus(integer(1)), &mut Budget::of(40_000));
    insta::assert_debug_snapshot!(other, @r#"
    Some(
        Different {
            witness: "they differ modulo the prime 1277405084699533903 at x = 270519817576130016",
        },
    )
    "#);
}

#[test]
fn a_small_budget_gives_no_verdict() {
    assert_eq!(compare(&x(), &x(), &mut Budget::of(50)), None);
}

proptest! {
    #[test]
    fn verdicts_agree_with_expansion(a in -20i64..20, b in -20i64..20, c in -20i64..20, d in -20i64..20) {
        let product = x().plus(integer(a)).times(x().plus(integer(b)));
        let expanded = x().to(integer(2)).plus(integer(c).times(x())).plus(integer(d));
        let equal = a + b == c && a * b == d;
        prop_assert_eq!(verdict(&product, &expanded), Some(if equal { "equal" } else { "different" }));
        let right = x().to(integer(2)).plus(integer(a + b).times(x())).plus(integer(a * b));
        prop_assert_eq!(verdict(&product, &right), Some("equal"));
    }
}
