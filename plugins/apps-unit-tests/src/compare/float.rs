//! Floats that are equal up to their tolerance.

/// The absolute tolerance near 0, as a part of the relative one: `numpy.allclose`'s 1e-8 for 1e-5.
const NEAR_ZERO: f64 = 1e-3;

/// Whether `got` is within the tolerance of `expected`.
pub(crate) fn close(expected: f64, got: f64, tolerance: f64) -> bool {
    expected == got
        || expected.is_finite()
            && got.is_finite()
            && (expected - got).abs() <= tolerance * (NEAR_ZERO + expected.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tolerance_is_relative_and_absolute_near_zero() {
        assert!(close(100.0, 100.000_9, 1e-5));
        assert!(!close(100.0, 100.002, 1e-5));
        assert!(close(0.0, 9e-9, 1e-5));
        assert!(!close(0.0, 2e-8, 1e-5));
        assert!(!close(1.0, 1.0 + 1e-12, 0.0));
    }

    #[test]
    fn nothing_is_close_to_infinity_and_nan() {
        assert!(!close(1.0, f64::NAN, 0.1));
        assert!(!close(f64::INFINITY, 1e308, 0.1));
        assert!(!close(1e308, f64::INFINITY, 0.1));
        assert!(close(f64::INFINITY, f64::INFINITY, 0.0));
    }
}
