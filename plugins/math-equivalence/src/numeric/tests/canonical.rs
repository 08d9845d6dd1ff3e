//! Spellings for votes.

use super::*;
use crate::numeric::canonical;

fn spelling(expr: &Expr) -> String {
    canonical(expr, &mut budget()).expect("it has a spelling")
}

#[test]
fn constants_are_fractions_or_thirty_digits() {
    assert_eq!(spelling(&frac(4, 6)), "2/3");
    assert_eq!(spelling(&sqrt(int(2))), "1.41421356237309504880168872421");
    assert_eq!(spelling(&squared(sqrt(int(2)))), "2");
    assert_eq!(spelling(&cos(pi().over(int(3)))), "1/2");
    assert_eq!(spelling(&sin(pi())), "0");
    assert_eq!(spelling(&pi().negated()), "-3.14159265358979323846264338328");
    assert_eq!(spelling(&exp(int(100))), "2.68811714181613544841262555158e43");
}

#[test]
fn complex_constants_have_two_parts() {
    assert_eq!(spelling(&exp(i().times(pi()))), "-1");
    assert_eq!(spelling(&sqrt(int(-4))), "2*i");
    assert_eq!(spelling(&int(1).plus(i().negated())), "1-1*i");
    assert_eq!(
        spelling(&sqrt(i())),
        "0.707106781186547524400844362105+0.707106781186547524400844362105*i"
    );
}

#[test]
fn equal_expressions_share_their_spelling() {
    for (a, b) in [
        (sin(int(2).times(x())), int(2).times(sin(x())).times(cos(x()))),
        (
            squared(x().plus(int(1))),
            squared(x()).plus(int(2).times(x())).plus(int(1)),
        ),
        (minus(x().plus(y()), y()), x()),
        (minus(x(), x()).plus(sqrt(int(2))), int(2).to(frac(1, 2))),
        (
            sqrt(int(2)).plus(sqrt(int(3))),
            sqrt(int(5).plus(int(2).times(sqrt(int(6))))),
        ),
        (int(3).to(int(300)), int(9).to(int(150))),
        (exp(ln(int(7)).times(int(40))), int(7).to(int(40))),
        (ln(x().times(y())), ln(x()).plus(ln(y()))),
    ] {
        assert_eq!(spelling(&a), spelling(&b), "{a:?} and {b:?}");
    }
}

#[test]
fn different_expressions_do_not() {
    for (a, b) in [
        (sin(x()), cos(x())),
        (x(), y()),
        (x().plus(y()), x().times(y())),
        (int(3).to(int(100)), int(3).to(int(100)).plus(int(1))),
        (pi(), frac(355, 113)),
    ] {
        assert_ne!(spelling(&a), spelling(&b), "{a:?} and {b:?}");
    }
}

#[test]
fn a_function_is_spelt_with_its_letters() {
    let text = spelling(&ln(x()).plus(y()));
    assert!(text.starts_with("f(x,y): ") && text.contains("; "), "{text}");
    assert!(spelling(&n().times(frac(1, 2))).starts_with("f(n): "));
}

#[test]
fn what_has_no_value_has_no_spelling() {
    assert_eq!(canonical(&int(0).inverted(), &mut budget()), None);
    assert_eq!(
        canonical(&Expr::apply(Function::Named("f".into()), x()), &mut budget()),
        None
    );
    assert_eq!(canonical(&int(9).to(int(9).to(int(99))), &mut budget()), None);
}
