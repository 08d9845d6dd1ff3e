//! One form for all ways to write the same answer.

use restem_sdk::prelude::*;

/// Whether upper and lower case differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// They differ.
    Keep,
    /// They do not.
    Ignore,
}

/// The answer in canonical form: numbers as plain decimals, everything else with single spaces.
pub(crate) fn canonical(answer: &str, case: Case) -> String {
    let answer = answer.trim_matches(|c: char| c.is_whitespace() || "$*\"'`".contains(c));
    let answer = answer.trim_end_matches(['.', '$', ' ']);
    if let Some(number) = decimal(answer) {
        return number;
    }
    let text = answer.split_whitespace().collect::<Vec<_>>().join(" ");
    match case {
        Case::Keep => text,
        Case::Ignore => text.to_lowercase(),
    }
}

/// A decimal number without thousands separators, superfluous zeros and plus signs. Digits are never rounded.
fn decimal(text: &str) -> Option<String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = whole.replace(',', "");
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(&whole) || !all_digits(fraction) {
        return None;
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let number = match fraction.trim_end_matches('0') {
        "" => whole.to_owned(),
        fraction => format!("{whole}.{fraction}"),
    };
    Some(if negative && number != "0" {
        format!("-{number}")
    } else {
        number
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_form() {
        for text in ["1200", "$1,200", "1200.00.", "+01200", "**1200**"] {
            assert_eq!(canonical(text, Case::Keep), "1200", "{text}");
        }
        assert_eq!(canonical("-0.0", Case::Keep), "0");
        assert_eq!(canonical("-1.50", Case::Keep), "-1.5");
        assert_eq!(
            canonical("0.300000000000000004", Case::Keep),
            "0.300000000000000004"
        );
    }

    #[test]
    fn other_text_keeps_its_words() {
        assert_eq!(canonical(" New   York. ", Case::Ignore), "new york");
        assert_eq!(canonical("x.y", Case::Keep), "x.y");
    }
}
