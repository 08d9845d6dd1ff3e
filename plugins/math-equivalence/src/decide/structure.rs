//! Points, vectors, matrices, ratios.

use dashu_ratio::RBig;

use super::{Comparison, Decision};
use crate::tree::{Answer, Expr, Sequence};

impl Comparison<'_> {
    pub(super) fn sequences(&mut self, one: &Sequence, other: &Sequence) -> Decision {
        if one.items.len() != other.items.len() {
            return Decision::different("items", counts(one.items.len(), other.items.len()));
        }
        if (one.open, one.close) != (other.open, other.close) && !vectors(one, other) {
            return Decision::different("brackets", "their brackets are of different kinds");
        }
        let mut parts = Vec::with_capacity(one.items.len());
        for (item, other_item) in one.items.iter().zip(&other.items) {
            parts.push(self.answers(item, other_item));
        }
        Decision::all("item by item", parts)
    }

    pub(super) fn matrices(&mut self, one: &[Vec<Expr>], other: &[Vec<Expr>]) -> Decision {
        let size = |rows: &[Vec<Expr>]| (rows.len(), rows.first().map_or(0, Vec::len));
        if size(one) != size(other) {
            return Decision::different("size", "the matrices have different sizes");
        }
        let mut parts = Vec::new();
        for (entry, other_entry) in one.iter().flatten().zip(other.iter().flatten()) {
            parts.push(self.values(entry, other_entry));
        }
        Decision::all("entry by entry", parts)
    }

    /// A column or a row of a matrix against a vector in round or square brackets.
    pub(super) fn matrix_with_sequence(&mut self, rows: &[Vec<Expr>], sequence: &Sequence) -> Decision {
        let line = rows.len() == 1 || rows.iter().all(|row| row.len() == 1);
        if !line || sequence.open != sequence.close {
            return Decision::different("kind", "one is a matrix and the other no vector");
        }
        let entries: Vec<&Expr> = rows.iter().flatten().collect();
        if entries.len() != sequence.items.len() {
            return Decision::different("items", counts(entries.len(), sequence.items.len()));
        }
        let mut parts = Vec::with_capacity(entries.len());
        for (entry, item) in entries.into_iter().zip(&sequence.items) {
            parts.push(self.answers(&Answer::Value(entry.clone()), item));
        }
        Decision::all("entry by entry", parts)
    }

    /// `a : b` equals `c : d` when `ad = bc`; longer ratios pair by pair with the first.
    pub(super) fn ratios(&mut self, one: &[Expr], other: &[Expr]) -> Decision {
        let ([first, rest @ ..], [other_first, other_rest @ ..]) = (one, other) else {
            return Decision::different("items", "a ratio without parts");
        };
        if rest.len() != other_rest.len() {
            return Decision::different("items", counts(one.len(), other.len()));
        }
        // With a zero in it, cross products agree where the ratios don't; `15:00` is a time.
        let zero = |parts: &[Expr]| parts.contains(&Expr::integer(0));
        if zero(one) || zero(other) {
            return Decision::of(
                one == other,
                "item by item",
                "a ratio with a zero is compared as written",
            );
        }
        let mut parts = Vec::with_capacity(rest.len());
        for (part, other_part) in rest.iter().zip(other_rest) {
            parts.push(self.values(
                &first.clone().times(other_part.clone()),
                &part.clone().times(other_first.clone()),
            ));
        }
        let decision = Decision::all("cross products", parts);
        if one == other {
            decision
        } else {
            unless_times(decision, one, other)
        }
    }

    /// `3 : 4` against `3/4`.
    pub(super) fn ratio_with_value(&mut self, parts: &[Expr], value: &Expr) -> Decision {
        match parts {
            [over, under] => {
                let decision = self.values(&over.clone().over(under.clone()), value);
                unless_times(decision, parts, &[])
            }
            _ => Decision::different("kind", "a ratio of three or more is no number"),
        }
    }
}

/// The decision, or none to rely on where one of two ratios that are written differently may be a time of day.
fn unless_times(decision: Decision, one: &[Expr], other: &[Expr]) -> Decision {
    if decision.is_equal() && (may_be_time(one) || may_be_time(other)) {
        Decision::undecided(
            "times of day",
            "one may be a time of day: as a ratio it is not in lowest terms",
        )
    } else {
        decision
    }
}

/// `9:24`, but not `3:8` and `19:60`: hours and two digits of minutes that have a common divisor.
fn may_be_time(parts: &[Expr]) -> bool {
    let [Expr::Number(hours), Expr::Number(minutes)] = parts else {
        return false;
    };
    let within = |value: &RBig, low: u8, high: u8| {
        value.is_int() && *value >= RBig::from(low) && *value <= RBig::from(high)
    };
    within(hours, 0, 24)
        && within(minutes, 10, 59)
        && !hours.is_zero()
        && (hours / minutes).denominator().as_ibig() != minutes.numerator()
}

/// Whether round and square brackets may both stand for a vector: three items or more are no interval.
fn vectors(one: &Sequence, other: &Sequence) -> bool {
    let plain = |sequence: &Sequence| sequence.open == sequence.close;
    one.items.len() > 2 && plain(one) && plain(other)
}

pub(super) fn counts(one: usize, other: usize) -> String {
    format!("{one} items against {other}")
}
