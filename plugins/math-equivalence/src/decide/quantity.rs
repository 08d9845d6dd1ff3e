//! Values with units, percents, money, and numerals in other bases.

use std::collections::BTreeSet;

use dashu_int::UBig;
use dashu_ratio::RBig;

use super::scalar::variables;
use super::{Comparison, Decision, Outcome};
use crate::config::{PercentRule, Units};
use crate::tree::{Answer, Constant, Expr};
use crate::units::{Currency, Known, Unit};

impl Comparison<'_> {
    /// Compares two answers of which at least one has a unit.
    pub(super) fn quantities(&mut self, reference: &Answer, answer: &Answer) -> Decision {
        let (Some((value, unit)), Some((other, other_unit))) = (parts(reference), parts(answer)) else {
            return Decision::different("kind", "they are different kinds of answer");
        };
        match (unit, other_unit) {
            (Some(Unit::Base { base, digits }), other_unit) => {
                self.based(value, *base, digits, other, other_unit)
            }
            (None, Some(Unit::Base { .. })) => self.values(value, other),
            (Some(Unit::Percent), _) | (_, Some(Unit::Percent)) => {
                self.percents(value, unit, other, other_unit)
            }
            (Some(unit), Some(other_unit)) => self.both_units(value, unit, other, other_unit),
            (Some(unit), None) | (None, Some(unit)) => self.one_unit(value, other, unit),
            (None, None) => self.values(value, other),
        }
    }

    fn percents(
        &mut self,
        value: &Expr,
        unit: Option<&Unit>,
        other: &Expr,
        other_unit: Option<&Unit>,
    ) -> Decision {
        let is_percent = |unit: Option<&Unit>| unit == Some(&Unit::Percent);
        if is_percent(unit) && is_percent(other_unit) {
            return self.values(value, other);
        }
        if unit.is_some() && other_unit.is_some() {
            return Decision::different("units", "a percentage and another unit");
        }
        let fraction = |expr: &Expr, percent: bool| {
            if percent { over_hundred(expr) } else { expr.clone() }
        };
        let bare_is_large =
            (!is_percent(unit) && large_integer(value)) || (!is_percent(other_unit) && large_integer(other));
        let as_fraction = self.values(
            &fraction(value, is_percent(unit)),
            &fraction(other, is_percent(other_unit)),
        );
        match self.config.percent {
            PercentRule::Fraction => as_fraction,
            PercentRule::Unit => self.values(value, other),
            // 1200% is no way to write 12, whatever it equals.
            PercentRule::Either if as_fraction.is_equal() && !bare_is_large => as_fraction,
            PercentRule::Either => self.values(value, other),
        }
    }

    /// Units on both sides: they convert, or agree in their words, or differ.
    fn both_units(&mut self, value: &Expr, unit: &Unit, other: &Expr, other_unit: &Unit) -> Decision {
        match (known(unit), known(other_unit)) {
            (Some(one), Some(two)) if one.dimension == two.dimension => {
                if one.size == two.size {
                    return self.values(value, other);
                }
                let decision = self.values(
                    &value.clone().times(Expr::Number(one.size)),
                    &other.clone().times(Expr::Number(two.size)),
                );
                match decision.outcome {
                    Outcome::Equal => Decision::equal(
                        "units",
                        format!("{} converted; {}", one.dimension, decision.evidence),
                    ),
                    _ => decision,
                }
            }
            (Some(one), Some(two)) if degrees_and_radians(&one, &two) => {
                let radians = |expr: &Expr, known: &Known| {
                    if known.dimension == "angle" {
                        radians(expr)
                    } else {
                        expr.clone()
                    }
                };
                self.values(&radians(value, &one), &radians(other, &two))
            }
            (Some(one), Some(two)) => Decision::different(
                "units",
                format!("one measures {} and the other {}", one.dimension, two.dimension),
            ),
            _ if unit == other_unit
                || (self.config.units == Units::Lenient && say_the_same(unit, other_unit)) =>
            {
                self.values(value, other)
            }
            _ => {
                let values = self.values(value, other);
                if values.is_equal() {
                    Decision::undecided("units", "the values agree and the units are other words")
                } else {
                    values
                }
            }
        }
    }

    /// A unit on one side only.
    fn one_unit(&mut self, value: &Expr, other: &Expr, unit: &Unit) -> Decision {
        if self.config.units == Units::Strict {
            return Decision::different(
                "units",
                "one has a unit and the other has none, and `units` is strict",
            );
        }
        let plain = self.values(value, other);
        if plain.is_equal() {
            return plain;
        }
        // Degrees against a bare number of radians: 180° and \pi.
        if known(unit).is_some_and(|known| known.dimension == "angle") && (has_pi(value) != has_pi(other)) {
            let (degrees, bare) = if has_pi(value) {
                (other, value)
            } else {
                (value, other)
            };
            let converted = self.values(&radians(degrees), bare);
            if converted.is_equal() {
                return converted;
            }
        }
        plain
    }

    /// A reference in a base. The same digits without their base are taken when units may be left out.
    fn based(
        &mut self,
        value: &Expr,
        base: u32,
        digits: &str,
        other: &Expr,
        other_unit: Option<&Unit>,
    ) -> Decision {
        match other_unit {
            Some(Unit::Base { base: other_base, .. }) => {
                if base == *other_base {
                    self.values(value, other)
                } else {
                    Decision::different(
                        "base",
                        format!("the reference is in base {base}, the answer in base {other_base}"),
                    )
                }
            }
            None if self.config.units == Units::Lenient => {
                let same = matches!(other, Expr::Number(number) if number.to_string() == digits);
                Decision::of(
                    same,
                    "base",
                    format!("compared with the reference's digits in base {base}"),
                )
            }
            _ => Decision::different(
                "base",
                format!("the answer does not say that it is in base {base}"),
            ),
        }
    }
}

