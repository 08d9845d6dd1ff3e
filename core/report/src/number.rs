//! Numbers for people.

use restem_em::Estimate;

/// A share of [0, 1] as per cent with one decimal: `31.5%`.
#[must_use]
pub fn percent(share: f64) -> String {
    format!("{:.1}%", 100.0 * share)
}

/// The ends of a 95% interval as per cent: `25.5–38.2%`.
#[must_use]
pub fn interval(estimate: &Estimate) -> String {
    format!("{:.1}–{:.1}%", 100.0 * estimate.low, 100.0 * estimate.high)
}

/// A count with its thousands set apart: `1,234,567`.
#[must_use]
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A p-value with two digits: `0.031`, `2.1e-5`.
#[must_use]
pub fn p_value(p: f64) -> String {
    match p {
        p if p >= 0.1 => format!("{p:.2}"),
        p if p >= 0.01 => format!("{p:.3}"),
        p if p >= 0.001 => format!("{p:.4}"),
        p => format!("{p:.1e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_carry_their_units_and_no_false_precision() {
        assert_eq!(percent(0.3149), "31.5%");
        assert_eq!(
            interval(&Estimate {
                value: 0.3,
                low: 0.0,
                high: 0.3819
            }),
            "0.0–38.2%"
        );
        let counts: Vec<_> = [0, 999, 1000, 1_234_567].map(count).into();
        assert_eq!(counts, ["0", "999", "1,000", "1,234,567"]);
        let ps: Vec<_> = [1.0, 0.25, 0.0312, 0.00123, 2.14e-5, 0.0].map(p_value).into();
        assert_eq!(ps, ["1.00", "0.25", "0.031", "0.0012", "2.1e-5", "0.0e0"]);
    }
}
