//! Bounds of real numbers, to find out signs and whole parts.
//!
//! Fixed-point integers below and above the number: nothing is decided unless both bounds agree.

use dashu_int::ops::{BitTest, DivEuclid};
use dashu_int::{IBig, Sign, UBig};
use dashu_ratio::RBig;

use super::atom::Atom;
use super::coefficient;
use super::exponent::Exponent;
use super::form::Form;
use super::integer_root::floor_root;
use super::poly::Poly;
use crate::budget::{Budget, TooMuch};

/// Bits after the point.
const BITS: usize = 128;

/// The digits of π after the point, in this precision; cut off.
const PI_FRACTION: u128 = 0x243f_6a88_85a3_08d3_1319_8a2e_0370_7344;

/// The digits of e after the point, in this precision; cut off.
const E_FRACTION: u128 = 0xb7e1_5162_8aed_2a6a_bf71_5880_9cf4_f3c7;

/// A number lies between the two, both counted in units of the last bit.
#[derive(Debug, Clone)]
struct Enclosure {
    low: IBig,
    high: IBig,
}

/// The sign of a real number other than zero; None where it is not known, as for everything with variables or functions in it.
pub(super) fn sign(form: &Form, budget: &mut Budget) -> Result<Option<Sign>, TooMuch> {
    if let Some(value) = form.number() {
        return Ok((!value.is_zero()).then(|| value.sign()));
    }
    let Some(above) = of_poly(form.numerator(), budget)? else {
        return Ok(None);
    };
    let Some(below) = of_poly(form.denominator(), budget)? else {
        return Ok(None);
    };
    Ok(above.sign().zip(below.sign()).map(|(above, below)| above * below))
}

/// The largest integer that is not above a real number, where it is known.
pub(super) fn floor(form: &Form, budget: &mut Budget) -> Result<Option<IBig>, TooMuch> {
    if let Some(value) = form.number() {
        return Ok(Some(value.floor()));
    }
    let Some(above) = of_poly(form.numerator(), budget)? else {
        return Ok(None);
    };
    let Some(below) = of_poly(form.denominator(), budget)? else {
        return Ok(None);
    };
    let (above, below) = match below.sign() {
        Some(Sign::Positive) => (above, below),
        Some(Sign::Negative) => (above.negated(), below.negated()),
        None => return Ok(None),
    };
    let quotient = |value: &IBig| {
        let over_low = value.div_euclid(&below.low);
        let over_high = value.div_euclid(&below.high);
        (over_low == over_high).then_some(over_low)
    };
    Ok(quotient(&above.low)
        .zip(quotient(&above.high))
        .and_then(|(low, high)| (low == high).then_some(low)))
}

impl Enclosure {
    fn exactly(value: &UBig) -> Self {
        let scaled = IBig::from(value << BITS);
        Self {
            low: scaled.clone(),
            high: scaled,
        }
    }

    fn with_fraction(whole: u8, fraction: u128) -> Self {
        let low = (IBig::from(whole) << BITS) + IBig::from(fraction);
        Self {
            high: &low + IBig::ONE,
            low,
        }
    }

    fn sign(&self) -> Option<Sign> {
        if self.low > IBig::ZERO {
            Some(Sign::Positive)
        } else if self.high < IBig::ZERO {
            Some(Sign::Negative)
        } else {
            None
        }
    }

    fn negated(self) -> Self {
        Self {
            low: -self.high,
            high: -self.low,
        }
    }

    /// The product of two positive numbers.
    fn times(&self, other: &Self) -> Self {
        Self {
            low: (&self.low * &other.low) >> BITS,
            high: ((&self.high * &other.high) >> BITS) + IBig::ONE,
        }
    }

    /// A rational multiple of a positive number.
    fn scaled(&self, factor: &RBig) -> Self {
        let divisor = IBig::from(factor.denominator().clone());
        let (low, high) = (&self.low * factor.numerator(), &self.high * factor.numerator());
        let (low, high) = if factor.sign() == Sign::Negative {
            (high, low)
        } else {
            (low, high)
        };
        Self {
            low: low.div_euclid(&divisor),
            high: high.div_euclid(&divisor) + IBig::ONE,
        }
    }

