//! Roots of integers.

use dashu_int::UBig;
use dashu_int::ops::{BitTest, SquareRoot};

use super::coefficient;
use crate::budget::{Budget, TooMuch};

/// Leading bits that are found one by one, before Newton's method is close enough to double them in each step.
const LEADING: usize = 12;

/// The largest integer whose power with this index (of 1 or more) is not above a value.
pub(super) fn floor_root(value: &UBig, index: usize, budget: &mut Budget) -> Result<UBig, TooMuch> {
    if index <= 1 || value.is_zero() {
        return Ok(value.clone());
    }
    let bits = value.bit_len();
    coefficient::charge(bits, bits, budget)?;
    if index == 2 {
        return Ok(value.sqrt());
    }
    // The root is at least 2^length.
    let length = (bits - 1) / index;
    let mut root = UBig::ONE << length;
    let last = length.saturating_sub(LEADING);
    for bit in (last..length).rev() {
        let candidate = &root + (UBig::ONE << bit);
        if candidate.pow(index) <= *value {
            root = candidate;
        }
    }
    if last == 0 {
        return Ok(root);
    }
    // From above, each step comes closer until the root itself.
    root += UBig::ONE << last;
    loop {
        coefficient::charge(bits, bits, budget)?;
        let next = (&root * (index - 1) + value / root.pow(index - 1)) / index;
        if next >= root {
            return Ok(root);
        }
        root = next;
    }
}

/// The root with a prime index where it is an integer.
pub(super) fn exact_root(value: &UBig, index: u16, budget: &mut Budget) -> Result<Option<UBig>, TooMuch> {
    if !may_be_power(value, index, budget)? {
        return Ok(None);
    }
    let root = floor_root(value, index.into(), budget)?;
    Ok((root.pow(index.into()) == *value).then_some(root))
}

/// Rules out most numbers that are no power: those that are none modulo some small prime.
fn may_be_power(value: &UBig, index: u16, budget: &mut Budget) -> Result<bool, TooMuch> {
    let index = u32::from(index);
    // Modulo a prime that leaves 1 when divided by the index, one number in `index` is a power.
    let mut doubt = 1;
    let mut modulus = index + 1;
    while doubt < 4_096 {
        if is_small_prime(modulus) {
            budget.spend(1 + value.bit_len() as u64 / 128)?;
            let remainder = long_remainder(value, modulus);
            let modulus = u64::from(modulus);
            if remainder != 0 && power_modulo(remainder, (modulus - 1) / u64::from(index), modulus) != 1 {
                return Ok(false);
            }
            doubt *= index;
        }
        modulus += index;
    }
    Ok(true)
}

fn is_small_prime(value: u32) -> bool {
    value >= 2
        && (2..)
            .take_while(|divisor| divisor * divisor <= value)
            .all(|divisor| !value.is_multiple_of(divisor))
}

/// A power modulo a number below 2^32.
fn power_modulo(base: u64, mut exponent: u64, modulus: u64) -> u64 {
    let (mut result, mut square) = (1, base % modulus);
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * square % modulus;
        }
        square = square * square % modulus;
        exponent /= 2;
    }
    result
}

/// The remainder of a long number, faster than the library's where machine words are short.
pub(super) fn long_remainder(value: &UBig, divisor: u32) -> u64 {
    let bytes = value.to_le_bytes();
    let (first, digits) = bytes.split_at(bytes.len() % 4);
    // Digits are of 32 bits, except that the lowest may be shorter.
    let digit = |chunk: &[u8]| {
        chunk
            .iter()
            .rev()
            .fold(0, |digit, byte| digit << 8 | u64::from(*byte))
    };
    let divisor = u64::from(divisor);
    let high = digits
        .rchunks_exact(4)
        .fold(0, |remainder, chunk| (remainder << 32 | digit(chunk)) % divisor);
    (high << (8 * first.len()) | digit(first)) % divisor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(value: &UBig, index: usize) -> UBig {
        floor_root(value, index, &mut Budget::of(1_000_000)).expect("cheap")
    }

    #[test]
    fn roots_are_those_of_the_library() {
        let mut value = UBig::from(7u8);
        for step in 0..120u32 {
            value = value * UBig::from(13u8) + UBig::from(step);
            for index in 1..18 {
                assert_eq!(root(&value, index), value.nth_root(index), "{value} {index}");
            }
        }
        for value in 0..300u32 {
            let value = UBig::from(value);
            for index in 1..10 {
                assert_eq!(root(&value, index), value.nth_root(index), "{value} {index}");
            }
        }
    }

    #[test]
    fn exact_roots_are_found_and_nothing_else() {
        let budget = &mut Budget::of(1_000_000);
        for index in [2, 3, 5, 7, 11, 13, 97] {
            let base = UBig::from(1_000_003u32);
            let power = base.pow(index.into());
            assert_eq!(exact_root(&power, index, budget), Ok(Some(base)));
            assert_eq!(exact_root(&(power + UBig::ONE), index, budget), Ok(None));
        }
    }

    #[test]
    fn remainders_are_those_of_the_library() {
        let mut value = UBig::ONE;
        for step in 0..200u32 {
            value = value * UBig::from(251u8) + UBig::from(step);
            for divisor in [1u32, 2, 997, 65_537, u32::MAX] {
                assert_eq!(long_remainder(&value, divisor), u64::from(&value % divisor));
            }
        }
    }
}
