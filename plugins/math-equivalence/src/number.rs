//! Numbers as people and LaTeX write them, read exactly.
//!
//! `-1,234.50`, `12{,}650`, `\frac{3}{4}`, `\dfrac34`, `3/4`, `1 3/4`, `1\frac{3}{4}`, `.79`, `25\%`, `\$1.17`,
//! `3.2\times10^{5}`, `2e-3`, `5 million`, each with units behind it (`\text{ cm}^2`, `^\circ`, `dollars`), which are
//! passed over.

mod cursor;
mod decimal;
mod fraction;
mod reader;
mod scan;
mod units;

use dashu_ratio::RBig;

pub use scan::{Found, numbers};

/// An exact number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// The value as written: 50 for `50%`.
    pub value: RBig,
    /// Whether a percent sign or the word stands behind it.
    pub percent: bool,
}

impl Number {
    /// The value with its percent sign carried out: 1/2 for `50%`.
    #[must_use]
    pub fn as_fraction(&self) -> RBig {
        if self.percent {
            &self.value / RBig::from(100)
        } else {
            self.value.clone()
        }
    }

    /// Reads `text` as one number with nothing but units behind it. None when it is anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut cursor = cursor::Cursor::new(text);
        cursor.skip_spaces();
        let number = reader::number(&mut cursor)?;
        units::nothing_else(&mut cursor).then_some(number)
    }
}

#[cfg(test)]
mod tests;
