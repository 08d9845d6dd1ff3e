//! Algebraic normal forms, and what they decide.
//!
//! A [`Form`] is a quotient of two polynomials with rational coefficients over `atom`s: letters, roots of primes, π, powers of e,
//! logarithms of primes, and whatever else nothing simplifies. What is equal by the rules of algebra has the same normal form up to a
//! common factor above and below, so a zero difference proves equality. Whether a nonzero difference proves inequality depends on the
//! atoms; `independence` says for which it does.
//!
//! Letters stand for real numbers, and a fractional power of a letter is compared where it is real: `x^(1/3)` and the cube root of `x`
//! are one. Of numbers, a power takes the principal value and an odd root the real one.
//!
//! From the bottom up: `coefficient`s and `exponent`s, `monomial`s of `atom`s, `poly`nomials, [`Form`]s and how they `reduce` (`gcd`,
//! `conjugate`); then what functions make of them: `radical`s (`factor`, `denest`), `exponential`s, `logarithm`s, `trigonometry`,
//! `rounding`, `counting`. `build` walks the tree.

mod atom;
mod build;
mod canonical;
mod coefficient;
mod compare;
mod conjugate;
mod coprime;
mod counting;
mod denest;
mod enclosure;
mod exponent;
mod exponential;
mod factor;
mod form;
mod gcd;
mod independence;
mod integer_root;
mod logarithm;
mod monomial;
mod poly;
mod positive;
mod radical;
mod ratio;
mod reduce;
mod rounding;
mod table;
mod trigonometry;
mod turn;

#[cfg(test)]
mod tests;

use crate::budget::{Budget, TooMuch};
use crate::tree::Expr;

pub use compare::{Verdict, compare};
pub use form::Form;
pub use ratio::{Ratio, ratio_is_constant};

/// Why an expression has no normal form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoForm {
    /// It is too large, or takes more work than the budget holds.
    #[error("its normal form is too large")]
    TooMuch,
    /// Something in it is divided by zero.
    #[error("it divides by zero")]
    DividesByZero,
    /// There is an infinity in it.
    #[error("it is infinite")]
    Infinite,
    /// No rule here covers it, or conventions differ on what it is: `0^0`, the factorial of a negative integer.
    #[error("no rule gives it a value")]
    Unsupported,
}

impl From<TooMuch> for NoForm {
    fn from(_: TooMuch) -> Self {
        Self::TooMuch
    }
}

/// The normal form of an expression.
///
/// # Errors
/// [`NoForm`] says why there is none. [`NoForm::TooMuch`] by size leaves the rest of the budget untouched.
pub fn form(expr: &Expr, budget: &mut Budget) -> Result<Form, NoForm> {
    build::form(expr, budget)
}
