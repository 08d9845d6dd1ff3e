//! Estimates with confidence intervals.

use serde::{Deserialize, Serialize};

use crate::Seed;

/// Two-sided 97.5% quantile of the standard normal distribution.
const Z_95: f64 = 1.959_963_984_540_054;

/// Resamples of the bootstrap: the interval's ends then repeat to about 1% of its width.
const RESAMPLES: u64 = 2000;

/// A value with its 95% confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The point estimate.
    pub value: f64,
    /// Lower end of the 95% interval.
    pub low: f64,
    /// Upper end of the 95% interval.
    pub high: f64,
}

impl Estimate {
    /// A proportion `successes / trials` with Wilson's score interval (Wilson 1927).
    ///
    /// `None` without trials.
    #[must_use]
    pub fn proportion(successes: u64, trials: u64) -> Option<Self> {
        if trials == 0 {
            return None;
        }
        let n = trials as f64;
        let p = successes as f64 / n;
        let z2 = Z_95 * Z_95;
        let centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
        let half = Z_95 / (1.0 + z2 / n) * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
        Some(Self {
            value: p,
            low: (centre - half).max(0.0),
            high: (centre + half).min(1.0),
        })
    }

    /// The mean of per-problem values with a percentile-bootstrap interval over problems.
    ///
    /// `None` without values. The same seed and values give the same interval.
    #[must_use]
    pub fn mean(values: &[f64], seed: Seed) -> Option<Self> {
        if values.is_empty() {
            return None;
        }
        let n = values.len();
        let mean = |sum: f64| sum / n as f64;
        let mut state = seed.derive(&["bootstrap"]).0;
        let mut means: Vec<f64> = (0..RESAMPLES)
            .map(|_| mean((0..n).map(|_| values[uniform(&mut state, n)]).sum()))
            .collect();
        means.sort_by(f64::total_cmp);
        let at = |q: f64| means[((means.len() - 1) as f64 * q).round() as usize];
        Some(Self {
            value: mean(values.iter().sum()),
            low: at(0.025),
            high: at(0.975),
        })
    }
}

/// SplitMix64 (Steele et al. 2014), reduced to `0..n` by multiplication.
fn uniform(state: &mut u64, n: usize) -> usize {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^= z >> 31;
    ((u128::from(z) * n as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wilson_agrees_with_the_published_example() {
        // Newcombe (1998), table I: 81 of 263 has the interval 0.2553 to 0.3662.
        let e = Estimate::proportion(81, 263).unwrap();
        assert!(
            (e.low - 0.2553).abs() < 5e-5 && (e.high - 0.3662).abs() < 5e-5,
            "{e:?}"
        );
    }

    #[test]
    fn nothing_tried_has_no_estimate() {
        assert_eq!(Estimate::proportion(0, 0), None);
        assert_eq!(Estimate::mean(&[], Seed(1)), None);
    }

    proptest! {
        #[test]
        fn intervals_hold_their_estimate(n in 1_u64..500, share in 0.0_f64..=1.0) {
            let c = (n as f64 * share) as u64;
            let e = Estimate::proportion(c, n).unwrap();
            prop_assert!(e.low <= e.value + 1e-12 && e.value <= e.high + 1e-12 && e.low >= 0.0 && e.high <= 1.0);
            let values: Vec<f64> = (0..n.min(50)).map(|i| f64::from(u8::from(i < c))).collect();
            let m = Estimate::mean(&values, Seed(n)).unwrap();
            prop_assert!(m.low <= m.value + 1e-9 && m.value <= m.high + 1e-9);
        }
    }
}
