//! Arithmetic modulo an odd number below 2^62, in Montgomery's representation (Montgomery 1985).

/// Residues modulo one odd number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    modulus: u64,
    /// `-1 / modulus` modulo 2^64.
    inverse: u64,
    /// 2^64 modulo the modulus: the representation of 1.
    one: u64,
    /// 2^128 modulo the modulus.
    square: u64,
}

/// A residue times 2^64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Residue(u64);

impl Field {
    /// None for an even modulus, one below 3 or one from 2^62 up.
    pub(crate) fn new(modulus: u64) -> Option<Self> {
        if modulus.is_multiple_of(2) || modulus < 3 || modulus >> 62 != 0 {
            return None;
        }
        // Each step of Newton's method doubles the bits that are right, from 3 up.
        let mut inverse = modulus;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(modulus.wrapping_mul(inverse)));
        }
        let one = (u64::MAX % modulus + 1) % modulus;
        let mut field = Self {
            modulus,
            inverse: inverse.wrapping_neg(),
            one,
            square: one,
        };
        for _ in 0..64 {
            field.square = field.plus(Residue(field.square), Residue(field.square)).0;
        }
        Some(field)
    }

    pub(crate) const fn modulus(&self) -> u64 {
        self.modulus
    }

    pub(crate) const fn zero() -> Residue {
        Residue(0)
    }

    pub(crate) const fn one(&self) -> Residue {
        Residue(self.one)
    }

    /// The residue of an integer.
    pub(crate) fn of(&self, value: u64) -> Residue {
        self.times(Residue(value % self.modulus), Residue(self.square))
    }

    /// The integer below the modulus that a residue stands for.
    pub(crate) fn residue(&self, value: Residue) -> u64 {
        self.times(value, Residue(1)).0
    }

    pub(crate) const fn plus(&self, left: Residue, right: Residue) -> Residue {
        let sum = left.0 + right.0;
        Residue(if sum >= self.modulus {
            sum - self.modulus
        } else {
            sum
        })
    }

    pub(crate) const fn negated(&self, value: Residue) -> Residue {
        Residue(if value.0 == 0 { 0 } else { self.modulus - value.0 })
    }

    pub(crate) fn times(&self, left: Residue, right: Residue) -> Residue {
        let product = u128::from(left.0) * u128::from(right.0);
        let low = lower(product).wrapping_mul(self.inverse);
        let reduced = (product + u128::from(low) * u128::from(self.modulus)) >> 64;
        let reduced = lower(reduced);
        Residue(if reduced >= self.modulus {
            reduced - self.modulus
        } else {
            reduced
        })
    }

    /// A residue to a power.
    pub(crate) fn power(&self, base: Residue, exponent: u64) -> Residue {
        let mut result = self.one();
        for bit in (0..u64::BITS - exponent.leading_zeros()).rev() {
            result = self.times(result, result);
            if exponent >> bit & 1 == 1 {
                result = self.times(result, base);
            }
        }
        result
    }

    /// One over a residue, when the modulus is prime; None for zero.
    pub(crate) fn inverse(&self, value: Residue) -> Option<Residue> {
        (value.0 != 0).then(|| self.power(value, self.modulus - 2))
    }
}

impl Residue {
    pub(crate) const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the lower half is what is asked for"
)]
const fn lower(value: u128) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The largest prime below 2^61.
    const PRIME: u64 = (1 << 61) - 1;

    fn field(modulus: u64) -> Field {
        Field::new(modulus).expect("odd and small")
    }

    #[test]
    fn products_and_powers_are_those_of_integers() {
        for modulus in [3, 101, 1_000_003, PRIME, (1 << 62) - 57] {
            let field = field(modulus);
            for (left, right) in [
                (0, 5),
                (2, 2),
                (modulus - 1, modulus - 1),
                (123_456_789, 987_654_321),
            ] {
                let product = field.times(field.of(left), field.of(right));
                let expected = u128::from(left) * u128::from(right) % u128::from(modulus);
                assert_eq!(
                    u128::from(field.residue(product)),
                    expected,
                    "{left} {right} {modulus}"
                );
            }
            assert_eq!(field.residue(field.power(field.of(2), 10)), 1024 % modulus);
            assert_eq!(field.residue(field.power(field.of(7), 0)), 1);
        }
    }

    #[test]
    fn inverses_multiply_to_one() {
        let field = field(PRIME);
        let value = field.of(314_159);
        let inverse = field.inverse(value).expect("not zero");
        assert_eq!(field.times(value, inverse), field.one());
        assert_eq!(field.inverse(Field::zero()), None);
    }

    #[test]
    fn negatives_add_to_zero() {
        let field = field(101);
        for value in 0..101 {
            let value = field.of(value);
            assert!(field.plus(value, field.negated(value)).is_zero());
        }
    }

    #[test]
    fn moduli_outside_the_range_are_refused() {
        assert_eq!(Field::new(1 << 61), None);
        assert_eq!(Field::new(1), None);
        assert_eq!(Field::new((1 << 62) + 1), None);
    }
}
