//! The last resort.

use std::ops::Range;

use crate::number::numbers;

/// The last number of the text. Looks line by line from the end: most completions are long, and their answers stand last.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    let mut end = text.len();
    loop {
        let start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        if let Some(found) = numbers(&text[start..end]).last() {
            return Some(start + found.span.start..start + found.span.end);
        }
        end = start.checked_sub(1)?;
    }
}
