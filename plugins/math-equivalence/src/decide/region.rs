//! Sets of real numbers: intervals, unions, inequalities in one variable, points.

use std::cmp::Ordering;

use super::scalar::infinity;
use super::{Comparison, Decision, Outcome};
use crate::numeric;
use crate::tree::{Answer, Bracket, Constant, Expr, Relation, Sign};

/// An interval with its ends; a point is closed with equal ends.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Piece {
    low: Expr,
    low_closed: bool,
    high: Expr,
    high_closed: bool,
}

impl Comparison<'_> {
    /// Compares two answers as sets of real numbers. Undecided when either is none.
    pub(super) fn regions(&mut self, one: &Answer, other: &Answer) -> Decision {
        let rule = "sets of real numbers";
        let (Some(one), Some(other)) = (self.pieces(one), self.pieces(other)) else {
            return Decision::undecided(rule, "not both are sets of real numbers that can be put in order");
        };
        if one.len() != other.len() {
            return Decision::different(rule, format!("{} pieces against {}", one.len(), other.len()));
        }
        let mut parts = Vec::new();
        for (piece, other_piece) in one.iter().zip(&other) {
            if (piece.low_closed, piece.high_closed) != (other_piece.low_closed, other_piece.high_closed) {
                return Decision::different(rule, "one includes an end that the other leaves out");
            }
            parts.push(self.expressions(&piece.low, &other_piece.low));
            parts.push(self.expressions(&piece.high, &other_piece.high));
        }
        Decision::all(rule, parts)
    }

    /// The pieces of a set in ascending order, those that touch joined.
    fn pieces(&mut self, answer: &Answer) -> Option<Vec<Piece>> {
        let mut pieces = self.unordered(answer)?;
        // Insertion: the order of ends may be undecidable, which a sort can't say.
        let mut sorted: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces.drain(..) {
            let mut at = sorted.len();
            while at > 0 && self.order(&piece.low, &sorted[at - 1].low)? == Ordering::Less {
                at -= 1;
            }
            sorted.insert(at, piece);
        }
        let mut joined: Vec<Piece> = Vec::with_capacity(sorted.len());
        for piece in sorted {
            if let Some(last) = joined.last_mut() {
                let lows = self.order(&last.low, &piece.low)?;
                let gap = self.order(&last.high, &piece.low)?;
                if gap == Ordering::Greater
                    || (gap == Ordering::Equal && (last.high_closed || piece.low_closed))
                {
                    match self.order(&last.high, &piece.high)? {
                        Ordering::Less => {
                            last.high = piece.high;
                            last.high_closed = piece.high_closed;
                        }
                        Ordering::Equal => last.high_closed |= piece.high_closed,
                        Ordering::Greater => {}
                    }
                    if lows == Ordering::Equal {
                        last.low_closed |= piece.low_closed;
                    }
                    continue;
                }
            }
            joined.push(piece);
        }
        Some(joined)
    }

    /// The pieces as written.
    fn unordered(&mut self, answer: &Answer) -> Option<Vec<Piece>> {
        match answer {
            Answer::Sequence(sequence) => match sequence.items.as_slice() {
                [Answer::Value(low), Answer::Value(high)] => Some(vec![Piece {
                    low: low.clone(),
                    low_closed: sequence.open == Bracket::Square,
                    high: high.clone(),
                    high_closed: sequence.close == Bracket::Square,
                }]),
                _ => None,
            },
            Answer::Union(parts) | Answer::List(parts) => {
                let mut pieces = Vec::new();
                for part in parts {
                    pieces.extend(self.unordered(part)?);
                }
                Some(pieces)
            }
            Answer::Set(items) => items.iter().map(point).collect(),
            Answer::Without(from, removed) => {
                let mut pieces = self.pieces(from)?;
                for hole in self.pieces(removed)? {
                    pieces = self.without(pieces, &hole)?;
                }
                Some(pieces)
            }
            Answer::Relation(relation) => self.solutions(relation),
            Answer::Value(Expr::Variable(name)) if &**name == "ℝ" => Some(vec![everything()]),
            _ => None,
        }
    }

    /// The solutions of an inequality whose one variable stands alone.
    fn solutions(&mut self, relation: &Relation) -> Option<Vec<Piece>> {
        if let ([_, set], [Sign::In]) = (relation.sides.as_slice(), relation.signs.as_slice()) {
            return self.pieces(set);
        }
        let is_variable =
            |side: &Answer| matches!(side, Answer::Value(Expr::Variable(name)) if &**name != "ℝ");
        let at = relation.sides.iter().position(is_variable)?;
        let bound = |side: &Answer| match side {
            Answer::Value(expr) => Some(expr.clone()),
            _ => None,
        };
        let mut piece = everything();
        match (relation.sides.len(), at, relation.signs.as_slice()) {
            (2, 0, [Sign::NotEqual]) => {
                let hole = Piece::point(bound(&relation.sides[1])?);
                return self.without(vec![piece], &hole);
            }
            (2, 0, [Sign::Equal]) => return Some(vec![Piece::point(bound(&relation.sides[1])?)]),
            (2, 0, [sign]) => piece.bound_by(*sign, bound(&relation.sides[1])?)?,
            (2, 1, [sign]) => piece.bound_by(super::relation::flipped(*sign), bound(&relation.sides[0])?)?,
            (3, 1, [left, right]) => {
                piece.bound_by(super::relation::flipped(*left), bound(&relation.sides[0])?)?;
                piece.bound_by(*right, bound(&relation.sides[2])?)?;
            }
            _ => return None,
        }
        Some(vec![piece])
    }

    /// Pieces with one taken out of them.
    fn without(&mut self, pieces: Vec<Piece>, hole: &Piece) -> Option<Vec<Piece>> {
        let mut left = Vec::with_capacity(pieces.len() + 1);
        for piece in pieces {
            let below = self.order(&piece.low, &hole.low)?;
            let above = self.order(&hole.high, &piece.high)?;
            let apart = self.order(&piece.high, &hole.low)? == Ordering::Less
                || self.order(&hole.high, &piece.low)? == Ordering::Less;
            if apart {
                left.push(piece);
                continue;
            }
            if below == Ordering::Less || (below == Ordering::Equal && piece.low_closed && !hole.low_closed) {
                left.push(Piece {
                    high: hole.low.clone(),
                    high_closed: !hole.low_closed,
                    ..piece.clone()
                });
            }
            if above == Ordering::Less || (above == Ordering::Equal && piece.high_closed && !hole.high_closed)
            {
                left.push(Piece {
                    low: hole.high.clone(),
                    low_closed: !hole.high_closed,
                    ..piece
                });
            }
        }
        Some(left)
    }

    /// How two ends are ordered; None when that can't be certified.
    fn order(&mut self, one: &Expr, other: &Expr) -> Option<Ordering> {
        match (infinity(one), infinity(other)) {
            (Some(negative), Some(other_negative)) => return Some(other_negative.cmp(&negative)),
            (Some(negative), None) => {
                return Some(if negative {
                    Ordering::Less
                } else {
                    Ordering::Greater
                });
            }
            (None, Some(negative)) => {
                return Some(if negative {
                    Ordering::Greater
                } else {
                    Ordering::Less
                });
            }
            (None, None) => {}
        }
        if let (Expr::Number(one), Expr::Number(other)) = (one, other) {
            return Some(one.cmp(other));
        }
        if self.expressions(one, other).outcome == Outcome::Equal {
            return Some(Ordering::Equal);
        }
        numeric::sign(&one.clone().plus(other.clone().negated()), &mut self.budget)
    }
}

impl Piece {
    fn point(at: Expr) -> Self {
        Self {
            low: at.clone(),
            low_closed: true,
            high: at,
            high_closed: true,
        }
    }

    /// Cuts off what `variable sign end` leaves out.
    fn bound_by(&mut self, sign: Sign, end: Expr) -> Option<()> {
        match sign {
            Sign::Less | Sign::LessOrEqual => {
                self.high = end;
                self.high_closed = sign == Sign::LessOrEqual;
            }
            Sign::Greater | Sign::GreaterOrEqual => {
                self.low = end;
                self.low_closed = sign == Sign::GreaterOrEqual;
            }
            _ => return None,
        }
        Some(())
    }
}

fn point(item: &Answer) -> Option<Piece> {
    match item {
        Answer::Value(at) => Some(Piece::point(at.clone())),
        _ => None,
    }
}

fn everything() -> Piece {
    Piece {
        low: Expr::Constant(Constant::Infinity).negated(),
        low_closed: false,
        high: Expr::Constant(Constant::Infinity),
        high_closed: false,
    }
}
