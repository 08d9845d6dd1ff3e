//! Rational denominators: `1 / (√3 - √2)` is `√3 + √2`.

use super::atom::Atom;
use super::exponent::Exponent;
use super::poly::{Poly, Term};

/// Longest denominator that is worth it: each square root in it can double the terms above.
const TERMS: usize = 8;

/// What to multiply a denominator by so that one square root (or the imaginary unit) leaves it. None when there is none, or when the
/// denominator is not a number made of square roots.
pub(super) fn of(denominator: &Poly) -> Option<Poly> {
    let square_root = |(atom, exponent): &(Atom, Exponent)| match atom {
        Atom::I => true,
        Atom::Prime(_) => *exponent == Exponent::HALF,
        _ => false,
    };
    let numeric = denominator.len() <= TERMS
        && denominator
            .terms()
            .iter()
            .all(|term| term.monomial.powers().iter().all(square_root));
    if !numeric {
        return None;
    }
    let root = denominator.atoms().next()?.clone();
    let has_root = |term: &Term| term.monomial.atoms().any(|atom| *atom == root);
    Some(denominator.with_signs(has_root))
}
