//! Integers of any size, as decimal digits: they are compared and handed on, never computed with.

use std::fmt;

/// An integer of any size.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Int {
    /// An optional minus and digits without leading zeros; zero has no minus.
    digits: String,
}

impl Int {
    /// Reads decimal digits with an optional sign. None for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (minus, digits) = match text.as_bytes().first()? {
            b'-' => ("-", &text[1..]),
            b'+' => ("", &text[1..]),
            _ => ("", text),
        };
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Some(match digits.trim_start_matches('0') {
            "" => Self {
                digits: "0".to_owned(),
            },
            digits => Self {
                digits: format!("{minus}{digits}"),
            },
        })
    }

    /// Its decimal digits, with a minus where it is negative.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.digits
    }

    /// The integer that a float is exactly. None for a float with a fraction, an infinity or NaN.
    #[must_use]
    pub fn from_float(float: f64) -> Option<Self> {
        // Rust prints a float's exact decimal expansion.
        (float.is_finite() && float.fract() == 0.0)
            .then(|| Self::parse(&format!("{float:.0}")))
            .flatten()
    }
}

impl From<i64> for Int {
    fn from(number: i64) -> Self {
        Self {
            digits: number.to_string(),
        }
    }
}

impl fmt::Display for Int {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_integer_has_one_form() {
        for text in ["0", "-0", "+0", "000"] {
            assert_eq!(Int::parse(text), Some(Int::from(0)), "{text}");
        }
        assert_eq!(Int::parse("-007"), Some(Int::from(-7)));
        for text in ["", "-", "1_0", "1.0", " 1", "٣", "--1"] {
            assert_eq!(Int::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_float_without_fraction_is_an_integer_of_all_its_digits() {
        assert_eq!(Int::from_float(-0.0), Some(Int::from(0)));
        assert_eq!(
            Int::from_float(2f64.powi(80)).unwrap().as_str(),
            "1208925819614629174706176"
        );
        assert_eq!(Int::from_float(0.5), None);
        assert_eq!(Int::from_float(f64::INFINITY), None);
    }
}
