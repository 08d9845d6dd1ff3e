//! Numbers that are turns of the complex plane: 1, -1 and the imaginary units.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use crate::budget::Budget;

/// The principal angle of 1, -1, `i` and `-i` in half turns: 0, 1, 1/2, -1/2. None for anything else.
///
/// -1 is `e^(iπ)`, and the imaginary unit `e^(iπ/2)`.
pub(super) fn half_turns(number: &Form) -> Option<RBig> {
    let (sign, monomial) = number.as_term()?;
    let negative = sign.sign() == Sign::Negative;
    match monomial.powers() {
        [] if negative => Some(RBig::ONE),
        [] => Some(RBig::ZERO),
        [(Atom::I, _)] if negative => Some(-RBig::ONE / RBig::from(2)),
        [(Atom::I, _)] => Some(RBig::ONE / RBig::from(2)),
        _ => None,
    }
}

/// `iπ`, the logarithm of half a turn.
pub(super) fn half_turn(budget: &mut Budget) -> Result<Form, NoForm> {
    let powers = vec![(Atom::I, Exponent::ONE), (Atom::Pi, Exponent::ONE)];
    let (carry, monomial) = Monomial::carried(powers, budget)?;
    Ok(Form::term(carry, monomial))
}
