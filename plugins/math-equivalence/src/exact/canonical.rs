//! Normal forms as strings that equal answers share.

use std::cmp::Ordering;

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::atom::Atom;
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use super::poly::Poly;
use super::reduce::least_powers;
use crate::budget::Budget;

/// What writing a quotient may cost: no answer that several completions agree on takes longer.
const WORK: u64 = 20_000;

/// Highest power in a quotient: beyond, it may not be in lowest terms.
const DEGREE: i64 = 200;

impl Form {
    /// A string that all equal forms share: of a rational number (`-7/2`), of a polynomial with rational coefficients, where negative
    /// and fractional exponents count as well (`x^2 + 2*x + 1`), and of a quotient in one variable (`(x + 1)/(x - 1)`). None for
    /// everything else.
    #[must_use]
    pub fn canonical(&self) -> Option<String> {
        if let Some(value) = self.number() {
            return Some(value.to_string());
        }
        let variables_only = self.atoms().all(|atom| matches!(atom, Atom::Variable(_)));
        if !variables_only {
            return None;
        }
        if self.denominator().is_one() {
            return Some(polynomial(self.numerator()));
        }
        let mut names = self.atoms();
        let first = names.next()?;
        if names.any(|atom| atom != first) || !self.has_small_whole_powers() {
            return None;
        }
        let budget = &mut Budget::of(WORK);
        // What is x^-1/(x + 1) inside is written 1/(x^2 + x).
        let least = least_powers(self.numerator(), budget).ok()?;
        let (below, _) = least
            .powers()
            .iter()
            .cloned()
            .partition(|(_, exponent)| *exponent < Exponent::ZERO);
        let (carry, inverse) = Monomial::carried(below, budget)
            .ok()?
            .1
            .to(Exponent::ONE.negated(), budget)
            .ok()?;
        let numerator = self.numerator().times_term(&carry, &inverse, budget).ok()?;
        let denominator = self.denominator().times_term(&carry, &inverse, budget).ok()?;
        let above = polynomial(&numerator);
        let below = polynomial(&denominator);
        Some(if numerator.len() > 1 {
            format!("({above})/({below})")
        } else {
            format!("{above}/({below})")
        })
    }

    fn has_small_whole_powers(&self) -> bool {
        let terms = self.numerator().terms().iter().chain(self.denominator().terms());
        terms
            .flat_map(|term| term.monomial.powers())
            .all(|(_, exponent)| exponent.is_whole() && exponent.numerator().abs() <= DEGREE)
    }
}

/// Terms from the highest degree down, in each degree by the names of the letters.
fn polynomial(poly: &Poly) -> String {
    let mut terms: Vec<(&Monomial, &RBig)> = poly.all_terms().collect();
    terms.sort_by(|left, right| by_degree(left.0, right.0));
    let mut text = String::new();
    for (monomial, coefficient) in terms {
        let negative = coefficient.sign() == Sign::Negative;
        text.push_str(match (text.is_empty(), negative) {
            (true, false) => "",
            (true, true) => "-",
            (false, false) => " + ",
            (false, true) => " - ",
        });
        let magnitude = if negative {
            -coefficient
        } else {
            coefficient.clone()
        };
        if monomial.is_one() {
            text.push_str(&magnitude.to_string());
            continue;
        }
        if !magnitude.is_one() {
            text.push_str(&magnitude.to_string());
            text.push('*');
        }
        text.push_str(&letters(monomial));
    }
    text
}

fn by_degree(left: &Monomial, right: &Monomial) -> Ordering {
    let degree = |monomial: &Monomial| {
        monomial
            .powers()
            .iter()
            .try_fold(Exponent::ZERO, |sum, (_, exponent)| sum.plus(*exponent))
    };
    // Degrees beyond 64 bits come last, in any fixed order.
    let by_degree = match (degree(left), degree(right)) {
        (Ok(left), Ok(right)) => right.cmp(&left),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => Ordering::Equal,
    };
    by_degree.then_with(|| by_letters(left, right))
}

/// The one with more of the first letter in which they differ comes first.
fn by_letters(left: &Monomial, right: &Monomial) -> Ordering {
    for ((atom, exponent), (other, other_exponent)) in left.powers().iter().zip(right.powers()) {
        match atom.cmp(other).then_with(|| other_exponent.cmp(exponent)) {
            Ordering::Equal => {}
            order => return order,
        }
    }
    right.powers().len().cmp(&left.powers().len())
}

fn letters(monomial: &Monomial) -> String {
    let mut parts = Vec::new();
    for (atom, exponent) in monomial.powers() {
        let Atom::Variable(name) = atom else { continue };
        parts.push(if *exponent == Exponent::ONE {
            name.to_string()
        } else if exponent.is_whole() && *exponent > Exponent::ZERO {
            format!("{name}^{}", exponent.numerator())
        } else {
            format!("{name}^({})", exponent.to_rational())
        });
    }
    parts.join("*")
}
