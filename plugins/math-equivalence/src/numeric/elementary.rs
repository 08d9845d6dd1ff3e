//! Elementary functions of one exact number, as intervals.
//!
//! Each reduces its argument to where a power series converges quickly and keeps count of the error: results are intervals that
//! contain the true value, of about the relative precision asked for. This is the only place that knows how they are computed.

use dashu_int::ops::{BitTest, DivEuclid, DivRemEuclid, UnsignedAbs};
use dashu_int::{IBig, UBig};

use super::constants;
use super::dyadic::{Dyadic, Rounding, signed, unsigned};
use super::failure::{Failure, OUT_OF_RANGE};
use super::interval::Interval;
use super::series;

/// Bits that are computed beyond those asked for.
const EXTRA: usize = 8;

/// Exponents of `exp` are less than two to this power. Beyond, results have tens of thousands of digits.
const EXP_TOP: i64 = 14;

/// Arguments of sine and cosine are less than two to this power, and logarithms are of numbers less than two to the power of that.
const ANGLE_TOP: i64 = 64;

/// π.
///
/// # Errors
/// [`OUT_OF_RANGE`] for more bits than are known.
pub fn pi(bits: usize) -> Result<Interval, Failure> {
    let scale = bits + EXTRA;
    let value = constants::pi(scale).ok_or(OUT_OF_RANGE)?;
    Ok(Interval::around(value.into(), 1, -signed(scale), bits))
}

/// e to the power of x.
///
/// # Errors
/// [`OUT_OF_RANGE`] when the exponent is 2^14 or more.
pub fn exp(x: &Dyadic, bits: usize) -> Result<Interval, Failure> {
    if x.is_zero() {
        return Ok(Interval::exact(Dyadic::ONE));
    }
    if x.top() > EXP_TOP {
        return Err(OUT_OF_RANGE);
    }
    // x = k ln 2 + r. There are fewer than 2^15 halvings k, each off by less than one unit of 2^-fine; with x's own rounding, r is
    // off by less than two units of 2^-scale, which e^r < 2 makes less than five.
    let scale = bits + EXTRA;
    let fine = scale + 16;
    let ln_2 = IBig::from(constants::ln_2(fine).ok_or(OUT_OF_RANGE)?);
    let (k, r) = x.scaled_floor(signed(fine)).div_rem_euclid(ln_2);
    let power = series::exp(&(r >> 16), scale);
    let k = i64::try_from(k).map_err(|_| OUT_OF_RANGE)?;
    Ok(Interval::around(
        power.into(),
        5 + series::ERROR,
        k - signed(scale),
        bits,
    ))
}

/// The natural logarithm of x.
///
/// # Errors
/// [`Failure::Undefined`] for 0; [`Failure::Imprecise`] for a negative number, whose logarithm is not real; [`OUT_OF_RANGE`] for
/// numbers of astronomical size.
pub fn ln(x: &Dyadic, bits: usize) -> Result<Interval, Failure> {
    if x.is_zero() {
        return Err(Failure::Undefined);
    }
    if x.is_negative() {
        return Err(Failure::Imprecise);
    }
    // x = 2^k · m / half with 2/3 <= m / half < 4/3, and ln(m / half) = 2 artanh((m - half) / (m + half)).
    let m = x.parts().0.clone();
    let mut k = x.top();
    let mut half = IBig::ONE << x.bits();
    if &m * IBig::from(3) < &half * IBig::from(2) {
        k = k.saturating_sub(1);
        half >>= 1;
    }
    let (difference, sum) = (&m - &half, m + half);
    if k == 0 && difference.is_zero() {
        return Ok(Interval::exact(Dyadic::ZERO));
    }
    // Close to 1 the logarithm is small, and so is what it may be off.
    let lost = if k == 0 {
        sum.bit_len() - difference.bit_len()
    } else {
        0
    };
    let scale = bits + EXTRA + lost;
    let t = ((&difference).unsigned_abs() << scale) / sum.unsigned_abs();
    // t is off by less than one unit, which the derivative makes 1.05 at most; both are doubled.
    let area = IBig::from(series::artanh(&t, scale)) << 1;
    let fraction = if difference < IBig::ZERO { -area } else { area };
    // As many more bits as k has keep its error below one unit; rounding adds another.
    let whole = if k == 0 {
        IBig::ZERO
    } else {
        let k = IBig::from(k);
        let fine = k.bit_len();
        (k * IBig::from(constants::ln_2(scale + fine).ok_or(OUT_OF_RANGE)?)) >> fine
    };
    Ok(Interval::around(
        whole + fraction,
        5 + 2 * series::ERROR,
        -signed(scale),
        bits,
    ))
}

