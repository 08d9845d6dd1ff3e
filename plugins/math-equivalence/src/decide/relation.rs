//! Equations and inequalities.

use super::side;
use super::{Comparison, Decision, Outcome};
use crate::exact;
use crate::tree::{Answer, Expr, Relation, Sign};

impl Comparison<'_> {
    pub(super) fn relations(&mut self, one: &Relation, other: &Relation) -> Decision {
        if let (Some((left, sign)), Some((other_left, other_sign))) = (one_sided(one), one_sided(other)) {
            return self.one_sided_relations(&left, sign, &other_left, other_sign);
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

    /// `left sign 0` against `other_left other_sign 0`: the same up to a factor, whose sign turns an inequality.
    fn one_sided_relations(
        &mut self,
        left: &Expr,
        sign: Sign,
        other_left: &Expr,
        other_sign: Sign,
    ) -> Decision {
        let rule = "equations up to a factor";
        let forms = exact::form(left, &mut self.budget)
            .and_then(|form| Ok((form, exact::form(other_left, &mut self.budget)?)));
        let Ok((form, other_form)) = forms else {
            return self.differences_at_points(left, sign, other_left, other_sign);
        };
        match exact::ratio_is_constant(&form, &other_form, &mut self.budget) {
            Ok(Some(exact::Ratio {
                constant: true,
                negative,
            })) => {
                let expected = if negative == Some(true) {
                    flipped(sign)
                } else {
                    sign
                };
                if negative.is_none() && !is_symmetric(sign) {
                    Decision::undecided(rule, "the sign of the factor between them is not known")
                } else if expected == other_sign {
                    Decision::equal(rule, "moved to one side, they differ by a constant factor")
                } else {
                    Decision::different(rule, "moved to one side, their signs differ")
                }
            }
            Ok(Some(exact::Ratio { constant: false, .. })) => {
                Decision::different(rule, "moved to one side, no constant factor makes them equal")
            }
            Ok(None) | Err(_) => self.differences_at_points(left, sign, other_left, other_sign),
        }
    }

    /// Without normal forms only a factor of plus or minus one is tried.
    fn differences_at_points(
        &mut self,
        left: &Expr,
        sign: Sign,
        other_left: &Expr,
        other_sign: Sign,
    ) -> Decision {
        let same = self.expressions(left, other_left);
        if same.is_equal() && sign == other_sign {
            return same;
        }
        let negated = self.expressions(left, &other_left.clone().negated());
        if negated.is_equal() && flipped(sign) == other_sign {
            return negated;
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

/// `left - right` and the sign of a relation of two scalar sides, unless the left side only names the right.
fn one_sided(relation: &Relation) -> Option<(Expr, Sign)> {
    match (relation.sides.as_slice(), relation.signs.as_slice()) {
        ([Answer::Value(left), Answer::Value(right)], [sign])
            if *sign != Sign::In && *sign != Sign::Congruent =>
        {
            let sign = if *sign == Sign::Approximately {
                Sign::Equal
            } else {
                *sign
            };
            if super::scalar::infinity(left).is_some() || super::scalar::infinity(right).is_some() {
                return None;
            }
            Some((left.clone().plus(right.clone().negated()), sign))
        }
        _ => None,
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
