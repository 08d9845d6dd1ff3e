//! Positive factors, which roots, powers and logarithms distribute over.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::coefficient;
use super::form::Form;
use super::monomial::Monomial;
use crate::budget::Budget;

/// A nonzero form as `factor * monomial * rest`.
#[derive(Debug)]
pub(super) struct Split {
    /// Positive.
    pub(super) factor: RBig,
    /// A product of positive atoms.
    pub(super) monomial: Monomial,
    /// Everything else; 1 or -1 for a number that is decidedly real.
    pub(super) rest: Form,
}

/// Takes positive factors out. Of sums only the rational content is looked at.
pub(super) fn split(form: &Form, budget: &mut Budget) -> Result<Split, NoForm> {
    if let Some((factor, monomial)) = form.as_term() {
        let (positive, others) = monomial.partition(Atom::is_positive);
        let (factor, sign) = match factor.sign() {
            Sign::Positive => (factor.clone(), RBig::ONE),
            Sign::Negative => (-factor, RBig::NEG_ONE),
        };
        return Ok(Split {
            factor,
            monomial: positive,
            rest: Form::term(sign, others),
        });
    }
    let factor = form.numerator().content(budget)?;
    let inverse = coefficient::inverse(&factor).ok_or(NoForm::DividesByZero)?;
    Ok(Split {
        rest: form.scaled(&inverse, budget)?,
        factor,
        monomial: Monomial::ONE.clone(),
    })
}
