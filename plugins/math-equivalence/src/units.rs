//! What a number counts or measures.

mod known;

use dashu_ratio::RBig;

/// A unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unit {
    /// Of a hundred.
    Percent,
    /// Money.
    Money(Currency),
    /// A unit of measure whose size is known.
    Known(Known),
    /// Words: `apples`, `square units`.
    Other(String),
    /// No unit, but the base in which the number is written.
    Base {
        /// From 2 to 36.
        base: u32,
        /// As written, in small letters.
        digits: String,
    },
    /// No unit, but a factor: `5 million`.
    Scale(RBig),
}

/// Currencies with a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currency {
    /// `$`
    Dollar,
    /// `€`
    Euro,
    /// `£`
    Pound,
    /// `¥`
    Yen,
}

/// A unit of known size: so many of its dimension's first unit, to a power.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// What it measures, such as `length^2` or `length/time`.
    pub dimension: String,
    /// How many of the dimension's first unit it is.
    pub size: RBig,
}

impl Currency {
    /// The currency of a sign.
    #[must_use]
    pub const fn of_sign(sign: char) -> Option<Self> {
        Some(match sign {
            '$' => Self::Dollar,
            '€' => Self::Euro,
            '£' => Self::Pound,
            '¥' => Self::Yen,
            _ => return None,
        })
    }
}

impl Unit {
    /// The unit that words name; None when there are none that say anything.
    #[must_use]
    pub fn parse(words: &str) -> Option<Self> {
        // Most values have none.
        if words.is_empty() {
            return None;
        }
        let spelt = spelling(words);
        if spelt.is_empty() {
            return None;
        }
        Some(match spelt.as_str() {
            "percent" | "per cent" | "percentage" | "percents" => Self::Percent,
            "hundred" => Self::Scale(RBig::from(100)),
            "thousand" => Self::Scale(RBig::from(1_000)),
            "million" => Self::Scale(RBig::from(1_000_000)),
            "billion" => Self::Scale(RBig::from(1_000_000_000_u64)),
            "trillion" => Self::Scale(RBig::from(1_000_000_000_000_u64)),
            "euro" | "euros" | "eur" => Self::Money(Currency::Euro),
            "yen" => Self::Money(Currency::Yen),
            other => known::unit(other).map_or_else(|| Self::Other(other.to_owned()), Self::Known),
        })
    }

    /// A unit by its name in the table.
    #[must_use]
    pub fn named(name: &str) -> Self {
        known::unit(name).map_or_else(|| Self::Other(name.to_owned()), Self::Known)
    }

    /// How canonical answers write it.
    #[must_use]
    pub fn canonical(&self) -> String {
        match self {
            Self::Percent => "%".to_owned(),
            Self::Money(Currency::Dollar) => "money".to_owned(),
            Self::Money(currency) => format!("{currency:?}").to_lowercase(),
            Self::Known(known) => known.dimension.clone(),
            Self::Other(words) => words.clone(),
            Self::Base { base, .. } => format!("base {base}"),
            Self::Scale(factor) => factor.to_string(),
        }
    }
}

/// Small letters, single spaces, no full stops.
fn spelling(words: &str) -> String {
    words
        .replace(['.', ',', ')', '(', '~', '"'], " ")
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" ^", "^")
        .replace(" / ", "/")
        .replace(" /", "/")
        .replace("/ ", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(words: &str) -> (String, String) {
        match Unit::parse(words) {
            Some(Unit::Known(known)) => (known.dimension, known.size.to_string()),
            other => panic!("{words}: {other:?}"),
        }
    }

    #[test]
    fn units_have_dimension_and_size() {
        assert_eq!(known("cm"), ("length".to_owned(), "1/100".to_owned()));
        assert_eq!(known("square feet"), known("ft^2"));
        assert_eq!(known("miles per hour"), known("mph"));
        assert_eq!(known("m/s").0, "length/time");
        assert_eq!(known("cubic inches").0, "length^3");
        assert_eq!(known("cents").1, "1/100");
    }

    #[test]
    fn words_that_measure_nothing_known_are_kept() {
        assert_eq!(
            Unit::parse(" apples left. "),
            Some(Unit::Other("apples left".to_owned()))
        );
        assert_eq!(Unit::parse(" . "), None);
    }
}
