//! Standard output against expected text.

use super::float::close;

/// The first line that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its number among the lines that are not blank, from 1.
    pub line: usize,
    /// The expected line; None when there are no more.
    pub expected: Option<String>,
    /// The printed line; None when there are no more.
    pub got: Option<String>,
}

/// Compares line by line, blank lines left out, and token by token.
///
/// # Errors
/// The first line that differs.
pub fn printed(expected: &str, got: &str, tolerance: f64) -> Result<(), Difference> {
    let (mut expected, mut got) = (lines(expected), lines(got));
    for line in 1.. {
        let (wanted, found) = (expected.next(), got.next());
        let same = match (wanted, found) {
            (None, None) => break,
            (Some(wanted), Some(found)) => same_line(wanted, found, tolerance),
            _ => false,
        };
        if !same {
            return Err(Difference {
                line,
                expected: wanted.map(str::to_owned),
                got: found.map(str::to_owned),
            });
        }
    }
    Ok(())
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\r'])
        .map(str::trim_ascii)
        .filter(|line| !line.is_empty())
}

fn same_line(expected: &str, got: &str, tolerance: f64) -> bool {
    let (mut expected, mut got) = (expected.split_ascii_whitespace(), got.split_ascii_whitespace());
    loop {
        match (expected.next(), got.next()) {
            (None, None) => return true,
            (Some(expected), Some(got)) if same_token(expected, got, tolerance) => {}
            _ => return false,
        }
    }
}

fn same_token(expected: &str, got: &str, tolerance: f64) -> bool {
    if expected == got {
        return true;
    }
    match (Number::read(expected), Number::read(got)) {
        (Some(expected), Some(got)) if expected.is_float => close(expected.value, got.value, tolerance),
        _ => false,
    }
}

/// A decimal number in one token.
struct Number {
    value: f64,
    /// Written with a point, or as Python prints large and small floats: `1e-07`, `1e+16`. `1e5` may as well be hexadecimal.
    is_float: bool,
}

impl Number {
    fn read(token: &str) -> Option<Self> {
        let body = token.strip_prefix(['+', '-']).unwrap_or(token);
        let (mantissa, exponent) = match body.find(['e', 'E']) {
            Some(at) => (&body[..at], Some(&body[at + 1..])),
            None => (body, None),
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.len() + fraction.len() == 0 || !digits(whole) || !digits(fraction) {
            return None;
        }
        if let Some(exponent) = exponent {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            if exponent.is_empty() || !digits(exponent) {
                return None;
            }
        }
        Some(Self {
            value: token.parse().ok()?,
            is_float: mantissa.contains('.')
                || exponent.is_some_and(|exponent| exponent.starts_with(['+', '-'])),
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(expected: &str, got: &str) -> bool {
        printed(expected, got, 1e-5).is_ok()
    }

    #[test]
    fn rule_1_white_space_at_the_ends_of_lines_does_not_count() {
        assert!(same("1 2 \n3\n", "1 2\n3"));
        assert!(same("1 2", "  1 2\t\r\n"));
    }

    #[test]
    fn rule_2_blank_lines_do_not_count() {
        assert!(same("1\n\n2\n", "\n1\n2\n\n\n"));
        assert!(same("\n", ""));
    }

    #[test]
    fn rule_3_runs_of_white_space_inside_a_line_are_one() {
        assert!(same("1 2 3", "1  2\t3"));
        assert!(!same("12", "1 2"));
    }

    #[test]
    fn rule_4_lines_and_their_order_count() {
        assert!(!same("1 2", "1\n2"));
        assert!(!same("1\n2", "1 2"));
        assert!(!same("1\n2", "2\n1"));
        assert!(!same("1\n2", "1\n2\n3"));
    }

    #[test]
    fn rule_5_the_order_and_number_of_tokens_count() {
        assert!(!same("1 2 3", "3 2 1"));
        assert!(!same("1 1 2", "1 2"));
    }

    #[test]
    fn rule_6_tokens_are_equal_as_text() {
        for (expected, got) in [
            ("5", "5.0"),
            ("5", "05"),
            ("5", "+5"),
            ("1000000", "1000001"),
            ("100000", "1e5"),
            ("3", "3.0000001"),
            ("0", "-0"),
            ("YES", "Yes"),
            ("True", "1"),
            ("[1, 2]", "[1,2]"),
            ("a", "'a'"),
        ] {
            assert!(!same(expected, got), "{got} for {expected}");
        }
    }

    #[test]
    fn rule_7_a_number_may_be_off_by_the_tolerance_where_the_expected_token_is_a_float() {
        for (expected, got) in [
            ("0.785398163397", "0.78539816"),
            ("0.50", "0.5"),
            ("5.0", "5"),
            ("1e-07", "0.0000001"),
            ("-0.0", "0"),
            ("0.000000", "1e-12"),
            ("1e+16", "10000000000000000"),
            (".5", "0.5"),
        ] {
            assert!(same(expected, got), "{got} for {expected}");
        }
        for (expected, got) in [
            ("0.785", "0.786"),
            ("1.0", "nan"),
            ("1.0", "inf"),
            ("1.0", "1.0.0"),
            ("1.5", "1_5e-1"),
            ("1.2.3", "1.2.30"),
            // Hexadecimal digits and identifiers are not floats.
            ("1e5", "100000"),
            ("1.0x", "1x"),
        ] {
            assert!(!same(expected, got), "{got} for {expected}");
        }
    }

    #[test]
    fn rule_8_nothing_printed_is_wrong_where_something_is_expected() {
        let difference = printed("1\n", " \n", 1e-5).unwrap_err();
        assert_eq!(
            difference,
            Difference {
                line: 1,
                expected: Some("1".to_owned()),
                got: None
            }
        );
        assert!(!same("", "1"));
    }

    #[test]
    fn the_first_line_that_differs_is_named() {
        let difference = printed("1\n\n2\n3", "1\n2\n4", 1e-5).unwrap_err();
        assert_eq!((difference.line, difference.got.as_deref()), (3, Some("4")));
    }

    proptest! {
        #[test]
        fn every_text_equals_itself(text in any::<String>()) {
            prop_assert!(same(&text, &text));
        }

        #[test]
        fn integers_are_exact(expected in any::<i64>(), got in any::<i64>()) {
            prop_assert_eq!(same(&expected.to_string(), &got.to_string()), expected == got);
        }
    }
}