/// Reads `5 m` as metres when the other side has a unit: as a formula its letter would have no partner there.
pub(super) fn with_unit_letters(reference: &Answer, answer: &Answer) -> Option<(Answer, Answer)> {
    match (lettered(reference), lettered(answer)) {
        (Some(reference), None) if is_measure(answer) => Some((reference, answer.clone())),
        (None, Some(answer)) if is_measure(reference) => Some((reference.clone(), answer)),
        _ => None,
    }
}

/// A number times a letter that is a unit's, perhaps to a power.
fn lettered(answer: &Answer) -> Option<Answer> {
    const LETTERS: [&str; 10] = ["m", "g", "s", "h", "L", "N", "J", "W", "V", "K"];
    let Answer::Value(Expr::Product(factors)) = answer else {
        return None;
    };
    let (unit, value) = factors.split_last()?;
    let (letter, power) = match unit {
        Expr::Variable(letter) => (letter, String::new()),
        Expr::Power(base, power) => match (base.as_ref(), power.as_ref()) {
            (Expr::Variable(letter), Expr::Number(power)) => (letter, format!("^{power}")),
            _ => return None,
        },
        _ => return None,
    };
    let value = match value {
        [value] => value.clone(),
        factors => Expr::Product(factors.to_vec()),
    };
    (LETTERS.contains(&letter.as_ref()) && is_constant(&value))
        .then(|| Unit::parse(&format!("{letter}{power}")))?
        .map(|unit| Answer::Quantity(value, unit))
}

/// A value with a unit.
fn is_measure(answer: &Answer) -> bool {
    matches!(answer, Answer::Quantity(_, unit) if known(unit).is_some())
}

fn is_constant(expr: &Expr) -> bool {
    let mut found = BTreeSet::new();
    variables(expr, &mut found);
    found.is_empty()
}

fn parts(answer: &Answer) -> Option<(&Expr, Option<&Unit>)> {
    match answer {
        Answer::Value(value) => Some((value, None)),
        Answer::Quantity(value, unit) => Some((value, Some(unit))),
        _ => None,
    }
}

fn known(unit: &Unit) -> Option<Known> {
    match unit {
        Unit::Known(known) => Some(known.clone()),
        Unit::Money(Currency::Dollar) => Some(Known {
            dimension: "money".to_owned(),
            size: RBig::ONE,
        }),
        Unit::Money(other) => Some(Known {
            dimension: Unit::Money(*other).canonical(),
            size: RBig::ONE,
        }),
        _ => None,
    }
}

fn degrees_and_radians(one: &Known, other: &Known) -> bool {
    matches!(
        (one.dimension.as_str(), other.dimension.as_str()),
        ("angle", "radian") | ("radian", "angle")
    )
}

/// Whether one phrase only says more than the other, up to a plural's `s`: `apples left` and `apple`, but not `green apples` and `red apples`, nor
/// `a.m.` and `p.m.`.
fn say_the_same(one: &Unit, other: &Unit) -> bool {
    let words = |unit: &Unit| -> BTreeSet<String> {
        unit.canonical()
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| match word.to_lowercase().trim_end_matches('s') {
                "sq" => "square".to_owned(),
                "cu" => "cubic".to_owned(),
                word => word.to_owned(),
            })
            .collect()
    };
    let (one, other) = (words(one), words(other));
    !one.is_empty() && !other.is_empty() && (one.is_subset(&other) || other.is_subset(&one))
}

/// Whether a side without a percent sign is an integer beyond one, which nobody means as a fraction of a whole.
fn large_integer(bare: &Expr) -> bool {
    matches!(bare, Expr::Number(value) if value.is_int() && (*value > RBig::ONE || *value < RBig::NEG_ONE))
}

fn over_hundred(expr: &Expr) -> Expr {
    let hundredth = RBig::from_parts(1.into(), UBig::from(100_u8));
    match expr {
        Expr::Number(value) => Expr::Number(value * hundredth),
        other => other.clone().times(Expr::Number(hundredth)),
    }
}

fn radians(degrees: &Expr) -> Expr {
    degrees
        .clone()
        .times(Expr::Constant(Constant::Pi))
        .times(Expr::Number(RBig::from_parts(1.into(), UBig::from(180_u8))))
}

fn has_pi(expr: &Expr) -> bool {
    match expr {
        Expr::Constant(Constant::Pi) => true,
        Expr::Sum(parts) | Expr::Product(parts) | Expr::Apply(_, parts) => parts.iter().any(has_pi),
        Expr::Power(base, exponent) => has_pi(base) || has_pi(exponent),
        Expr::Root(_, of) => has_pi(of),
        _ => false,
    }
}
