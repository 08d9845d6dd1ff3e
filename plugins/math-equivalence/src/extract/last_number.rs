//! The last resort.

use std::ops::Range;

use crate::number::numbers;

/// The last number of the text.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    numbers(text).last().map(|found| found.span)
}
