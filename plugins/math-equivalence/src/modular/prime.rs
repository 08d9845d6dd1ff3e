//! Primes and points from a counter.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::arithmetic::Field;
use super::program::Point;
use crate::budget::Budget;

/// Numbers that look random and are the same everywhere (the generator known as splitmix64).
#[derive(Debug, Clone)]
pub(super) struct Generator {
    state: u64,
}

impl Generator {
    /// A generator that starts from two numbers.
    pub(super) const fn seeded(seeds: [u64; 2]) -> Self {
        Self {
            state: mixed(mixed(seeds[0]) ^ seeds[1]),
        }
    }

    const fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.state)
    }

    /// A value for each variable.
    pub(super) fn point(&mut self, names: &BTreeSet<Rc<str>>, field: &Field) -> Point {
        let point = names.iter().map(|name| (Rc::clone(name), field.of(self.next())));
        point.collect()
    }
}

/// A permutation of the 64-bit numbers in which every bit depends on every other.
pub(super) const fn mixed(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

/// The field of a prime between 2^60 and 2^61. None when the budget is not enough.
pub(super) fn next(generator: &mut Generator, budget: &mut Budget) -> Option<Field> {
    loop {
        budget.spend(2).ok()?;
        let candidate = (generator.next() >> 4) | (1 << 60) | 1;
        if SMALL_PRIMES.iter().any(|prime| candidate.is_multiple_of(*prime)) {
            continue;
        }
        let field = Field::new(candidate)?;
        if is_prime(&field, budget)? {
            return Some(field);
        }
    }
}

/// Trial division by these rules out four candidates in five.
const SMALL_PRIMES: [u64; 14] = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47];

/// To these bases no composite number below 2^64 passes the test (Sinclair 2011).
const WITNESSES: [u64; 7] = [2, 325, 9_375, 28_178, 450_775, 9_780_504, 1_795_265_022];

/// Whether the modulus is prime, by the test of Miller and Rabin. None when the budget is not enough.
fn is_prime(field: &Field, budget: &mut Budget) -> Option<bool> {
    let even = field.modulus() - 1;
    let twos = even.trailing_zeros();
    let minus_one = field.negated(field.one());
    for base in WITNESSES {
        budget.spend(12).ok()?;
        let base = field.of(base);
        if base.is_zero() {
            continue;
        }
        let mut power = field.power(base, even >> twos);
        if power == field.one() {
            continue;
        }
        let mut passes = false;
        for _ in 0..twos {
            if power == minus_one {
                passes = true;
                break;
            }
            power = field.times(power, power);
        }
        if !passes {
            return Some(false);
        }
    }
    Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prime(modulus: u64) -> bool {
        let field = Field::new(modulus).expect("odd and small");
        is_prime(&field, &mut Budget::of(1000)).expect("cheap")
    }

    #[test]
    fn primes_are_told_from_composites() {
        let by_division = |value: u64| {
            (2..value)
                .take_while(|d| d * d <= value)
                .all(|d| !value.is_multiple_of(d))
        };
        for value in (3..3_000).step_by(2) {
            assert_eq!(prime(value), by_division(value), "{value}");
        }
        assert!(prime((1 << 61) - 1));
        assert!(!prime((1 << 61) - 3));
        // The product of two primes, and a pseudoprime to the bases 2, 3, 5 and 7.
        assert!(!prime(1_000_003 * 1_000_033));
        assert!(!prime(3_215_031_751));
    }

    #[test]
    fn primes_have_61_bits_and_do_not_repeat() {
        let mut generator = Generator::seeded([1, 2]);
        let mut drawn = Vec::new();
        for _ in 0..20 {
            let field = next(&mut generator, &mut Budget::of(100_000)).expect("cheap");
            assert_eq!(field.modulus() >> 60, 1);
            drawn.push(field.modulus());
        }
        drawn.sort_unstable();
        drawn.dedup();
        assert_eq!(drawn.len(), 20);
    }
}
