//! Whether two answers are the same.

use crate::answer::Answer;
use crate::config::PercentRule;
use crate::number::Number;

/// What a comparison finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The same answer.
    Equal,
    /// Two different numbers.
    Different,
    /// Not both are numbers, and their texts differ: they may still be equal (`x+1` and `1+x`), which this version
    /// can't decide.
    Undecided,
}

/// Compares an answer with the reference. Numbers compare exactly; texts by their normalised spelling.
#[must_use]
pub fn compare(reference: &Answer, answer: &Answer, percent: PercentRule) -> Outcome {
    match (reference, answer) {
        (Answer::Number(one), Answer::Number(other)) => {
            if same_number(one, other, percent) {
                Outcome::Equal
            } else {
                Outcome::Different
            }
        }
        (Answer::Text(one), Answer::Text(other)) if one == other => Outcome::Equal,
        _ => Outcome::Undecided,
    }
}

fn same_number(one: &Number, other: &Number, percent: PercentRule) -> bool {
    match percent {
        PercentRule::Unit => one.value == other.value,
        PercentRule::Fraction => one.as_fraction() == other.as_fraction(),
        PercentRule::Either => one.value == other.value || one.as_fraction() == other.as_fraction(),
    }
}

/// The answer in canonical form: lowest terms for numbers (`-7/2`, `3`), the normalised spelling for text.
///
/// Under [`PercentRule::Unit`] and [`PercentRule::Fraction`] two answers are equal exactly when they share it. Under
/// [`PercentRule::Either`], where `50%` equals both 50 and 1/2, it is the fraction's; the judgement replaces it by the
/// reference's for an answer that equals the reference.
#[must_use]
pub fn canonical(answer: &Answer, percent: PercentRule) -> String {
    match answer {
        Answer::Number(number) => match percent {
            PercentRule::Unit => number.value.clone(),
            PercentRule::Fraction | PercentRule::Either => number.as_fraction(),
        }
        .to_string(),
        Answer::Text(text) => text.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(reference: &str, answer: &str, percent: PercentRule) -> Outcome {
        compare(
            &Answer::parse(reference).unwrap(),
            &Answer::parse(answer).unwrap(),
            percent,
        )
    }

    #[test]
    fn equal_numbers_in_different_spelling() {
        for (one, other) in [
            ("1,000", "1000"),
            ("\\$5", "5"),
            ("$5", "5 dollars"),
            ("3.0", "3"),
            ("-0", "0"),
            ("1/2", "0.5"),
            ("\\frac{1}{2}", "\\dfrac12"),
            ("1\\frac{1}{2}", "3/2"),
            ("1 1/2", "1.5"),
            ("-\\frac{1}{2}", "\\frac{-1}{2}"),
            ("3.2\\times10^{5}", "320000"),
            ("2e-3", "0.002"),
            ("−7", "-7"),
            ("12{,}650", "12650"),
            ("12,\\!650", "12650"),
            ("64\\text{ cm}^2", "64"),
            ("60^\\circ", "60"),
            ("5 million", "5,000,000"),
            ("-\\$0.50", "-1/2"),
            ("\\frac{270}7\\text{ degrees}", "270/7"),
        ] {
            assert_eq!(
                outcome(one, other, PercentRule::Either),
                Outcome::Equal,
                "{one} and {other}"
            );
        }
    }

    #[test]
    fn close_numbers_are_different() {
        for (one, other) in [
            ("0.333", "1/3"),
            ("3.14", "22/7"),
            ("1,000", "1.000"),
            ("5", "-5"),
            ("50", "0.5"),
        ] {
            assert_eq!(
                outcome(one, other, PercentRule::Either),
                Outcome::Different,
                "{one} and {other}"
            );
        }
        let (small, smaller) = (format!("1/{}", 1_u128 << 98), format!("1/{}", 1_u128 << 99));
        assert_eq!(outcome(&small, &smaller, PercentRule::Either), Outcome::Different);
    }

    #[test]
    fn the_percent_rule_says_what_fifty_percent_is() {
        use Outcome::{Different, Equal};
        for (percent, half, fifty) in [
            (PercentRule::Either, Equal, Equal),
            (PercentRule::Fraction, Equal, Different),
            (PercentRule::Unit, Different, Equal),
        ] {
            for spelling in ["50%", "50\\%", "50 percent"] {
                assert_eq!(outcome("0.5", spelling, percent), half, "{spelling} {percent:?}");
                assert_eq!(outcome("1/2", spelling, percent), half, "{spelling} {percent:?}");
                assert_eq!(outcome("50", spelling, percent), fifty, "{spelling} {percent:?}");
                assert_eq!(outcome("50\\%", spelling, percent), Equal);
            }
        }
    }

    #[test]
    fn what_is_beyond_this_version_is_undecided() {
        assert_eq!(outcome("2", "\\sqrt{4}", PercentRule::Either), Outcome::Undecided);
        assert_eq!(outcome("x+1", "1+x", PercentRule::Either), Outcome::Undecided);
    }
}
