//! Numbers and expressions.

use std::rc::Rc;

use dashu_int::UBig;
use dashu_ratio::RBig;

use super::{Comparison, Decision, Outcome};
use crate::budget::Budget;
use crate::config::Decimals;
use crate::tree::{Constant, Expr, Function};
use crate::{exact, modular, numeric};

impl Comparison<'_> {
    /// Compares expressions: exactly where a normal form exists, else at points.
    pub(super) fn values(&mut self, reference: &Expr, answer: &Expr) -> Decision {
        let decision = self.notations(reference, answer);
        if decision.outcome != Outcome::Equal
            && let Some(rounded) = self.rounded(reference, answer)
        {
            return rounded;
        }
        decision
    }

    /// A logarithm without a base is the natural or the decimal one, as its writer's school has it: either makes the answers equal.
    fn notations(&mut self, reference: &Expr, answer: &Expr) -> Decision {
        let (bare, other) = (has_bare_log(reference), has_bare_log(answer));
        if !bare && !other {
            return self.expressions(reference, answer);
        }
        let natural = self.expressions(&with_log(reference, None), &with_log(answer, None));
        if natural.is_equal() {
            return natural;
        }
        let ten = RBig::from(10);
        let decimal = self.expressions(&with_log(reference, Some(&ten)), &with_log(answer, Some(&ten)));
        if decimal.is_equal() { decimal } else { natural }
    }

    pub(super) fn expressions(&mut self, one: &Expr, other: &Expr) -> Decision {
        if one == other {
            return Decision::equal("same tree", "both are written alike");
        }
        if let (Expr::Number(one), Expr::Number(other)) = (one, other) {
            return Decision::of(one == other, "rational numbers", "compared as exact fractions");
        }
        if let Some(decision) = infinities(one, other) {
            return decision;
        }
        if let Some(decision) = self.normal_forms(one, other) {
            return decision;
        }
        if let Some(verdict) = modular::compare(one, other, &mut self.budget) {
            return match verdict {
                modular::Verdict::Equal { evidence } => Decision::equal("points modulo primes", evidence),
                modular::Verdict::Different { witness } => {
                    Decision::different("points modulo primes", witness)
                }
            };
        }
        match numeric::compare(one, other, &mut self.budget) {
            numeric::Numeric::Equal { evidence } => Decision::equal("interval arithmetic", evidence),
            numeric::Numeric::Different { witness } => Decision::different("interval arithmetic", witness),
            numeric::Numeric::Undecided { why } => Decision::undecided("interval arithmetic", why),
        }
    }

    /// None when normal forms can't tell.
    fn normal_forms(&mut self, one: &Expr, other: &Expr) -> Option<Decision> {
        let mut half = self.budget.half();
        let verdict = verdict(one, other, &mut half);
        self.budget.put_back(&half);
        match verdict? {
            exact::Verdict::Equal => Some(Decision::equal(
                "normal form",
                "their difference is zero, term by term",
            )),
            exact::Verdict::Different => Some(Decision::different(
                "normal form",
                "their difference has terms left that can't cancel",
            )),
            exact::Verdict::Open => None,
        }
    }

    /// Equal by the configured tolerance: one side is a decimal that the other rounds to.
    fn rounded(&mut self, reference: &Expr, answer: &Expr) -> Option<Decision> {
        if self.config.decimals != Decimals::Rounded {
            return None;
        }
        let places = self.places.filter(|places| *places >= 1)?;
        let Expr::Number(decimal) = answer else {
            return None;
        };
        let significant = significant_digits(decimal, places);
        if significant < self.config.min_digits {
            return None;
        }
        numeric::rounds_to(reference, decimal, places, &mut self.budget)?.then(|| {
            Decision::equal(
                "rounded decimal",
                format!("the reference rounds to this decimal at its {places} places; the configuration takes that"),
            )
        })
    }
}

fn verdict(one: &Expr, other: &Expr, budget: &mut Budget) -> Option<exact::Verdict> {
    let left = exact::form(one, budget).ok()?;
    let right = exact::form(other, budget).ok()?;
    exact::compare(&left, &right, budget).ok()
}

/// Infinities have no arithmetic here but their sign.
fn infinities(one: &Expr, other: &Expr) -> Option<Decision> {
    let (one, other) = (infinity(one), infinity(other));
    if one.is_none() && other.is_none() {
        return None;
    }
    Some(Decision::of(one == other, "infinity", "compared by sign"))
}

/// The sign of an infinity: true for a negative one. None for anything else.
pub(super) fn infinity(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Constant(Constant::Infinity) => Some(false),
        Expr::Product(factors) => match factors.as_slice() {
            [Expr::Number(sign), Expr::Constant(Constant::Infinity)] => Some(*sign < RBig::ZERO),
            _ => None,
        },
        _ => None,
    }
}

const BARE_LOG: &str = "log";

fn has_bare_log(expr: &Expr) -> bool {
    match expr {
        Expr::Apply(Function::Named(name), _) if &**name == BARE_LOG => true,
        Expr::Sum(parts) | Expr::Product(parts) | Expr::Apply(_, parts) => parts.iter().any(has_bare_log),
        Expr::Power(base, exponent) => has_bare_log(base) || has_bare_log(exponent),
        Expr::Root(_, of) => has_bare_log(of),
        Expr::Number(_) | Expr::Constant(_) | Expr::Variable(_) => false,
    }
}

/// `expr` with its bare logarithms to this base; None is the natural one.
fn with_log(expr: &Expr, base: Option<&RBig>) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(|part| with_log(part, base)).collect::<Vec<_>>();
    match expr {
        Expr::Apply(Function::Named(name), arguments) if &**name == BARE_LOG => {
            let natural = Expr::Apply(Function::Ln, all(arguments));
            match base {
                None => natural,
                Some(base) => natural.over(Expr::apply(Function::Ln, Expr::Number(base.clone()))),
            }
        }
        Expr::Apply(function, arguments) => Expr::Apply(function.clone(), all(arguments)),
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => Expr::Product(all(factors)),
        Expr::Power(parts, exponent) => with_log(parts, base).to(with_log(exponent, base)),
        Expr::Root(index, of) => Expr::Root(*index, Box::new(with_log(of, base))),
        Expr::Number(_) | Expr::Constant(_) | Expr::Variable(_) => expr.clone(),
    }
}

/// Digits of `decimal` from its first non-zero one to its last place.
fn significant_digits(decimal: &RBig, places: u32) -> u32 {
    let scaled = decimal * RBig::from(UBig::from(10_u8).pow(places as usize));
    let digits = scaled.trunc().to_string();
    u32::try_from(digits.trim_start_matches(['-', '0']).len()).unwrap_or(u32::MAX)
}

/// The variables of an expression, in order, each once.
pub(super) fn variables(expr: &Expr, found: &mut std::collections::BTreeSet<Rc<str>>) {
    match expr {
        Expr::Variable(name) => {
            found.insert(Rc::clone(name));
        }
        Expr::Sum(parts) | Expr::Product(parts) | Expr::Apply(_, parts) => {
            for part in parts {
                variables(part, found);
            }
        }
        Expr::Power(base, exponent) => {
            variables(base, found);
            variables(exponent, found);
        }
        Expr::Root(_, of) => variables(of, found),
        Expr::Number(_) | Expr::Constant(_) => {}
    }
}
