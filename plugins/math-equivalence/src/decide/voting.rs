//! The canonical answer, by which samples are counted in a majority vote.

use dashu_ratio::RBig;

use super::side;
use crate::budget::Budget;
use crate::config::{Config, Lists, PercentRule, Units};
use crate::limits;
use crate::tree::{Answer, Bracket, Expr, Relation, Sequence, Sign};
use crate::units::Unit;
use crate::{exact, numeric};

/// The answer in canonical form: answers that are equal by a normal form share it, and so do those that agree in thirty digits.
///
/// Where equality is not transitive it can't be shared: `50%` equals 50 and 1/2 under [`PercentRule::Either`], and 60 minutes equal one hour and the bare
/// number 60. A judgement therefore gives an answer that equals the reference the reference's form.
#[must_use]
pub fn canonical(answer: &Answer, config: &Config) -> String {
    let mut voting = Voting {
        config,
        budget: Budget::of(limits::VOTING_WORK),
    };
    voting.answer(answer)
}

/// A number in lowest terms. Most are small integers, which need no big-number formatting.
fn written(value: &RBig) -> String {
    match i64::try_from(value.numerator()) {
        Ok(integer) if value.is_int() => integer.to_string(),
        _ => value.to_string(),
    }
}

struct Voting<'c> {
    config: &'c Config,
    budget: Budget,
}

impl Voting<'_> {
    fn answer(&mut self, answer: &Answer) -> String {
        match answer {
            Answer::Value(expr) => self.value(expr),
            Answer::Quantity(expr, unit) => self.quantity(expr, unit),
            Answer::Choice(letter) => letter.to_string(),
            Answer::Truth(true) => "yes".to_owned(),
            Answer::Truth(false) => "no".to_owned(),
            Answer::Text(text) => text.spelling.clone(),
            Answer::Sequence(sequence) => self.sequence(sequence),
            Answer::Matrix(rows) => self.matrix(rows),
            Answer::List(items) | Answer::Set(items) => self.collection(items),
            Answer::Union(parts) => {
                let mut parts: Vec<String> = parts.iter().map(|part| self.answer(part)).collect();
                parts.sort();
                parts.join(" ∪ ")
            }
            Answer::Without(from, removed) => format!("{} ∖ {}", self.answer(from), self.answer(removed)),
            Answer::Ratio(parts) => self.ratio(parts),
            Answer::Relation(relation) => self.relation(relation),
        }
    }

    fn value(&mut self, expr: &Expr) -> String {
        if let Expr::Number(value) = expr {
            return written(value);
        }
        match super::scalar::infinity(expr) {
            Some(false) => return "∞".to_owned(),
            Some(true) => return "-∞".to_owned(),
            None => {}
        }
        let form = exact::form(expr, &mut self.budget).ok();
        form.and_then(|form| form.canonical())
            .or_else(|| numeric::canonical(expr, &mut self.budget))
            .unwrap_or_else(|| expr.to_string())
    }

    fn quantity(&mut self, expr: &Expr, unit: &Unit) -> String {
        match (unit, self.config.units) {
            (Unit::Percent, _) => {
                let value = match self.config.percent {
                    PercentRule::Unit => expr.clone(),
                    PercentRule::Fraction | PercentRule::Either => expr.clone().over(Expr::integer(100)),
                };
                self.value(&value)
            }
            (Unit::Base { base, digits }, _) => format!("{digits}_{base}"),
            (_, Units::Lenient) => self.value(expr),
            (Unit::Known(known), Units::Strict) => {
                let value = self.value(&expr.clone().times(Expr::Number(known.size.clone())));
                format!("{value} {}", unit.canonical())
            }
            (unit, Units::Strict) => format!("{} {}", self.value(expr), unit.canonical()),
        }
    }

    fn sequence(&mut self, sequence: &Sequence) -> String {
        let open = if sequence.open == Bracket::Round { '(' } else { '[' };
        let close = if sequence.close == Bracket::Round {
            ')'
        } else {
            ']'
        };
        let items: Vec<String> = sequence.items.iter().map(|item| self.answer(item)).collect();
        format!("{open}{}{close}", items.join(", "))
    }

    /// A line of a matrix is a vector; else rows.
    fn matrix(&mut self, rows: &[Vec<Expr>]) -> String {
        if rows.len() == 1 || rows.iter().all(|row| row.len() == 1) {
            let entries: Vec<String> = rows.iter().flatten().map(|entry| self.value(entry)).collect();
            return format!("({})", entries.join(", "));
        }
        let rows: Vec<String> = rows
            .iter()
            .map(|row| {
                let entries: Vec<String> = row.iter().map(|entry| self.value(entry)).collect();
                format!("[{}]", entries.join(", "))
            })
            .collect();
        format!("[{}]", rows.join(", "))
    }

    fn collection(&mut self, items: &[Answer]) -> String {
        let mut items: Vec<String> = items.iter().map(|item| self.answer(item)).collect();
        if self.config.lists == Lists::Unordered {
            items.sort();
            items.dedup();
        }
        match items.as_slice() {
            [only] => only.clone(),
            items => format!("{{{}}}", items.join(", ")),
        }
    }

    /// Parts over the first; of two parts the quotient, which the fraction shares.
    fn ratio(&mut self, parts: &[Expr]) -> String {
        match parts {
            [over, under] => self.value(&over.clone().over(under.clone())),
            [first, rest @ ..] => {
                let rest: Vec<String> = rest
                    .iter()
                    .map(|part| self.value(&part.clone().over(first.clone())))
                    .collect();
                format!("1:{}", rest.join(":"))
            }
            [] => String::new(),
        }
    }

    fn relation(&mut self, relation: &Relation) -> String {
        if let Some(value) = side::named_value(relation) {
            return self.answer(value);
        }
        let mut sides: Vec<String> = relation.sides.iter().map(|side| self.answer(side)).collect();
        let mut signs = relation.signs.clone();
        if matches!(signs[0], Sign::Greater | Sign::GreaterOrEqual) {
            sides.reverse();
            signs = signs.into_iter().rev().map(super::relation::flipped).collect();
        }
        let mut out = String::new();
        for (at, side) in sides.iter().enumerate() {
            if at > 0 {
                out.push_str(&format!(" {} ", signs[at - 1]));
            }
            out.push_str(side);
        }
        out
    }
}
