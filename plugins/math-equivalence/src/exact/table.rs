//! Sines and tangents of multiples of π that are square roots.

use dashu_int::IBig;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::exponent::Exponent;
use super::form::Form;
use super::monomial::Monomial;
use super::poly::Poly;
use super::radical;
use crate::budget::{Budget, TooMuch};

/// The positive number `√(first + second √radicand) / divisor`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surd {
    first: i16,
    second: i16,
    radicand: u8,
    divisor: u8,
}

const fn surd(first: i16, second: i16, radicand: u8, divisor: u8) -> Surd {
    Surd {
        first,
        second,
        radicand,
        divisor,
    }
}

/// Angles in units of π between 0 and 1/2, and their sines.
pub(super) const SINES: &[(Exponent, Surd)] = &[
    (Exponent::reduced(1, 12), surd(2, -1, 3, 2)),
    (Exponent::reduced(1, 10), surd(6, -2, 5, 4)),
    (Exponent::reduced(1, 8), surd(2, -1, 2, 2)),
    (Exponent::reduced(1, 6), surd(1, 0, 1, 2)),
    (Exponent::reduced(1, 5), surd(10, -2, 5, 4)),
    (Exponent::reduced(1, 4), surd(2, 0, 1, 2)),
    (Exponent::reduced(3, 10), surd(6, 2, 5, 4)),
    (Exponent::reduced(1, 3), surd(3, 0, 1, 2)),
    (Exponent::reduced(3, 8), surd(2, 1, 2, 2)),
    (Exponent::reduced(2, 5), surd(10, 2, 5, 4)),
    (Exponent::reduced(5, 12), surd(2, 1, 3, 2)),
    (Exponent::reduced(1, 2), surd(1, 0, 1, 1)),
];

/// The same angles except the last one, and their tangents.
pub(super) const TANGENTS: &[(Exponent, Surd)] = &[
    (Exponent::reduced(1, 12), surd(7, -4, 3, 1)),
    (Exponent::reduced(1, 10), surd(25, -10, 5, 5)),
    (Exponent::reduced(1, 8), surd(3, -2, 2, 1)),
    (Exponent::reduced(1, 6), surd(3, 0, 1, 3)),
    (Exponent::reduced(1, 5), surd(5, -2, 5, 1)),
    (Exponent::reduced(1, 4), surd(1, 0, 1, 1)),
    (Exponent::reduced(3, 10), surd(25, 10, 5, 5)),
    (Exponent::reduced(1, 3), surd(3, 0, 1, 1)),
    (Exponent::reduced(3, 8), surd(3, 2, 2, 1)),
    (Exponent::reduced(2, 5), surd(5, 2, 5, 1)),
    (Exponent::reduced(5, 12), surd(7, 4, 3, 1)),
];

/// The sine of an angle in units of π.
pub(super) fn sine(angle: Exponent) -> Option<Surd> {
    find(SINES, angle)
}

/// The tangent of an angle in units of π.
pub(super) fn tangent(angle: Exponent) -> Option<Surd> {
    find(TANGENTS, angle)
}

fn find(table: &[(Exponent, Surd)], angle: Exponent) -> Option<Surd> {
    table
        .iter()
        .find_map(|(known, surd)| (*known == angle).then_some(*surd))
}

impl Surd {
    /// The number itself.
    pub(super) fn root(self, budget: &mut Budget) -> Result<Form, NoForm> {
        let root = radical::square_root(&self.under_the_root(budget)?, budget)?;
        Ok(root.scaled(&RBig::from_parts(IBig::ONE, self.divisor.into()), budget)?)
    }

    /// Whether this is the number's square.
    pub(super) fn has_square(self, square: &Form, budget: &mut Budget) -> Result<bool, TooMuch> {
        // Most values are ruled out by their rational part.
        let divisor = u16::from(self.divisor) * u16::from(self.divisor);
        let rational = RBig::from_parts(self.first.into(), divisor.into());
        if *square.numerator().constant() != rational {
            return Ok(false);
        }
        let scale = RBig::from_parts(IBig::ONE, divisor.into());
        Ok(self.under_the_root(budget)?.scaled(&scale, budget)? == *square)
    }

    fn under_the_root(self, budget: &mut Budget) -> Result<Form, TooMuch> {
        let mut poly = Poly::number(RBig::from(self.first));
        if self.second != 0 {
            let powers = vec![(Atom::Prime(self.radicand.into()), Exponent::HALF)];
            let (_, root) = Monomial::carried(powers, budget)?;
            poly = poly.plus(&Poly::term(RBig::from(self.second), root), budget)?;
        }
        Ok(Form::whole(poly))
    }
}
