//! pass@k.

/// An estimate that the samples can't give.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EstimateError {
    /// pass@k or maj@k of more samples than were drawn.
    #[error(
        "k = {k} needs at least {k} samples per problem, but a problem has {n}: draw more samples or lower k"
    )]
    TooFewSamples {
        /// The k asked for.
        k: u32,
        /// Samples that a problem has.
        n: u32,
    },
    /// More correct samples than samples.
    #[error("{correct} correct of {n} samples is impossible")]
    MoreCorrectThanSamples {
        /// Correct samples.
        correct: u32,
        /// Samples.
        n: u32,
    },
}

/// Unbiased estimate of pass@k from `n` samples of which `correct` are correct (Chen et al. 2021, eq. 1).
///
/// Computed as `1 - prod_{i=n-c+1..=n} (1 - k/i)`, which stays finite where the binomials overflow.
///
/// # Errors
/// [`EstimateError::TooFewSamples`] when `k > n`: returning 1.0 or `c/n` there, as many copies do, is a wrong number.
pub fn pass_at_k(n: u32, correct: u32, k: u32) -> Result<f64, EstimateError> {
    if k > n {
        return Err(EstimateError::TooFewSamples { k, n });
    }
    if correct > n {
        return Err(EstimateError::MoreCorrectThanSamples { correct, n });
    }
    if n - correct < k {
        return Ok(1.0);
    }
    let all_wrong: f64 = (n - correct + 1..=n)
        .map(|i| 1.0 - f64::from(k) / f64::from(i))
        .product();
    Ok(1.0 - all_wrong)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Share of the k-subsets of n samples that hold one of the first `correct`.
    fn by_counting(n: u32, correct: u32, k: u32) -> f64 {
        let subsets: Vec<u32> = (0..1_u32 << n).filter(|set| set.count_ones() == k).collect();
        let hits = subsets
            .iter()
            .filter(|set| *set & ((1 << correct) - 1) != 0)
            .count();
        hits as f64 / subsets.len() as f64
    }

    #[test]
    fn more_than_was_drawn_is_an_error() {
        assert_eq!(
            pass_at_k(4, 1, 8),
            Err(EstimateError::TooFewSamples { k: 8, n: 4 })
        );
    }

    #[test]
    fn large_counts_stay_finite() {
        let p = pass_at_k(100_000, 1, 50_000).unwrap();
        assert!((p - 0.5).abs() < 1e-9, "{p}");
    }

    proptest! {
        #[test]
        fn the_estimate_is_the_share_of_subsets(n in 1_u32..10, c in 0_u32..10, k in 1_u32..10) {
            prop_assume!(c <= n && k <= n);
            prop_assert!((pass_at_k(n, c, k).unwrap() - by_counting(n, c, k)).abs() < 1e-12);
        }
    }
}
