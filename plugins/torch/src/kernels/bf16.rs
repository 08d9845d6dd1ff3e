//! Arithmetic on single numbers, written so that loops over it become vector instructions.

/// bf16 to f32, exactly.
#[inline(always)]
pub(super) fn widen(number: u16) -> f32 {
    f32::from_bits(u32::from(number) << 16)
}

/// f32 to the nearest bf16, to the even one of two.
#[inline(always)]
pub(super) fn round(number: f32) -> u16 {
    let bits = number.to_bits();
    let nearest = bits.wrapping_add(0x7FFF + ((bits >> 16) & 1)) >> 16;
    if number.is_nan() { 0x7FC0 } else { nearest as u16 }
}

/// A number as it is after a trip through bf16.
#[inline(always)]
pub(super) fn rounded(number: f32) -> f32 {
    widen(round(number))
}

/// `e^x` within 2 units of the last place for results that are normal numbers; 0 below those, which includes `-inf`.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// Adding it leaves the nearest integer in the low bits.
    const TO_INTEGER: f32 = 12_582_912.0;
    /// The two parts of ln 2: the product of the first with a small integer is exact.
    const LN_2: (f32, f32) = (0.693_359_4, -2.121_944_4e-4);
    let x_in_range = x.clamp(-87.3, 88.3);
    let shifted = x_in_range.mul_add(std::f32::consts::LOG2_E, TO_INTEGER);
    let power = shifted - TO_INTEGER;
    let rest = power.mul_add(-LN_2.1, power.mul_add(-LN_2.0, x_in_range));
    // The minimax polynomial of `(e^r - 1 - r) / r^2` on ±ln 2 / 2.
    let polynomial = [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5]
        .into_iter()
        .fold(1.987_569_1e-4f32, |sum, factor| sum.mul_add(rest, factor));
    let fraction = polynomial.mul_add(rest * rest, rest) + 1.0;
    let scale = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3F80_0000));
    if x < -87.3 { 0.0 } else { fraction * scale }
}

/// Hyperbolic tangent, absolute error below 1e-6.
#[inline(always)]
pub(super) fn tanh(x: f32) -> f32 {
    1.0 - 2.0 / (exp(2.0 * x.clamp(-20.0, 20.0)) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding_goes_to_the_nearest_and_to_even() {
        let one = widen(0x3F80);
        assert_eq!(round(one + 1.0 / 256.0), 0x3F80); // halfway, 0x3F80 is even
        assert_eq!(round(one + 3.0 / 256.0), 0x3F82); // halfway, 0x3F81 is odd
        assert_eq!(round(one + 1.01 / 256.0), 0x3F81);
        assert_eq!(round(f32::MAX), 0x7F80);
        assert!(widen(round(f32::NAN)).is_nan());
        assert_eq!(round(f32::NEG_INFINITY), 0xFF80);
    }

    #[test]
    fn exp_is_close_everywhere() {
        for step in -87_000..88_000 {
            let x = step as f32 * 1e-3;
            let expected = f64::from(x).exp();
            let error = (f64::from(exp(x)) / expected - 1.0).abs();
            assert!(error < 2.5e-7, "exp({x}) is off by {error:e}");
        }
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-1000.0), 0.0);
        assert_eq!(exp(f32::NEG_INFINITY), 0.0);
    }

    #[test]
    fn tanh_is_close_everywhere() {
        for step in -3000..3000 {
            let x = step as f32 * 1e-2;
            let error = (f64::from(tanh(x)) - f64::from(x).tanh()).abs();
            assert!(error < 1e-6, "tanh({x}) is off by {error:e}");
        }
    }
}