/// The sine of x.
///
/// # Errors
/// [`OUT_OF_RANGE`] when x is 2^64 or more.
pub fn sin(x: &Dyadic, bits: usize) -> Result<Interval, Failure> {
    if let Some(result) = tiny(x, bits) {
        return Ok(result);
    }
    let scale = bits + EXTRA + small_argument(x);
    let angle = Angle::of(x, scale)?;
    Ok(angle.turned(0, bits))
}

/// The cosine of x.
///
/// # Errors
/// [`OUT_OF_RANGE`] when x is 2^64 or more.
pub fn cos(x: &Dyadic, bits: usize) -> Result<Interval, Failure> {
    if x.is_zero() {
        return Ok(Interval::exact(Dyadic::ONE));
    }
    let angle = Angle::of(x, bits + EXTRA)?;
    Ok(angle.turned(1, bits))
}

/// The inverse tangent of x.
///
/// # Errors
/// [`OUT_OF_RANGE`] for more bits than π is known to.
pub fn arctan(x: &Dyadic, bits: usize) -> Result<Interval, Failure> {
    if let Some(result) = tiny(x, bits) {
        return Ok(result);
    }
    let scale = bits + EXTRA + small_argument(x);
    let absolute = x.absolute();
    // Either argument of the series is off by less than one unit, and so is half of π.
    let value = if absolute <= Dyadic::ONE {
        series::arctan(&absolute.scaled_floor(signed(scale)).unsigned_abs(), scale)
    } else {
        let (mantissa, exponent) = absolute.parts();
        let places = signed(scale).saturating_sub(exponent);
        let inverse = if places < 0 {
            UBig::ZERO
        } else {
            (UBig::ONE << unsigned(places)) / mantissa.unsigned_abs()
        };
        let right_angle = constants::pi(scale - 1).ok_or(OUT_OF_RANGE)?;
        right_angle - series::arctan(&inverse, scale)
    };
    let value = IBig::from(value);
    let value = if x.is_negative() { -value } else { value };
    Ok(Interval::around(value, 2 + series::ERROR, -signed(scale), bits))
}

/// x to within a factor of `1 ± 2^-bits`, when x is so small that this contains its sine, tangent, hyperbolic sine and their inverses.
///
/// They all lie between `x - |x|³` and `x + |x|³` for `|x| < 1/2`.
pub fn tiny(x: &Dyadic, bits: usize) -> Option<Interval> {
    let places = signed(bits);
    if x.is_zero() {
        return Some(Interval::exact(Dyadic::ZERO));
    }
    if x.top() >= -places {
        return None;
    }
    let slack = x.absolute().shifted(-places);
    Some(Interval::new(
        x.minus(&slack, bits, Rounding::Down),
        x.plus(&slack, bits, Rounding::Up),
    ))
}

/// How many leading zeros the fixed-point form of an argument below 1 has.
pub fn small_argument(x: &Dyadic) -> usize {
    unsigned(-x.top().min(0))
}

/// An angle as right angles and the rest.
struct Angle {
    /// How many right angles, modulo 4.
    quarters: u8,
    /// The rest, at most half a right angle either way, in units of `2^-scale`; off by less than two.
    rest: UBig,
    /// Whether the rest is negative.
    negative: bool,
    scale: usize,
}

impl Angle {
    fn of(x: &Dyadic, scale: usize) -> Result<Self, Failure> {
        if x.top() > ANGLE_TOP {
            return Err(OUT_OF_RANGE);
        }
        if x.top() < 0 {
            let rest = x.scaled_floor(signed(scale)).unsigned_abs();
            return Ok(Self {
                quarters: 0,
                rest,
                negative: x.is_negative(),
                scale,
            });
        }
        // There are fewer than 2^top right angles, each off by less than one unit of 2^-fine.
        let guard = unsigned(x.top()) + 4;
        let fine = scale + guard;
        let right_angle = IBig::from(constants::pi(fine - 1).ok_or(OUT_OF_RANGE)?);
        let x = x.scaled_floor(signed(fine));
        let count = ((&x << 1) + &right_angle).div_euclid(&right_angle << 1);
        let rest = x - &count * right_angle;
        Ok(Self {
            quarters: u8::from(count.bit(0)) + 2 * u8::from(count.bit(1)),
            negative: rest < IBig::ZERO,
            rest: rest.unsigned_abs() >> guard,
            scale,
        })
    }

    /// The sine of this and so many right angles.
    fn turned(&self, quarters: u8, bits: usize) -> Interval {
        let quarters = (self.quarters + quarters) % 4;
        let (value, negative) = if quarters.is_multiple_of(2) {
            (series::sin(&self.rest, self.scale), self.negative)
        } else {
            (series::cos(&self.rest, self.scale), false)
        };
        let value = IBig::from(value);
        let upper_half = quarters < 2;
        let value = if negative == upper_half { -value } else { value };
        Interval::around(value, 2 + series::ERROR, -signed(self.scale), bits)
    }
}
