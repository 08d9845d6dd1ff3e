//! McNemar's test: do two models differ on the same problems?

use serde::{Deserialize, Serialize};

/// Paired comparison of two models on the problems that both were judged on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct McNemar {
    /// Problems that only the first solves.
    pub only_first: u64,
    /// Problems that only the second solves.
    pub only_second: u64,
    /// Problems compared.
    pub problems: u64,
    /// Exact two-sided p-value: the chance of a split at least this uneven if both were equally good.
    pub p_value: f64,
}

impl McNemar {
    /// Compares pairs of (first solved it, second solved it).
    pub fn of(pairs: impl IntoIterator<Item = (bool, bool)>) -> Self {
        let (mut only_first, mut only_second, mut problems) = (0, 0, 0);
        for (first, second) in pairs {
            problems += 1;
            only_first += u64::from(first && !second);
            only_second += u64::from(second && !first);
        }
        Self {
            only_first,
            only_second,
            problems,
            p_value: sign_test(only_first, only_second),
        }
    }
}

/// Two-sided exact binomial test of `a` against `b` at 1/2 (McNemar 1947, exact form).
fn sign_test(a: u64, b: u64) -> f64 {
    let n = a + b;
    let mut log_term = -(n as f64) * std::f64::consts::LN_2;
    let mut tail = 0.0;
    for i in 0..=a.min(b) {
        if i > 0 {
            log_term += ((n - i + 1) as f64 / i as f64).ln();
        }
        tail += log_term.exp();
    }
    (2.0 * tail).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_p_values() {
        // 2 (C(29,0) + C(29,1) + C(29,2) + C(29,3)) / 2^29 and 2 (C(10,0) + C(10,1)) / 2^10
        assert!((sign_test(26, 3) - 2.0 * 4090.0 / 536_870_912.0).abs() < 1e-15);
        assert!((sign_test(1, 9) - 22.0 / 1024.0).abs() < 1e-15);
        assert_eq!(sign_test(0, 0), 1.0);
        assert_eq!(sign_test(5, 5), 1.0);
    }

    #[test]
    fn only_discordant_pairs_count() {
        let test = McNemar::of([
            (true, true),
            (false, false),
            (true, false),
            (false, true),
            (true, false),
        ]);
        assert_eq!((test.only_first, test.only_second, test.problems), (2, 1, 5));
    }
}
