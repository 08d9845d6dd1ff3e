//! Each operation against exact fractions.

use proptest::prelude::*;

use super::*;

/// One step of a calculation on an exact number and on the interval that stands for it.
#[derive(Debug, Clone)]
enum Step {
    Plus(i16, u8),
    Times(i16, u8),
    Power(u32),
    Invert,
    Negate,
    Absolute,
    PlusItself,
    TimesItself,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        (any::<i16>(), 1_u8..).prop_map(|(n, d)| Step::Plus(n, d)),
        (any::<i16>(), 1_u8..).prop_map(|(n, d)| Step::Times(n, d)),
        (0_u32..6).prop_map(Step::Power),
        Just(Step::Invert),
        Just(Step::Negate),
        Just(Step::Absolute),
        Just(Step::PlusItself),
        Just(Step::TimesItself),
    ]
}

fn rational(numerator: i16, denominator: u8) -> RBig {
    RBig::from_parts(numerator.into(), denominator.into())
}

fn contains(interval: &Interval, value: &RBig) -> bool {
    let end = |end: &Dyadic| {
        end.to_rational(1 << 20)
            .expect("the numbers of these tests are small")
    };
    end(&interval.low) <= *value && *value <= end(&interval.high)
}

fn apply(step: &Step, value: RBig, interval: &Interval, bits: usize) -> Option<(RBig, Interval)> {
    Some(match *step {
        Step::Plus(n, d) => {
            let other = rational(n, d);
            (
                value + &other,
                interval.plus(&Interval::rational(&other, bits), bits),
            )
        }
        Step::Times(n, d) => {
            let other = rational(n, d);
            (
                value * &other,
                interval.times(&Interval::rational(&other, bits), bits),
            )
        }
        Step::Power(n) => (value.pow(isize::try_from(n).ok()?), interval.power(n, bits)),
        Step::Invert => {
            let inverse = interval.inverse(bits)?;
            (RBig::ONE / value, inverse)
        }
        Step::Negate => (-value, interval.negated()),
        Step::Absolute => {
            let positive = if value < RBig::ZERO { -value } else { value };
            (positive, interval.absolute())
        }
        Step::PlusItself => (&value + &value, interval.plus(interval, bits)),
        Step::TimesItself => (&value * &value, interval.times(interval, bits)),
    })
}

proptest! {
    #[test]
    fn a_calculation_contains_its_exact_result_at_every_precision(
        (n, d) in (any::<i16>(), 1_u8..), steps in prop::collection::vec(step(), 0..7), bits in 3_usize..300,
    ) {
        let mut value = rational(n, d);
        let mut interval = Interval::rational(&value, bits);
        for step in &steps {
            if let Some(next) = apply(step, value.clone(), &interval, bits) {
                (value, interval) = next;
            }
            prop_assert!(interval.low <= interval.high);
            prop_assert!(contains(&interval, &value), "{:?} after {:?} is not in {:?}", value, step, interval);
        }
    }

    #[test]
    fn a_product_contains_the_products_of_what_is_in_its_factors(
        ends in prop::array::uniform4(-50_i16..50), (s, t) in (0_u8..=10, 0_u8..=10),
    ) {
        let between = |a: i16, b: i16| Interval::new(
            Dyadic::new(a.min(b).into(), 0),
            Dyadic::new(a.max(b).into(), 0),
        );
        let inside = |a: i16, b: i16, place: u8| {
            rational(a.min(b), 1) + rational((a - b).abs(), 1) * rational(i16::from(place), 10)
        };
        let [a, b, c, d] = ends;
        let product = between(a, b).times(&between(c, d), 64);
        prop_assert!(contains(&product, &(inside(a, b, s) * inside(c, d, t))));
        prop_assert!(contains(&product, &(inside(a, b, t) * inside(c, d, s))));
    }
}

#[test]
fn the_sign_is_known_only_when_all_agree() {
    let interval =
        |low: i32, high: i32| Interval::new(Dyadic::new(low.into(), 0), Dyadic::new(high.into(), 0));
    assert_eq!(interval(1, 2).sign(), Some(Ordering::Greater));
    assert_eq!(interval(-2, -1).sign(), Some(Ordering::Less));
    assert_eq!(interval(0, 0).sign(), Some(Ordering::Equal));
    assert_eq!(interval(0, 1).sign(), None);
    assert_eq!(interval(-1, 1).sign(), None);
}

#[test]
fn an_even_power_of_an_interval_across_zero_is_not_negative() {
    let across = Interval::new(Dyadic::new((-2).into(), 0), Dyadic::ONE);
    assert_eq!(
        across.squared(20),
        Interval::new(Dyadic::ZERO, Dyadic::new(4.into(), 0))
    );
    assert_eq!(
        across.power(3, 20),
        Interval::new(Dyadic::new((-8).into(), 0), Dyadic::ONE)
    );
    assert!(across.inverse(20).is_none());
}
