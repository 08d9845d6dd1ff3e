//! The elementary functions against those of `dashu-float`, which are correctly rounded and computed another way.

use dashu_float::round::mode::{Down, Up};
use dashu_float::{Context, FBig, Repr};
use proptest::prelude::*;

use crate::numeric::decimal::certain_decimal;
use crate::numeric::dyadic::{Dyadic, Rounding, signed};
use crate::numeric::elementary;
use crate::numeric::failure::Failure;
use crate::numeric::interval::Interval;
use crate::numeric::real;

/// A function of intervals.
type Of = fn(&Interval, usize) -> Result<Interval, Failure>;

/// Bits by which the reference is more precise.
const MORE: usize = 64;

fn repr(x: &Dyadic) -> Repr<2> {
    let (mantissa, exponent) = x.parts();
    Repr::new(
        mantissa.clone(),
        exponent.try_into().expect("the numbers of these tests are small"),
    )
}

fn dyadic(x: &Repr<2>) -> Dyadic {
    Dyadic::new(
        x.significand().clone(),
        x.exponent()
            .try_into()
            .expect("the numbers of these tests are small"),
    )
}

/// Asserts that the two overlap and that the result is about as narrow as asked for; when it is close to 0, in absolute terms.
fn assert_same(name: &str, x: &Dyadic, bits: usize, ours: &Interval, low: &FBig<Down>, high: &FBig<Up>) {
    let theirs = Interval::new(dyadic(low.repr()), dyadic(high.repr()));
    assert!(
        ours.overlaps(&theirs),
        "{name} of {x:?} to {bits} bits: {ours:?} and {theirs:?}"
    );
    let loss = ours.width().top() - ours.greatest_magnitude().top();
    let absolute = ours.width().top();
    assert!(
        loss.min(absolute) <= 5 - signed(bits),
        "{name} of {x:?} to {bits} bits is only known to {loss} bits"
    );
}

macro_rules! assert_function {
    ($name:ident, $ours:expr, $x:expr, $bits:expr) => {
        let (down, up) = (
            Context::<Down>::new($bits + MORE),
            Context::<Up>::new($bits + MORE),
        );
        let low = down.$name(&repr($x), None).expect("it is in the domain").value();
        let high = up.$name(&repr($x), None).expect("it is in the domain").value();
        let ours: Result<Interval, Failure> = $ours;
        assert_same(
            stringify!($name),
            $x,
            $bits,
            &ours.expect("it is in the domain"),
            &low,
            &high,
        );
    };
}

proptest! {
    #[test]
    fn functions_of_any_number_agree_with_the_reference(
        mantissa in any::<i64>(), exponent in -200_i64..12, bits in 16_usize..300,
    ) {
        let x = &Dyadic::new(mantissa.into(), exponent - 63);
        let wide = &x.shifted(20);
        let interval = &Interval::exact(x.clone());
        assert_function!(exp, elementary::exp(x, bits), x, bits);
        assert_function!(sin, elementary::sin(wide, bits), wide, bits);
        assert_function!(cos, elementary::cos(wide, bits), wide, bits);
        assert_function!(atan, elementary::arctan(wide, bits), wide, bits);
        // Close to a pole as many digits are lost as there are before the point.
        assert_function!(tan, real::tan(interval, bits + 64), x, bits);
        assert_function!(sinh, real::sinh(interval, bits), x, bits);
        assert_function!(cosh, real::cosh(interval, bits), x, bits);
        assert_function!(tanh, real::tanh(interval, bits), x, bits);
    }

    #[test]
    fn logarithms_agree_with_the_reference(
        mantissa in 1_i64.., exponent in -1000_i64..1000, nearby in -62_i64..0, bits in 16_usize..300,
    ) {
        let far = &Dyadic::new(mantissa.into(), exponent);
        let close = &Dyadic::new(((1_i128 << 62) + i128::from(mantissa >> -nearby)).into(), -62);
        for x in [far, close] {
            assert_function!(ln, elementary::ln(x, bits), x, bits);
        }
    }

    #[test]
    fn inverse_functions_agree_with_the_reference(mantissa in (-1_i64 << 40)..(1 << 40), places in 40_i64..200, bits in 16_usize..300) {
        let x = &Dyadic::new(mantissa.into(), -places);
        let interval = &Interval::exact(x.clone());
        // Close to 1 the argument of the arc tangent is large and less precise.
        if x.absolute() < Dyadic::new(1023.into(), -10) {
            assert_function!(asin, real::arcsin(interval, bits + 10), x, bits);
            assert_function!(acos, real::arccos(interval, bits + 10), x, bits);
        }
    }

    #[test]
    fn a_function_of_an_interval_contains_its_values_inside(
        mantissa in (1_i64 << 20)..(1 << 40), width in 0_i64..(1 << 40), places in 30_i64..100, part in 0_i64..=8, bits in 16_usize..200,
    ) {
        let low = Dyadic::new(mantissa.into(), -places);
        let extent = Dyadic::new(width.into(), -places);
        let interval = Interval::new(low.clone(), low.plus(&extent, 400, Rounding::Up));
        let inside = low.plus(&extent.times(&Dyadic::new(part.into(), -3), 400, Rounding::Down), 400,
            Rounding::Down);
        let inside = Interval::exact(inside);
        let functions: [(&str, Of); 8] = [
            ("exp", real::exp), ("ln", real::ln), ("sin", real::sin), ("cos", real::cos), ("arctan", real::arctan),
            ("sinh", real::sinh), ("cosh", real::cosh), ("tanh", real::tanh),
        ];
        for (name, function) in functions {
            if let (Ok(all), Ok(one)) = (function(&interval, bits), function(&inside, 500)) {
                prop_assert!(all.low() <= one.high() && one.low() <= all.high(), "{name} of {interval:?}");
            }
        }
    }
}

#[test]
fn known_digits_come_out() {
    let digits = |interval: &Interval| certain_decimal(interval, 50).expect("enough bits");
    let one = &Dyadic::ONE;
    assert_eq!(
        digits(&elementary::pi(200).expect("known")),
        "3.1415926535897932384626433832795028841971693993751"
    );
    assert_eq!(
        digits(&elementary::exp(one, 200).expect("small")),
        "2.7182818284590452353602874713526624977572470937000"
    );
    assert_eq!(
        digits(&elementary::sin(one, 200).expect("small")),
        "0.84147098480789650665250232163029899962256306079837"
    );
    assert_eq!(
        digits(&elementary::cos(one, 200).expect("small")),
        "0.54030230586813971740093660744297660373231042061792"
    );
    let two = &Dyadic::new(2.into(), 0);
    assert_eq!(
        digits(&elementary::ln(two, 200).expect("positive")),
        "0.69314718055994530941723212145817656807550013436026"
    );
    assert_eq!(
        digits(&elementary::arctan(two, 200).expect("known")),
        "1.1071487177940905030170654601785370400700476454014"
    );
    let root = Interval::exact(two.clone());
    assert_eq!(
        digits(&real::root(2, &root, 200).expect("positive")),
        "1.4142135623730950488016887242096980785696718753769"
    );
}