    /// A positive number to a rational power; None for large ones.
    fn to(&self, exponent: Exponent, budget: &mut Budget) -> Result<Option<Self>, TooMuch> {
        let (times, index) = (exponent.numerator().unsigned_abs(), exponent.denominator());
        let (Ok(times @ 1..=32), Ok(index @ 1..=16)) = (usize::try_from(times), usize::try_from(index))
        else {
            return Ok(None);
        };
        let bits = self.high.bit_len() * times + BITS * index;
        if bits > coefficient::BITS {
            return Ok(None);
        }
        coefficient::charge(bits, bits, budget)?;
        let mut power = self.clone();
        for _ in 1..times {
            power = power.times(self);
        }
        if index > 1 {
            let mut root = |value: &IBig| {
                let (_, value) = value.clone().into_parts();
                floor_root(&(value << (BITS * (index - 1))), index, budget).map(IBig::from)
            };
            power = Self {
                low: root(&power.low)?,
                high: root(&power.high)? + IBig::ONE,
            };
        }
        if exponent < Exponent::ZERO {
            if power.low <= IBig::ZERO {
                return Ok(None);
            }
            let one = IBig::ONE << (2 * BITS);
            power = Self {
                low: (&one).div_euclid(&power.high),
                high: one.div_euclid(&power.low) + IBig::ONE,
            };
        }
        Ok(Some(power))
    }
}

fn of_poly(poly: &Poly, budget: &mut Budget) -> Result<Option<Enclosure>, TooMuch> {
    let mut sum = Enclosure {
        low: IBig::ZERO,
        high: IBig::ZERO,
    };
    for (monomial, coefficient) in poly.all_terms() {
        let mut product = Enclosure::exactly(&UBig::ONE);
        for (atom, exponent) in monomial.powers() {
            let Some(base) = of_atom(atom, budget)? else {
                return Ok(None);
            };
            let Some(power) = base.to(*exponent, budget)? else {
                return Ok(None);
            };
            product = product.times(&power);
        }
        coefficient::charge(coefficient::bits(coefficient), product.high.bit_len(), budget)?;
        let term = product.scaled(coefficient);
        sum = Enclosure {
            low: sum.low + term.low,
            high: sum.high + term.high,
        };
    }
    Ok(Some(sum))
}

/// Bounds of an atom that is a positive real number.
fn of_atom(atom: &Atom, budget: &mut Budget) -> Result<Option<Enclosure>, TooMuch> {
    Ok(match atom {
        Atom::Prime(prime) => Some(Enclosure::exactly(prime)),
        Atom::Pi => Some(Enclosure::with_fraction(3, PI_FRACTION)),
        Atom::E => Some(Enclosure::with_fraction(2, E_FRACTION)),
        Atom::Root(radicand) if radicand.denominator().is_one() => of_poly(radicand.numerator(), budget)?
            .filter(|enclosure| enclosure.sign() == Some(Sign::Positive)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::tests::{budget, form_of, integer, root};
    use crate::tree::{Constant, Expr};

    fn sign_of(expr: &Expr) -> Option<Sign> {
        sign(&form_of(expr), &mut budget()).expect("cheap")
    }

    #[test]
    fn the_sign_of_a_sum_of_roots_is_known() {
        let difference = root(2, integer(5)).plus(integer(-2));
        assert_eq!(sign_of(&difference), Some(Sign::Positive));
        assert_eq!(sign_of(&difference.negated()), Some(Sign::Negative));
        assert_eq!(
            sign_of(&root(2, root(2, integer(2)).plus(integer(3)))),
            Some(Sign::Positive)
        );
    }

    #[test]
    fn pi_and_e_are_between_their_neighbours() {
        let pi = Expr::Constant(Constant::Pi);
        let e = Expr::Constant(Constant::E);
        assert_eq!(
            sign_of(&pi.clone().plus(integer(-22).over(integer(7)))),
            Some(Sign::Negative)
        );
        assert_eq!(
            sign_of(&pi.plus(integer(-333).over(integer(106)))),
            Some(Sign::Positive)
        );
        assert_eq!(
            sign_of(&e.clone().plus(integer(-878).over(integer(323)))),
            Some(Sign::Positive)
        );
        assert_eq!(
            sign_of(&e.plus(integer(-1457).over(integer(536)))),
            Some(Sign::Negative)
        );
    }

    #[test]
    fn a_variable_has_no_sign() {
        assert_eq!(sign_of(&Expr::variable("x")), None);
        assert_eq!(sign_of(&Expr::Constant(Constant::I)), None);
        assert_eq!(sign_of(&integer(0)), None);
    }

    #[test]
    fn floors_of_negative_quotients_are_below() {
        let golden = root(2, integer(5)).plus(integer(1)).over(integer(-2));
        assert_eq!(floor(&form_of(&golden), &mut budget()), Ok(Some(IBig::from(-2))));
        let ratio = integer(10).over(root(3, integer(2)).plus(integer(1)));
        assert_eq!(floor(&form_of(&ratio), &mut budget()), Ok(Some(IBig::from(4))));
    }
}
