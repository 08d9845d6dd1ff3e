//! Where expressions are compared: a rational number for each letter, the same on every machine.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::rc::Rc;

use dashu_ratio::RBig;

use crate::tree::{Expr, Function};

/// A rational number for each letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Point(BTreeMap<Rc<str>, RBig>);

impl Point {
    /// What this letter stands for.
    pub fn get(&self, name: &str) -> Option<&RBig> {
        self.0.get(name)
    }

    /// With another value for one letter.
    pub fn with(&self, name: &Rc<str>, value: RBig) -> Self {
        let mut values = self.0.clone();
        values.insert(Rc::clone(name), value);
        Self(values)
    }

    /// A point that these names and this number alone determine, of positive numbers.
    ///
    /// What a letter stands for does not depend on which other letters there are.
    pub fn of_names(names: &BTreeSet<Rc<str>>, number: u64, kind: Kind) -> Self {
        Self(
            names
                .iter()
                .map(|name| (Rc::clone(name), of_name(name, number, kind)))
                .collect(),
        )
    }

    /// One of a sequence of points, spread over small and large, positive and negative numbers.
    pub fn of_sequence(names: &BTreeSet<Rc<str>>, number: u64, kind: Kind) -> Self {
        let value = |place: u64| {
            let random = mixed(number << 16 | place);
            match kind {
                Kind::Rational => rational(range(number, place, random), random),
                // The order of the letters, first rising, then falling: of n over k or n - k, one has values.
                Kind::Integer => {
                    let rank = if number.is_multiple_of(2) {
                        place
                    } else {
                        names.len() as u64 - place
                    };
                    integer(1 + 3 * rank + number / 2, random)
                }
            }
        };
        Self(
            names
                .iter()
                .zip(0_u64..)
                .map(|(name, place)| (Rc::clone(name), value(place)))
                .collect(),
        )
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (name, value)) in self.0.iter().enumerate() {
            write!(f, "{}{name} = {value}", if place > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// What letters stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Rational numbers.
    Rational,
    /// Positive integers, for expressions that ask for integers: `n!`, `(-1)^n`.
    Integer,
}

impl Kind {
    /// What the letters of this expression must stand for.
    pub fn of(expr: &Expr) -> Self {
        let any = |items: &[Expr]| {
            if items.iter().any(|item| Self::of(item) == Self::Integer) {
                Self::Integer
            } else {
                Self::Rational
            }
        };
        let counts = |function: &Function| {
            matches!(
                function,
                Function::Factorial | Function::Binomial | Function::Gcd | Function::Lcm
            )
        };
        match expr {
            Expr::Apply(function, arguments) if counts(function) && arguments.iter().any(has_letters) => {
                Self::Integer
            }
            Expr::Power(base, exponent) => match &**base {
                Expr::Number(base) if *base < RBig::ZERO && has_letters(exponent) => Self::Integer,
                _ if Self::of(base) == Self::Integer => Self::Integer,
                _ => Self::of(exponent),
            },
            Expr::Root(_, radicand) => Self::of(radicand),
            Expr::Sum(items) | Expr::Product(items) | Expr::Apply(_, items) => any(items),
            Expr::Number(_) | Expr::Constant(_) | Expr::Variable(_) => Self::Rational,
        }
    }
}

/// Adds the letters of an expression.
pub fn collect_letters(expr: &Expr, letters: &mut BTreeSet<Rc<str>>) {
    match expr {
        Expr::Variable(name) => {
            letters.insert(Rc::clone(name));
        }
        Expr::Sum(items) | Expr::Product(items) | Expr::Apply(_, items) => {
            for item in items {
                collect_letters(item, letters);
            }
        }
        Expr::Power(base, exponent) => {
            collect_letters(base, letters);
            collect_letters(exponent, letters);
        }
        Expr::Root(_, radicand) => collect_letters(radicand, letters),
        Expr::Number(_) | Expr::Constant(_) => {}
    }
}

fn has_letters(expr: &Expr) -> bool {
    match expr {
        Expr::Variable(_) => true,
        Expr::Sum(items) | Expr::Product(items) | Expr::Apply(_, items) => items.iter().any(has_letters),
        Expr::Power(base, exponent) => has_letters(base) || has_letters(exponent),
        Expr::Root(_, radicand) => has_letters(radicand),
        Expr::Number(_) | Expr::Constant(_) => false,
    }
}

/// What a letter stands for at one of the points that names alone determine.
pub fn of_name(name: &str, number: u64, kind: Kind) -> RBig {
    let seed = name
        .bytes()
        .fold(mixed(number), |seed, byte| mixed(seed ^ u64::from(byte)));
    match kind {
        Kind::Rational => rational(Range::Middle, mixed(seed)),
        Kind::Integer => integer(5 + 3 * number, mixed(seed)),
    }
}

/// Where a number lies.
#[derive(Debug, Clone, Copy)]
enum Range {
    /// Between 0 and 1.
    Unit,
    /// Between 1 and 4.
    Middle,
    /// Between -3 and 0.
    Negative,
    /// Between 4 and 40.
    Large,
}

/// Two of four points have small positive numbers only, so that most functions are real there; the third has negative numbers
/// among them and the fourth large ones. One letter alone takes all four ranges in turn.
fn range(number: u64, place: u64, random: u64) -> Range {
    let small = if random.is_multiple_of(2) {
        Range::Unit
    } else {
        Range::Middle
    };
    match number % 4 {
        1 if random % 4 < 2 || place == 0 => Range::Negative,
        3 if random % 4 < 2 || place == 0 => Range::Large,
        3 => Range::Negative,
        _ => {
            if place == 0 && number.is_multiple_of(4) {
                Range::Unit
            } else if place == 0 {
                Range::Middle
            } else {
                small
            }
        }
    }
}

/// A fraction in the range with a denominator from 5 to 20.
fn rational(range: Range, random: u64) -> RBig {
    let denominator = 5 + (random >> 8) % 16;
    let (low, width) = match range {
        Range::Unit => (0, 1),
        Range::Middle => (1, 3),
        Range::Negative => (-3, 3),
        Range::Large => (4, 36),
    };
    let above = 1 + (random >> 32) % (width * denominator - 1);
    RBig::from(low) + RBig::from_parts(above.into(), denominator.into())
}

/// A positive integer from `low` on, of one digit more at most.
fn integer(low: u64, random: u64) -> RBig {
    RBig::from(low + random % 3)
}

/// The counter-based generator `SplitMix64` (Steele, Lea and Flood 2014).
fn mixed(counter: u64) -> u64 {
    let mut z = counter.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<Rc<str>> {
        names.iter().map(|name| Rc::from(*name)).collect()
    }

    #[test]
    fn one_letter_takes_numbers_of_every_range_within_eight_points() {
        let values: Vec<RBig> = (0..8)
            .map(|number| {
                Point::of_sequence(&names(&["x"]), number, Kind::Rational)
                    .get("x")
                    .expect("it is there")
                    .clone()
            })
            .collect();
        let between = |low: i32, high: i32| {
            values
                .iter()
                .filter(|value| **value > RBig::from(low) && **value < RBig::from(high))
                .count()
        };
        assert_eq!(
            (between(-3, 0), between(0, 1), between(1, 4), between(4, 40)),
            (2, 2, 2, 2),
            "{values:?}"
        );
    }

    #[test]
    fn half_the_points_are_positive_in_every_letter() {
        let letters = names(&["a", "b", "c"]);
        for number in (0..16).step_by(2) {
            let point = Point::of_sequence(&letters, number, Kind::Rational);
            assert!(
                ["a", "b", "c"]
                    .iter()
                    .all(|name| point.get(name).is_some_and(|value| *value > RBig::ZERO)),
                "{point}"
            );
        }
    }

    #[test]
    fn a_letter_of_a_named_point_does_not_depend_on_the_others() {
        let (one, two) = (names(&["x"]), names(&["x", "y"]));
        for kind in [Kind::Rational, Kind::Integer] {
            assert_eq!(
                Point::of_names(&one, 3, kind).get("x"),
                Point::of_names(&two, 3, kind).get("x")
            );
        }
    }

    #[test]
    fn factorials_and_powers_of_negative_numbers_ask_for_integers() {
        let n = || Expr::variable("n");
        assert_eq!(
            Kind::of(&Expr::apply(Function::Factorial, n()).plus(Expr::integer(1))),
            Kind::Integer
        );
        assert_eq!(Kind::of(&Expr::integer(-1).to(n())), Kind::Integer);
        assert_eq!(
            Kind::of(
                &n().to(Expr::integer(2))
                    .plus(Expr::apply(Function::Factorial, Expr::integer(3)))
            ),
            Kind::Rational
        );
    }

    #[test]
    fn integers_rise_and_fall_in_turn() {
        let letters = names(&["k", "n"]);
        for number in 0..8 {
            let point = Point::of_sequence(&letters, number, Kind::Integer);
            let (k, n) = (
                point.get("k").expect("it is there"),
                point.get("n").expect("it is there"),
            );
            assert_eq!(k < n, number % 2 == 0, "{point}");
        }
    }
}
