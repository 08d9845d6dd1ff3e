//! Whether two normal forms are the same number or function.

use super::form::Form;
use super::independence;
use super::poly::Poly;
use super::reduce::multiplied_out;
use crate::budget::{Budget, TooMuch};

/// What normal forms say about two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// They are equal wherever both are defined: their difference is zero term by term.
    Equal,
    /// They differ: terms are left that can't cancel.
    Different,
    /// Terms are left that might cancel by a rule that is not known here.
    Open,
}

/// Compares two normal forms.
///
/// # Errors
/// [`TooMuch`] when multiplying out the difference exceeds the budget.
pub fn compare(one: &Form, other: &Form, budget: &mut Budget) -> Result<Verdict, TooMuch> {
    if one == other {
        return Ok(Verdict::Equal);
    }
    if one.number().is_some() && other.number().is_some() {
        return Ok(Verdict::Different);
    }
    let difference = if one.denominator() == other.denominator() {
        one.numerator().minus(other.numerator(), budget)?
    } else {
        let left = one.numerator().times(other.denominator(), budget)?;
        left.minus(&other.numerator().times(one.denominator(), budget)?, budget)?
    };
    let (difference, _) = multiplied_out(difference, Poly::ONE, budget)?;
    if difference.is_zero() {
        return Ok(Verdict::Equal);
    }
    Ok(if independence::certain(&difference, budget)? {
        Verdict::Different
    } else {
        Verdict::Open
    })
}
