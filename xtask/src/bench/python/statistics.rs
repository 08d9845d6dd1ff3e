//! Quantiles and means of times.

/// The value that `permille` thousandths don't exceed (nearest rank); of no values, 0.
pub(crate) fn quantile(values: &[f64], permille: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() * permille).div_ceil(1000);
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

/// The value in the middle; of no values, 0.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 500)
}

/// The smallest value; of no values, infinity.
pub(crate) fn smallest(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// The largest value; of no values, 0.
pub(crate) fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

/// The geometric mean of positive values; of no values, 1.
pub(crate) fn geometric_mean(values: &[f64]) -> f64 {
    let logarithms: f64 = values.iter().map(|value| value.ln()).sum();
    (logarithms / values.len().max(1) as f64).exp()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(
            (median(&values), quantile(&values, 990), quantile(&values, 1000)),
            (50.0, 99.0, 100.0)
        );
        assert_eq!((smallest(&values), largest(&values)), (1.0, 100.0));
        assert_eq!(median(&[]), 0.0);
    }

    #[test]
    fn slowdowns_are_averaged_as_factors() {
        assert!((geometric_mean(&[2.0, 8.0]) - 4.0).abs() < 1e-12);
    }
}
