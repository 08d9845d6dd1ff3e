//! Conventions and limits of powers and roots.

use super::*;

const BITS: usize = 120;

fn exact(numerator: i64, denominator: u64) -> Value {
    Value::Exact(RBig::from_parts(numerator.into(), denominator.into()))
}

fn to(base: &Value, exponent: &Value) -> Result<Value, Failure> {
    power(base, exponent, BITS)
}

/// Asserts that the value is complex and close to a number given in thousandths.
fn assert_near(value: &Value, re: i64, im: i64) {
    let rectangle = value.rectangle(BITS);
    for (part, thousandths) in [(&rectangle.re, re), (&rectangle.im, im)] {
        let expected = Interval::rational(&RBig::from_parts(thousandths.into(), 1000_u32.into()), BITS);
        let difference = part.minus(&expected, BITS).greatest_magnitude();
        assert!(
            difference < Dyadic::new(1.into(), -10),
            "{value:?} is not {re} + {im}i thousandths"
        );
    }
}

#[test]
fn exact_roots_and_powers_stay_exact() {
    assert_eq!(to(&exact(8, 27), &exact(2, 3)), Ok(exact(4, 9)));
    assert_eq!(to(&exact(4, 1), &exact(-1, 2)), Ok(exact(1, 2)));
    assert_eq!(to(&exact(-2, 3), &exact(-3, 1)), Ok(exact(-27, 8)));
    assert_eq!(root(3, &exact(-8, 1), BITS), Ok(exact(-2, 1)));
    assert_eq!(root(2, &exact(9, 16), BITS), Ok(exact(3, 4)));
}

#[test]
fn the_conventions_at_zero_are_kept() {
    assert_eq!(to(&exact(0, 1), &exact(0, 1)), Ok(exact(1, 1)));
    assert_eq!(to(&exact(0, 1), &exact(-1, 1)), Err(Failure::Undefined));
    assert_eq!(to(&exact(0, 1), &exact(1, 3)), Ok(exact(0, 1)));
    assert_eq!(to(&exact(0, 1), &exact(-1, 3)), Err(Failure::Undefined));
}

#[test]
fn a_power_of_a_negative_number_is_principal_or_left_open() {
    assert_near(&to(&exact(-4, 1), &exact(1, 2)).expect("it is 2i"), 0, 2000);
    assert_near(&to(&exact(-4, 1), &exact(3, 2)).expect("it is -8i"), 0, -8000);
    assert_near(&to(&exact(-4, 1), &exact(1, 4)).expect("it is 1+i"), 1000, 1000);
    assert_eq!(to(&exact(-8, 1), &exact(1, 3)), Err(Failure::Ambiguous));
    assert_eq!(
        to(
            &exact(-8, 1),
            &Value::real(elementary::pi(BITS).expect("it is known"))
        ),
        Err(Failure::Ambiguous)
    );
}

#[test]
fn a_complex_number_to_a_complex_power_is_principal() {
    let i = Value::complex(Rectangle::i());
    assert_near(&to(&i, &i).expect("it is e^(-pi/2)"), 208, 0);
    assert_near(&to(&exact(-1, 1), &i).expect("it is e^(-pi)"), 43, 0);
    assert_near(&root(2, &i, BITS).expect("it is (1+i)/sqrt 2"), 707, 707);
    assert_near(&root(3, &i, BITS).expect("it is (sqrt 3 + i)/2"), 866, 500);
    assert_near(&root(4, &exact(-4, 1), BITS).expect("it is 1+i"), 1000, 1000);
}

#[test]
fn the_square_root_of_what_may_be_zero_is_near_zero() {
    let near = Value::Real(Interval::around(0.into(), 1, -100, BITS));
    let root = root(2, &near, BITS).expect("it is small").rectangle(BITS);
    assert!(root.re.contains_zero() && root.im.contains_zero());
    assert!(root.re.width() < Dyadic::new(1.into(), -49));
}

#[test]
fn astronomical_powers_are_refused_at_once() {
    let base = exact(9, 1);
    assert_eq!(to(&base, &exact(387_420_489, 1)), Err(OUT_OF_RANGE));
    let tower = (0..4).try_fold(base, |value, _| to(&value, &exact(9_999, 1)));
    assert_eq!(tower, Err(OUT_OF_RANGE));
    assert_eq!(
        to(&exact(-1, 1), &exact(1_000_000_000_000_001, 1)),
        Ok(exact(-1, 1))
    );
}

#[test]
fn large_exponents_keep_the_sign() {
    let base = exact(-1_000_001, 1_000_000);
    assert_near(
        &to(&base, &exact(1_000_001, 1)).expect("it is close to -e"),
        -2718,
        0,
    );
    assert_near(
        &to(&base, &exact(1_000_000, 1)).expect("it is close to e"),
        2718,
        0,
    );
}
