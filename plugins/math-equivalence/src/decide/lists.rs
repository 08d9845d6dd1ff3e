//! Lists and sets.

use super::structure::counts;
use super::{Comparison, Decision, Outcome};
use crate::config::{Lists, SquareBrackets};
use crate::tree::{Answer, Bracket, Sequence};

impl Comparison<'_> {
    /// Lists and sets, in any order unless the configuration says otherwise.
    pub(super) fn collections(&mut self, one: &[Answer], other: &[Answer]) -> Decision {
        if self.config.lists == Lists::Ordered {
            return self.in_order(one, other);
        }
        let (one, other) = (self.distinct(one), self.distinct(other));
        if one.len() != other.len() {
            return Decision::different("items", counts(one.len(), other.len()));
        }
        let mut left: Vec<&Answer> = other;
        let mut parts = Vec::with_capacity(one.len());
        for item in one {
            let mut doubt = None;
            let mut found = None;
            for (at, candidate) in left.iter().enumerate() {
                let decision = self.answers(item, candidate);
                match decision.outcome {
                    Outcome::Equal => {
                        found = Some((at, decision));
                        break;
                    }
                    Outcome::Undecided => doubt = doubt.or(Some(decision)),
                    Outcome::Different => {}
                }
            }
            match (found, doubt) {
                (Some((at, decision)), _) => {
                    left.swap_remove(at);
                    parts.push(decision);
                }
                (None, Some(doubt)) => return doubt,
                (None, None) => {
                    return Decision::different(
                        "items in any order",
                        "an item has no partner in the other list",
                    );
                }
            }
        }
        Decision::all("items in any order", parts)
    }

    pub(super) fn in_order(&mut self, one: &[Answer], other: &[Answer]) -> Decision {
        if one.len() != other.len() {
            return Decision::different("items", counts(one.len(), other.len()));
        }
        let mut parts = Vec::with_capacity(one.len());
        for (item, other_item) in one.iter().zip(other) {
            parts.push(self.answers(item, other_item));
        }
        Decision::all("items in order", parts)
    }

    /// A list without brackets against a point or vector. Two items could be an interval's ends: these must say what they are.
    pub(super) fn list_with_sequence(&mut self, items: &[Answer], sequence: &Sequence) -> Decision {
        let round = sequence.open == Bracket::Round && sequence.close == Bracket::Round;
        let square = sequence.open == Bracket::Square && sequence.close == Bracket::Square;
        if let Some(values) = assigned(items) {
            return self.in_order(&values, &sequence.items);
        }
        let listed = square && self.config.square_brackets == SquareBrackets::List;
        if listed || (items.len() > 2 && (square || round)) {
            return self.in_order(items, &sequence.items);
        }
        let inside = self.in_order(items, &sequence.items);
        match inside.outcome {
            Outcome::Equal => Decision::undecided(
                "brackets",
                "one has brackets, which make it a point or an interval",
            ),
            _ => inside,
        }
    }

    /// Items without those that are written like an earlier one.
    fn distinct<'a>(&self, items: &'a [Answer]) -> Vec<&'a Answer> {
        let mut kept: Vec<&Answer> = Vec::with_capacity(items.len());
        for item in items {
            if !kept.contains(&item) {
                kept.push(item);
            }
        }
        kept
    }
}

/// The values of `x = 2, y = 3` in the order of the variables' names.
fn assigned(items: &[Answer]) -> Option<Vec<Answer>> {
    let mut pairs = items
        .iter()
        .map(super::side::assignment)
        .collect::<Option<Vec<_>>>()?;
    pairs.sort_by(|one, other| one.0.cmp(&other.0));
    pairs
        .windows(2)
        .all(|pair| pair[0].0 != pair[1].0)
        .then(|| pairs.into_iter().map(|(_, value)| value).collect())
}
