//! The last line.

use std::ops::Range;

/// The last line that isn't blank, without the space around it.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    let text = text.trim_end();
    let start = text.rfind('\n').map_or(0, |at| at + 1);
    let line = &text[start..];
    let indent = line.len() - line.trim_start().len();
    (!line.trim().is_empty()).then_some(start + indent..text.len())
}
