//! Equations and inequalities.

use super::side;
use super::{Comparison, Decision, Outcome};
use crate::exact;
use crate::tree::{Answer, Expr, Relation, Sign};

impl Comparison<'_> {
    pub(super) fn relations(&mut self, one: &Relation, other: &Relation) -> Decision {
        if let (Some(one), Some(other)) = (OneSided::of(one), OneSided::of(other)) {
            return self.one_sided(&one, &other);
        }
        let values = (side::named_value(one), side::named_value(other));
        if let (Some(value), Some(other_value)) = values {
            return self.answers(value, other_value);
        }
        let regions = self.regions(&Answer::Relation(one.clone()), &Answer::Relation(other.clone()));
        if regions.outcome != Outcome::Undecided {
            return regions;
        }
        let alike = self.side_by_side(one, other);
        if alike.is_equal() {
            return alike;
        }
        let turned = self.side_by_side(one, &turned(other));
        if turned.is_equal() { turned } else { alike }
    }

    fn side_by_side(&mut self, one: &Relation, other: &Relation) -> Decision {
        if one.signs != other.signs {
            return Decision::different("signs", "their signs differ");
        }
        let mut parts = Vec::with_capacity(one.sides.len());
        for (side, other_side) in one.sides.iter().zip(&other.sides) {
            parts.push(self.answers(side, other_side));
        }
        match Decision::all("side by side", parts) {
            // Other sides can still say the same.
            decision if decision.outcome == Outcome::Different => {
                Decision::undecided("side by side", "their sides differ")
            }
            decision => decision,
        }
    }

    /// The same up to a factor, whose sign turns an inequality.
    fn one_sided(&mut self, one: &OneSided, other: &OneSided) -> Decision {
        let rule = "equations up to a factor";
        let forms = exact::form(&one.left, &mut self.budget)
            .and_then(|form| Ok((form, exact::form(&other.left, &mut self.budget)?)));
        let Ok((form, other_form)) = forms else {
            return self.differences_at_points(one, other);
        };
        match exact::ratio_is_constant(&form, &other_form, &mut self.budget) {
            Ok(Some(exact::Ratio {
                constant: true,
                negative,
            })) => {
                if negative.is_none() && !is_symmetric(one.sign) {
                    Decision::undecided(rule, "the sign of the factor between them is not known")
                } else if one.sign_times(negative == Some(true)) == other.sign {
                    Decision::equal(rule, "moved to one side, they differ by a constant factor")
                } else {
                    Decision::different(rule, "moved to one side, their signs differ")
                }
            }
            Ok(Some(exact::Ratio { constant: false, .. })) => {
                Decision::different(rule, "moved to one side, no constant factor makes them equal")
            }
            Ok(None) | Err(_) => self.differences_at_points(one, other),
        }
    }

    /// Without normal forms only a factor of plus or minus one is tried.
    fn differences_at_points(&mut self, one: &OneSided, other: &OneSided) -> Decision {
        for negative in [false, true] {
            let left = if negative {
                other.left.clone().negated()
            } else {
                other.left.clone()
            };
            let decision = self.expressions(&one.left, &left);
            if decision.is_equal() && one.sign_times(negative) == other.sign {
                return decision;
            }
        }
        Decision::undecided(
            "equations up to a factor",
            "no normal form shows a constant factor",
        )
    }

    /// A relation that names no value against something that is none.
    pub(super) fn relation_with_answer(&mut self, relation: &Relation, other: &Answer) -> Decision {
        let region = self.regions(&Answer::Relation(relation.clone()), other);
        match region.outcome {
            Outcome::Undecided => {
                Decision::different("kind", "one is an equation or inequality and the other is not")
            }
            _ => region,
        }
    }
}

/// A relation of two scalar sides moved to one side: `left sign 0`.
struct OneSided {
    left: Expr,
    sign: Sign,
}

impl OneSided {
    /// None for more sides than two, for sides that are not scalar, and for signs that say something else about two sides than about their difference.
    fn of(relation: &Relation) -> Option<Self> {
        let ([Answer::Value(left), Answer::Value(right)], [sign]) =
            (relation.sides.as_slice(), relation.signs.as_slice())
        else {
            return None;
        };
        let sign = match sign {
            Sign::In | Sign::Congruent => return None,
            Sign::Approximately => Sign::Equal,
            sign => *sign,
        };
        if super::scalar::infinity(left).is_some() || super::scalar::infinity(right).is_some() {
            return None;
        }
        Some(Self {
            left: left.clone().plus(right.clone().negated()),
            sign,
        })
    }

    /// The sign after a multiplication.
    fn sign_times(&self, negative: bool) -> Sign {
        if negative { flipped(self.sign) } else { self.sign }
    }
}

fn turned(relation: &Relation) -> Relation {
    Relation {
        sides: relation.sides.iter().rev().cloned().collect(),
        signs: relation.signs.iter().rev().map(|sign| flipped(*sign)).collect(),
    }
}

/// The sign read from the other side.
pub(super) const fn flipped(sign: Sign) -> Sign {
    match sign {
        Sign::Less => Sign::Greater,
        Sign::LessOrEqual => Sign::GreaterOrEqual,
        Sign::Greater => Sign::Less,
        Sign::GreaterOrEqual => Sign::LessOrEqual,
        other => other,
    }
}

const fn is_symmetric(sign: Sign) -> bool {
    matches!(sign, Sign::Equal | Sign::NotEqual)
}
