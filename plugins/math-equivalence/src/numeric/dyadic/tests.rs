//! Each operation against exact fractions.

use proptest::prelude::*;

use super::*;

fn rational(numerator: i64, denominator: u64) -> RBig {
    RBig::from_parts(numerator.into(), denominator.into())
}

fn exactly(value: &Dyadic) -> RBig {
    value
        .to_rational(1 << 20)
        .expect("the numbers of these tests are small")
}

#[test]
fn a_third_lies_between_its_roundings() {
    let (down, up) = (Rounding::Down, Rounding::Up);
    let (low, high) = (
        Dyadic::rational(&rational(1, 3), 5, down),
        Dyadic::rational(&rational(1, 3), 5, up),
    );
    assert_eq!(
        (exactly(&low), exactly(&high)),
        (rational(21, 64), rational(22, 64))
    );
    let (low, high) = (
        Dyadic::rational(&rational(-1, 3), 5, down),
        Dyadic::rational(&rational(-1, 3), 5, up),
    );
    assert_eq!(
        (exactly(&low), exactly(&high)),
        (rational(-22, 64), rational(-21, 64))
    );
}

#[test]
fn a_speck_far_below_only_moves_the_last_bit() {
    let one = Dyadic::ONE;
    for (mantissa, down, up) in [
        (1, rational(1, 1), rational(9, 8)),
        (-1, rational(15, 16), rational(1, 1)),
    ] {
        let speck = Dyadic::new(mantissa.into(), -1_000_000_000_000);
        assert_eq!(exactly(&one.plus(&speck, 4, Rounding::Down)), down);
        assert_eq!(exactly(&one.plus(&speck, 4, Rounding::Up)), up);
    }
}

#[test]
fn roots_of_squares_and_cubes_are_exact() {
    for rounding in [Rounding::Down, Rounding::Up] {
        assert_eq!(
            Dyadic::new(144.into(), -6).root(2, 40, rounding),
            Some(Dyadic::new(12.into(), -3))
        );
        assert_eq!(
            Dyadic::new(27.into(), 3).root(3, 40, rounding),
            Some(Dyadic::new(6.into(), 0))
        );
        assert_eq!(Dyadic::new((-4).into(), 0).root(2, 40, rounding), None);
    }
}

#[test]
fn zero_is_below_every_positive_number_and_above_every_negative_one() {
    let tiny = Dyadic::new(1.into(), -1_000_000);
    assert!(tiny > Dyadic::ZERO && tiny.negated() < Dyadic::ZERO && Dyadic::ZERO == Dyadic::ZERO.negated());
}

proptest! {
    #[test]
    fn each_operation_lies_on_the_side_it_was_rounded_to(
        (a, b) in (any::<i64>(), any::<i64>()), (m, n) in (-80_i64..80, -80_i64..80), bits in 2_usize..80,
    ) {
        let (x, y) = (Dyadic::new(a.into(), m), Dyadic::new(b.into(), n));
        let (p, q) = (exactly(&x), exactly(&y));
        for (result, truth) in [
            (x.plus(&y, bits, Rounding::Down), &p + &q),
            (x.minus(&y, bits, Rounding::Down), &p - &q),
            (x.times(&y, bits, Rounding::Down), &p * &q),
        ] {
            prop_assert!(exactly(&result) <= truth);
        }
        for (result, truth) in [
            (x.plus(&y, bits, Rounding::Up), &p + &q),
            (x.minus(&y, bits, Rounding::Up), &p - &q),
            (x.times(&y, bits, Rounding::Up), &p * &q),
        ] {
            prop_assert!(exactly(&result) >= truth);
        }
        prop_assert_eq!(x.cmp(&y), p.cmp(&q));
        if let (Some(low), Some(high)) = (x.inverse(bits, Rounding::Down), x.inverse(bits, Rounding::Up)) {
            let truth = RBig::ONE / p;
            prop_assert!(exactly(&low) <= truth && truth <= exactly(&high));
        }
    }

    #[test]
    fn a_root_lies_on_the_side_it_was_rounded_to(a in 1_u64.., m in -80_i64..80, bits in 2_usize..100, degree in 2_u8..4) {
        let x = Dyadic::new(a.into(), m);
        let truth = exactly(&x);
        let low = exactly(&x.root(degree, bits, Rounding::Down).expect("it is positive"));
        let high = exactly(&x.root(degree, bits, Rounding::Up).expect("it is positive"));
        prop_assert!(low.pow(degree.into()) <= truth && truth <= high.pow(degree.into()));
    }

    #[test]
    fn a_scaled_floor_is_the_floor(a in any::<i64>(), m in -80_i64..80, scale in -40_i64..80) {
        let x = Dyadic::new(a.into(), m);
        let truth = exactly(&x) * exactly(&Dyadic::new(1.into(), scale));
        prop_assert_eq!(x.scaled_floor(scale), truth.floor());
    }
}
