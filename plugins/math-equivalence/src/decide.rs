//! Whether two answers are the same: equal, different, or undecided, with the rule that said so.

mod decision;
mod lists;
mod quantity;
mod region;
mod relation;
mod scalar;
mod side;
mod structure;
mod voting;

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;

pub use decision::{Decision, Outcome};
pub use voting::canonical;

use crate::budget::Budget;
use crate::config::Config;
use crate::limits;
use crate::tree::{Answer, Expr};

/// One comparison: the configuration, and what it may still cost.
pub(crate) struct Comparison<'c> {
    config: &'c Config,
    budget: Budget,
    /// Decimal places of the answer's one numeral, when the configuration takes rounded decimals.
    places: Option<u32>,
}

/// Compares an answer with the reference.
///
/// `places` is how many decimal places the answer was written with; it matters only when the configuration takes decimals that are rounded from the reference.
#[must_use]
pub fn compare(reference: &Answer, answer: &Answer, places: Option<u32>, config: &Config) -> Decision {
    let mut comparison = Comparison {
        config,
        budget: Budget::of(limits::WORK),
        places,
    };
    comparison.answers(reference, answer)
}

impl Comparison<'_> {
    fn answers(&mut self, reference: &Answer, answer: &Answer) -> Decision {
        use Answer::{
            Choice, List, Matrix, Quantity, Ratio, Relation, Sequence, Set, Text, Truth, Union, Value,
            Without,
        };
        if reference == answer {
            return Decision::equal("same tree", "both are written alike");
        }
        if let Some((reference, answer)) = quantity::with_unit_letters(reference, answer) {
            return self.quantities(&reference, &answer);
        }
        match (reference, answer) {
            (Value(one), Value(other)) => self.values(one, other),
            (Quantity(..), Quantity(..) | Value(_)) | (Value(_), Quantity(..)) => {
                self.quantities(reference, answer)
            }
            (Choice(letter), Choice(other)) => {
                Decision::of(letter == other, "option", "one letter of the options")
            }
            (Choice(letter), Value(Expr::Variable(name))) | (Value(Expr::Variable(name)), Choice(letter)) => {
                let same = name.chars().map(|c| c.to_ascii_uppercase()).eq([*letter]);
                Decision::of(same, "option", "a letter alone names an option")
            }
            (Truth(one), Truth(other)) => Decision::of(one == other, "yes or no", "compared as yes or no"),
            (Text(one), Text(other)) => self.texts(one, other),
            (Relation(one), Relation(other)) => self.relations(one, other),
            (Relation(relation), other) => match side::named_value(relation) {
                Some(value) => self.answers(value, other),
                None => self.relation_with_answer(relation, other),
            },
            (other, Relation(relation)) => match side::named_value(relation) {
                Some(value) => self.answers(other, value),
                None => self.relation_with_answer(relation, other),
            },
            (Ratio(one), Ratio(other)) => self.ratios(one, other),
            (Ratio(parts), Value(value)) | (Value(value), Ratio(parts)) => {
                self.ratio_with_value(parts, value)
            }
            (Matrix(one), Matrix(other)) => self.matrices(one, other),
            (Matrix(rows), Sequence(sequence)) | (Sequence(sequence), Matrix(rows)) => {
                self.matrix_with_sequence(rows, sequence)
            }
            (Sequence(one), Sequence(other)) => self.sequences(one, other),
            (List(one) | Set(one), List(other) | Set(other)) => self.collections(one, other),
            (List(items), Sequence(sequence)) | (Sequence(sequence), List(items)) => {
                self.list_with_sequence(items, sequence)
            }
            (Set(items) | List(items), other @ (Value(_) | Quantity(..))) if items.len() == 1 => {
                self.answers(&items[0], other)
            }
            (other @ (Value(_) | Quantity(..)), Set(items) | List(items)) if items.len() == 1 => {
                self.answers(other, &items[0])
            }
            (
                Union(_) | Without(..) | Sequence(_) | Set(_) | List(_) | Value(Expr::Variable(_)),
                Union(_) | Without(..),
            )
            | (Union(_) | Without(..), Sequence(_) | Set(_) | List(_) | Value(Expr::Variable(_)))
            | (Sequence(_), Value(Expr::Variable(_)))
            | (Value(Expr::Variable(_)), Sequence(_)) => self.regions(reference, answer),
            (Text(text), _) | (_, Text(text)) => match &text.unread {
                Some(reason) => Decision::undecided("unread", format!("`{}`: {reason}", text.spelling)),
                None => Decision::different("kind", "one is words and the other is not"),
            },
            _ => Decision::different("kind", "they are different kinds of answer"),
        }
    }

    fn texts(&self, one: &crate::tree::Text, other: &crate::tree::Text) -> Decision {
        let same = if self.config.text_case == crate::config::TextCase::Exact {
            one.spelling == other.spelling
        } else {
            one.spelling.eq_ignore_ascii_case(&other.spelling)
        };
        if same {
            return Decision::equal("same words", "their normalised spellings agree");
        }
        match one.unread.as_ref().or(other.unread.as_ref()) {
            Some(reason) => Decision::undecided("unread", reason.clone()),
            None => Decision::different("words", "their normalised spellings differ"),
        }
    }
}
