//! Square roots of sums: `√(3 + 2√2)` is `1 + √2`, `√(3 + 4i)` is `2 + i`.

use dashu_int::Sign;
use dashu_ratio::RBig;

use super::NoForm;
use super::atom::Atom;
use super::coefficient;
use super::exponent::Exponent;
use super::exponential;
use super::form::Form;
use super::radical;
use crate::budget::Budget;

/// The principal square root of `a + b√c` or `a + bi` with rational `a`, `b`, `c`, where it is a sum of simple roots; None otherwise.
pub(super) fn square_root(form: &Form, budget: &mut Budget) -> Result<Option<Form>, NoForm> {
    let poly = form.numerator();
    let [term] = poly.terms() else {
        return Ok(None);
    };
    if !form.denominator().is_one() || poly.constant().is_zero() {
        return Ok(None);
    }
    let (first, second) = (poly.constant(), &term.coefficient);
    if matches!(term.monomial.powers(), [(Atom::I, _)]) {
        return of_complex(first, second, budget);
    }
    let mut radicand = RBig::ONE;
    for (atom, exponent) in term.monomial.powers() {
        match atom {
            Atom::Prime(prime) if *exponent == Exponent::HALF => {
                radicand = coefficient::product(&radicand, &RBig::from(prime.clone()), budget)?;
            }
            _ => return Ok(None),
        }
    }
    // a² - b²c, which is a square where `√(a + b√c)` is `√p ± √q`.
    let first_square = coefficient::product(first, first, budget)?;
    let second_square = coefficient::product(second, second, budget)?;
    let second_square = coefficient::product(&second_square, &radicand, budget)?;
    let norm = &first_square - &second_square;
    if norm.sign() == Sign::Positive {
        if let Some(root) = coefficient::square_root(&norm, budget)? {
            return of_two_squares(first, &root, second.sign(), budget).map(Some);
        }
        return Ok(None);
    }
    // The same of b + (a/c)√c, after √c is taken out: √(4 + 3√2) is 2^(1/4) (1 + √2).
    let norm = -norm / &radicand;
    let Some(root) = coefficient::square_root(&norm, budget)? else {
        return Ok(None);
    };
    let simple = of_two_squares(second, &root, first.sign(), budget)?;
    let outer = radical::of_rational(&radicand, Exponent::ratio(1, 4)?, budget)?;
    Ok(Some(outer.times(&simple, budget)?))
}

/// `√((a+d)/2) ± √((a-d)/2)` for positive `a`, and `i` times that of `-a` for negative.
fn of_two_squares(first: &RBig, root: &RBig, sign: Sign, budget: &mut Budget) -> Result<Form, NoForm> {
    if first.sign() == Sign::Negative {
        let flipped = of_two_squares(&-first, root, -sign, budget)?;
        return exponential::turn(Exponent::HALF, budget)?.times(&flipped, budget);
    }
    let two = RBig::from(2);
    let larger = half_root(&((first + root) / &two), budget)?;
    let smaller = half_root(&((first - root) / &two), budget)?;
    match sign {
        Sign::Positive => larger.plus(&smaller, budget),
        Sign::Negative => larger.minus(&smaller, budget),
    }
}

/// `√((d+a)/2) ± i√((d-a)/2)`, where `d² = a² + b²`.
fn of_complex(real: &RBig, imaginary: &RBig, budget: &mut Budget) -> Result<Option<Form>, NoForm> {
    let norm =
        coefficient::product(real, real, budget)? + coefficient::product(imaginary, imaginary, budget)?;
    let Some(modulus) = coefficient::square_root(&norm, budget)? else {
        return Ok(None);
    };
    let two = RBig::from(2);
    let above = half_root(&((&modulus + real) / &two), budget)?;
    let beside = half_root(&((&modulus - real) / &two), budget)?;
    let beside = Form::atom(Atom::I).times(&beside, budget)?;
    Ok(Some(match imaginary.sign() {
        Sign::Positive => above.plus(&beside, budget)?,
        Sign::Negative => above.minus(&beside, budget)?,
    }))
}

/// The square root of a rational that is not negative.
fn half_root(value: &RBig, budget: &mut Budget) -> Result<Form, NoForm> {
    if value.is_zero() {
        return Ok(Form::integer(0));
    }
    radical::of_rational(value, Exponent::HALF, budget)
}
