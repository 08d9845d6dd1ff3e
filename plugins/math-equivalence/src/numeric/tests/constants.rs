//! Signs and roundings of constants.

use std::cmp::Ordering;

use super::*;
use crate::numeric::{rounds_to, sign};

fn number(numerator: i64, denominator: u64) -> RBig {
    RBig::from_parts(numerator.into(), denominator.into())
}

#[test]
fn signs_are_certain_or_not_given() {
    let of = |expr: &Expr| sign(expr, &mut budget());
    assert_eq!(of(&minus(exp(pi()), pi().to(e()))), Some(Ordering::Greater));
    assert_eq!(
        of(&minus(sqrt(int(2)).plus(sqrt(int(3))), pi())),
        Some(Ordering::Greater)
    );
    assert_eq!(of(&minus(frac(22, 7), pi()).negated()), Some(Ordering::Less));
    assert_eq!(of(&minus(frac(1, 3), frac(1, 3))), Some(Ordering::Equal));
    let ramanujan = minus(exp(pi().times(sqrt(int(163)))), int(262_537_412_640_768_744));
    assert_eq!(of(&ramanujan), Some(Ordering::Less));
    assert_eq!(of(&minus(squared(sqrt(int(2))), int(2))), None);
    assert_eq!(of(&i()), None);
    assert_eq!(of(&x()), None);
    assert_eq!(of(&int(0).inverted()), None);
}

#[test]
fn a_value_rounds_to_the_nearest_decimal_of_so_many_places() {
    let of = |value: &Expr, numerator, denominator, places| {
        rounds_to(value, &number(numerator, denominator), places, &mut budget())
    };
    assert_eq!(of(&pi(), 314, 100, 2), Some(true));
    assert_eq!(of(&pi(), 315, 100, 2), Some(false));
    assert_eq!(of(&pi(), 31416, 10_000, 4), Some(true));
    assert_eq!(of(&pi(), 31415, 10_000, 4), Some(false));
    assert_eq!(of(&frac(1, 8), 12, 100, 2), Some(true));
    assert_eq!(of(&frac(1, 8), 13, 100, 2), Some(true));
    assert_eq!(of(&frac(-1, 8), -12, 100, 2), Some(true));
    assert_eq!(of(&frac(2, 3), 1, 1, 0), Some(true));
    assert_eq!(of(&i(), 1, 1, 0), None);
    assert_eq!(of(&x(), 1, 1, 0), None);
    assert_eq!(of(&pi(), 3, 1, u32::MAX), None);
}
