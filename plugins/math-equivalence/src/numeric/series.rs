//! Power series in fixed point, on arguments that have been made small.
//!
//! An argument `t` stands for `t / 2^bits`, and so does a result. Every result here differs from the true value by less than
//! [`ERROR`] units of `2^-bits`; each function says why. Rounding is always downwards, so that results are the same on
//! every machine.

use dashu_int::UBig;
use dashu_int::ops::SquareRoot;

/// No result is off by as much as this many units in its last place.
pub const ERROR: u32 = 2;

/// Bits that a sum carries beyond those of its result.
///
/// A series of `n` terms, each off by at most 3 units of the finer scale, is off by less than `3n + 10` with its tail. `n` stays
/// below 200 for up to 1300 bits, so this is less than `2^10`, and what the functions do afterwards makes it at most 32 times as
/// much.
const GUARD: usize = 16;

/// `e^t` for `0 <= t < 1`.
///
/// The series of `e^(t/2^h)`, squared `h` times. A term's error is at most `e/2 + 2`, so at most 4; the sum is off by less than
/// `4n + 10`, and `h` squarings make that `2^h · e` times as much (one unit each for their own rounding included: `4n + 12`).
/// With `h` extra bits and at most 60 terms, for there are fewer the more squarings, a quarter of a unit remains, and the last
/// rounding adds one.
pub fn exp(t: &UBig, bits: usize) -> UBig {
    let halvings = bits.isqrt();
    let scale = bits + halvings + GUARD;
    let small = t << GUARD;
    let mut sum = (UBig::ONE << scale) + &small;
    let mut term = small.clone();
    let mut k = 2_u32;
    while !term.is_zero() {
        term = ((&term * &small) >> scale) / k;
        sum += &term;
        k += 1;
    }
    for _ in 0..halvings {
        sum = sum.sqr() >> scale;
    }
    sum >> (halvings + GUARD)
}

/// `sin t` for `0 <= t < 1`.
///
/// A term's error is at most `(e + 2)/6 + 1`, so at most 2.
pub fn sin(t: &UBig, bits: usize) -> UBig {
    circular(t << GUARD, t, 2, bits)
}

/// `cos t` for `0 <= t < 1`.
///
/// A term's error is at most `(e + 2)/2 + 1` at first and `(e + 2)/12 + 1` later, so at most 2.
pub fn cos(t: &UBig, bits: usize) -> UBig {
    circular(UBig::ONE << (bits + GUARD), t, 1, bits)
}

/// `first · (1 - t²/(k(k+1)) + t⁴/(k(k+1)(k+2)(k+3)) - …)`; `first` is at the finer scale.
fn circular(first: UBig, t: &UBig, mut k: u32, bits: usize) -> UBig {
    let scale = bits + GUARD;
    let square = (t << GUARD).sqr() >> scale;
    let mut term = first.clone();
    let (mut added, mut subtracted) = (first, UBig::ZERO);
    let mut negative = true;
    loop {
        term = ((&term * &square) >> scale) / (k * (k + 1));
        if term.is_zero() {
            // The terms fall, so no partial sum is negative.
            return (added - subtracted) >> GUARD;
        }
        if negative {
            subtracted += &term;
        } else {
            added += &term;
        }
        negative = !negative;
        k += 2;
    }
}

/// `artanh t` for `0 <= t <= 1/5`.
pub fn artanh(t: &UBig, bits: usize) -> UBig {
    let scale = bits + GUARD;
    let (small, doublings) = halved(t << GUARD, scale, |square, one| one - square);
    let square = small.sqr() >> scale;
    let mut sum = small.clone();
    let mut power = small;
    let mut k = 3_u32;
    loop {
        power = (&power * &square) >> scale;
        if power.is_zero() {
            return (sum << doublings) >> GUARD;
        }
        sum += &power / k;
        k += 2;
    }
}

/// `arctan t` for `0 <= t <= 1`.
pub fn arctan(t: &UBig, bits: usize) -> UBig {
    let scale = bits + GUARD;
    let (small, doublings) = halved(t << GUARD, scale, |square, one| one + square);
    let square = small.sqr() >> scale;
    let (mut added, mut subtracted) = (small.clone(), UBig::ZERO);
    let mut power = small;
    let mut k = 3_u32;
    loop {
        power = (&power * &square) >> scale;
        if power.is_zero() {
            // The terms fall, so no partial sum is negative.
            return ((added - subtracted) << doublings) >> GUARD;
        }
        if k % 4 == 3 {
            subtracted += &power / k;
        } else {
            added += &power / k;
        }
        k += 2;
    }
}

/// The tangent, or hyperbolic tangent, of so small a part of an angle that its series converges quickly, and how often the angle
/// was halved.
///
/// Half the angle has the tangent `t / (1 + √(1 + t²))`, with `1 - t²` for the hyperbolic one; from an error of `e` it gets one of
/// `0.53e + 1.25` at most, so less than 3. In the series a power's error is at most `e/24 + 1.4`, so at most 2, and a term's at
/// most 3. Doubling the angle again, five times at most, doubles its error.
fn halved(t: UBig, scale: usize, radicand: impl Fn(UBig, UBig) -> UBig) -> (UBig, usize) {
    let one = UBig::ONE << scale;
    let mut small = t;
    let mut doublings = 0;
    while (&small << 5) > one {
        let root = radicand(small.sqr(), UBig::ONE << (2 * scale)).sqrt();
        small = (small << scale) / (&one + root);
        doublings += 1;
    }
    (small, doublings)
}
