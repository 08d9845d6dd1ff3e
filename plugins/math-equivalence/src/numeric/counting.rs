//! Factorials, binomial coefficients, common divisors and multiples.

use dashu_int::ops::{BitTest, Gcd, UnsignedAbs};
use dashu_int::{IBig, UBig};
use dashu_ratio::RBig;

use super::failure::Failure;
use super::value::Value;

/// Largest number whose factorial is computed, and largest lower number of a binomial coefficient.
pub const LARGEST: u32 = 1000;

/// Longest common multiple and binomial coefficient, in bits.
const LONGEST: usize = 1 << 14;

const NOT_AN_INTEGER: Failure = Failure::Unsupported("a function of integers has another argument");
const TOO_LARGE: Failure = Failure::Unsupported("a factorial or a binomial coefficient is too large");

/// `n!`
///
/// # Errors
/// [`Failure::Undefined`] for a negative integer; what is not certainly an integer and what is too large is not supported.
pub fn factorial(n: &Value, bits: usize) -> Result<Value, Failure> {
    let n = integer(n)?;
    if n < IBig::ZERO {
        return Err(Failure::Undefined);
    }
    let n = small(&n).ok_or(TOO_LARGE)?;
    let product = (2..=n).fold(UBig::ONE, |product, factor| product * factor);
    Ok(Value::integer(product, bits))
}

/// n over k: `n (n-1) … (n-k+1) / k!` for any n, 0 for a negative k.
///
/// # Errors
/// When k is not certainly an integer, or what would be computed is too large.
pub fn binomial(n: &Value, k: &Value, bits: usize) -> Result<Value, Failure> {
    let k = integer(k)?;
    if k < IBig::ZERO {
        return Ok(Value::integer(0, bits));
    }
    let Ok(n) = integer(n) else {
        let k = small(&k).ok_or(TOO_LARGE)?;
        return Ok((0..k).fold(Value::integer(1, bits), |result, i| {
            let above = n.plus(&Value::integer(-i64::from(i), bits), bits);
            let below = Value::Exact(RBig::from_parts(IBig::ONE, (i + 1).into()));
            result.times(&above, bits).times(&below, bits)
        }));
    };
    // Of a number that is not negative, as many are left out as are chosen.
    let k = if n < IBig::ZERO { k } else { (&n - &k).min(k) };
    if k < IBig::ZERO {
        return Ok(Value::integer(0, bits));
    }
    let k = small(&k).ok_or(TOO_LARGE)?;
    if usize::try_from(k)
        .unwrap_or(usize::MAX)
        .saturating_mul(n.bit_len())
        > LONGEST
    {
        return Err(TOO_LARGE);
    }
    // Each of these is a binomial coefficient itself, so the division leaves nothing.
    let result = (0..k).fold(IBig::ONE, |result, i| {
        result * (&n - IBig::from(i)) / IBig::from(i + 1)
    });
    Ok(Value::integer(result, bits))
}

/// The greatest common divisor.
///
/// # Errors
/// When an argument is not certainly an integer.
pub fn gcd(values: &[Value], bits: usize) -> Result<Value, Failure> {
    let divisor = values.iter().try_fold(UBig::ZERO, |divisor, value| {
        let value = integer(value)?.unsigned_abs();
        Ok::<_, Failure>(common_divisor(divisor, value))
    })?;
    Ok(Value::integer(divisor, bits))
}

/// The least common multiple.
///
/// # Errors
/// When an argument is not certainly an integer, or the multiple is too large.
pub fn lcm(values: &[Value], bits: usize) -> Result<Value, Failure> {
    let multiple = values.iter().try_fold(UBig::ONE, |multiple, value| {
        let value = integer(value)?.unsigned_abs();
        if value.is_zero() {
            return Ok(UBig::ZERO);
        }
        let divisor = common_divisor(multiple.clone(), value.clone());
        let multiple = multiple / divisor * value;
        if multiple.bit_len() > LONGEST {
            Err(TOO_LARGE)
        } else {
            Ok(multiple)
        }
    })?;
    Ok(Value::integer(multiple, bits))
}

/// The greatest common divisor, which of 0 and 0 is 0.
fn common_divisor(a: UBig, b: UBig) -> UBig {
    if a.is_zero() {
        b
    } else if b.is_zero() {
        a
    } else {
        a.gcd(b)
    }
}

fn integer(value: &Value) -> Result<IBig, Failure> {
    match value {
        Value::Exact(value) if value.is_int() => Ok(value.numerator().clone()),
        _ => Err(NOT_AN_INTEGER),
    }
}

fn small(value: &IBig) -> Option<u32> {
    u32::try_from(value).ok().filter(|value| *value <= LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BITS: usize = 100;

    fn exact(numerator: i64, denominator: u64) -> Value {
        Value::Exact(RBig::from_parts(numerator.into(), denominator.into()))
    }

    #[test]
    fn factorials_of_integers_are_exact_and_others_refused() {
        assert_eq!(factorial(&exact(0, 1), BITS), Ok(exact(1, 1)));
        assert_eq!(
            factorial(&exact(20, 1), BITS),
            Ok(exact(2_432_902_008_176_640_000, 1))
        );
        assert_eq!(factorial(&exact(-1, 1), BITS), Err(Failure::Undefined));
        assert_eq!(factorial(&exact(1, 2), BITS), Err(NOT_AN_INTEGER));
        assert_eq!(factorial(&exact(1001, 1), BITS), Err(TOO_LARGE));
        assert!(matches!(factorial(&exact(1000, 1), BITS), Ok(Value::Real(_))));
    }

    #[test]
    fn binomial_coefficients_take_any_upper_number() {
        assert_eq!(binomial(&exact(10, 1), &exact(3, 1), BITS), Ok(exact(120, 1)));
        assert_eq!(binomial(&exact(10, 1), &exact(11, 1), BITS), Ok(exact(0, 1)));
        assert_eq!(binomial(&exact(10, 1), &exact(-1, 1), BITS), Ok(exact(0, 1)));
        assert_eq!(binomial(&exact(1, 2), &exact(2, 1), BITS), Ok(exact(-1, 8)));
        assert_eq!(binomial(&exact(-2, 1), &exact(3, 1), BITS), Ok(exact(-4, 1)));
        assert_eq!(
            binomial(&exact(1_000_000, 1), &exact(999_999, 1), BITS),
            Ok(exact(1_000_000, 1))
        );
        assert_eq!(
            binomial(&exact(1_000_000, 1), &exact(500_000, 1), BITS),
            Err(TOO_LARGE)
        );
    }

    #[test]
    fn divisors_and_multiples_take_any_number_of_integers() {
        let numbers = [exact(12, 1), exact(-18, 1), exact(30, 1)];
        assert_eq!(gcd(&numbers, BITS), Ok(exact(6, 1)));
        assert_eq!(lcm(&numbers, BITS), Ok(exact(180, 1)));
        assert_eq!(gcd(&[exact(0, 1), exact(0, 1)], BITS), Ok(exact(0, 1)));
        assert_eq!(lcm(&[exact(0, 1), exact(5, 1)], BITS), Ok(exact(0, 1)));
        assert_eq!(gcd(&[exact(1, 2)], BITS), Err(NOT_AN_INTEGER));
    }
}
