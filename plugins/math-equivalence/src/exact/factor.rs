//! Integers as products of powers.

use dashu_int::UBig;
use dashu_int::ops::BitTest;

use super::integer_root::{exact_root, long_remainder};
use crate::budget::{Budget, TooMuch};

/// Trial division ends here, for numbers within a machine word.
const TRIAL_LIMIT: u32 = 10_000;

/// Trial division ends here for longer numbers: each step takes a pass over all digits.
const LONG_TRIAL_LIMIT: u32 = 1_000;

/// Longest number that is divided by way of trial.
const BITS: usize = 2_048;

/// A factor and how often it occurs.
pub(super) type Power = (UBig, i64);

/// The powers whose product is a positive integer: of primes, except that the last base may be composite where
/// [`may_be_composite`]. That one is never a perfect power.
pub(super) fn factors(value: &UBig, budget: &mut Budget) -> Result<Vec<Power>, TooMuch> {
    if value.is_one() || value.is_zero() {
        return Ok(Vec::new());
    }
    if value.bit_len() > BITS {
        return Err(TooMuch);
    }
    let mut found = Vec::new();
    let mut rest = value.clone();
    for prime in [2u32, 3] {
        divide_out(&mut rest, prime, &mut found);
    }
    // Beyond 2 and 3, primes are one more or one less than a multiple of 6.
    let mut center = 6;
    while !rest.is_one() {
        let neighbours = [center - 1, center + 1];
        let divides = if let Ok(rest) = u64::try_from(&rest) {
            if center > TRIAL_LIMIT || u64::from(center - 1) * u64::from(center - 1) > rest {
                break;
            }
            budget.spend(u64::from(center % 24 == 0))?;
            neighbours.map(|candidate| rest % u64::from(candidate) == 0)
        } else {
            if center > LONG_TRIAL_LIMIT {
                break;
            }
            budget.spend(rest.bit_len() as u64 / 128)?;
            let remainder = long_remainder(&rest, neighbours[0] * neighbours[1]);
            neighbours.map(|candidate| remainder.is_multiple_of(u64::from(candidate)))
        };
        for (candidate, divides) in neighbours.into_iter().zip(divides) {
            if divides {
                divide_out(&mut rest, candidate, &mut found);
            }
        }
        center += 6;
    }
    if rest.is_one() {
        return Ok(found);
    }
    let (base, times) = without_perfect_power(rest, budget)?;
    if times > 1 && center <= TRIAL_LIMIT {
        // The root of a long number may be short enough to be divided further.
        for (base, own) in factors(&base, budget)? {
            found.push((base, own * times));
        }
    } else {
        found.push((base, times));
    }
    Ok(found)
}

fn divide_out(rest: &mut UBig, prime: u32, found: &mut Vec<Power>) {
    let mut times = 0;
    while &*rest % prime == 0 {
        *rest /= prime;
        times += 1;
    }
    if times > 0 {
        found.push((UBig::from(prime), times));
    }
}

/// A number without small factors as the highest power that it is.
fn without_perfect_power(mut value: UBig, budget: &mut Budget) -> Result<Power, TooMuch> {
    let mut times = 1;
    let shortest = LONG_TRIAL_LIMIT.ilog2() as usize;
    let mut indices = (2u16..).filter(|index| (2..*index).all(|divisor| index % divisor != 0));
    let mut index = 2;
    while usize::from(index) * shortest < value.bit_len() {
        if let Some(root) = exact_root(&value, index, budget)? {
            value = root;
            times *= i64::from(index);
        } else {
            index = indices.find(|next| *next > index).unwrap_or(u16::MAX);
        }
    }
    Ok((value, times))
}

/// Whether a base that [`factors`] returned may be composite: it is beyond the square of the last trial divisor.
pub(super) fn may_be_composite(base: &UBig) -> bool {
    *base > UBig::from(u64::from(TRIAL_LIMIT) * u64::from(TRIAL_LIMIT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn factored(value: u128) -> Vec<(u128, i64)> {
        let powers = factors(&UBig::from(value), &mut Budget::of(10_000)).expect("cheap");
        powers
            .into_iter()
            .map(|(base, times)| (u128::try_from(base).expect("small"), times))
            .collect()
    }

    #[test]
    fn small_numbers_fall_apart_into_primes() {
        assert_eq!(factored(1), []);
        assert_eq!(factored(2), [(2, 1)]);
        assert_eq!(factored(360), [(2, 3), (3, 2), (5, 1)]);
        assert_eq!(factored(9409), [(97, 2)]);
        assert_eq!(factored(9_973 * 9_967), [(9_967, 1), (9_973, 1)]);
        assert_eq!(factored(2 * 99_999_989), [(2, 1), (99_999_989, 1)]);
    }

    #[test]
    fn powers_of_large_primes_are_found() {
        let prime = 1_000_003;
        assert_eq!(factored(prime * prime * prime), [(prime, 3)]);
        assert_eq!(factored(7 * prime * prime), [(7, 1), (prime, 2)]);
    }

    #[test]
    fn products_of_large_primes_stay_whole() {
        let product = 1_000_003 * 1_000_033;
        assert_eq!(factored(product), [(product, 1)]);
        assert!(may_be_composite(&UBig::from(product)));
        assert!(!may_be_composite(&UBig::from(99_999_989u32)));
    }

    #[test]
    fn long_numbers_lose_their_small_factors() {
        let long = UBig::from(1_000_003u32).pow(6);
        let value = &long * UBig::from(997u32 * 991 * 4);
        let powers = factors(&value, &mut Budget::of(10_000)).expect("cheap");
        let small = [(2u32, 2), (991, 1), (997, 1), (1_000_003, 6)];
        assert_eq!(powers, small.map(|(base, times)| (UBig::from(base), times)));
        let root = UBig::from(1_009u32 * 9_973);
        let powers = factors(&root.pow(6), &mut Budget::of(10_000)).expect("cheap");
        assert_eq!(powers, [1_009u32, 9_973].map(|base| (UBig::from(base), 6)));
    }

    #[test]
    fn long_numbers_are_refused_before_they_cost() {
        let budget = &mut Budget::of(1);
        assert_eq!(factors(&(UBig::ONE << 5_000), budget), Err(TooMuch));
        assert_eq!(budget.spend(1), Ok(()));
    }

    #[test]
    fn every_product_is_the_number_again() {
        for value in 1..2_000u128 {
            let product: u128 = factored(value)
                .into_iter()
                .map(|(base, times)| base.pow(u32::try_from(times).expect("small")))
                .product();
            assert_eq!(product, value);
        }
    }
}
