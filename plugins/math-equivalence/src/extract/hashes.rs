//! The answer line of GSM8K.

use std::ops::Range;

const MARK: &str = "####";

/// What follows the last `####` that has something behind it, to the end of its line.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    let mut end = text.len();
    while let Some(mark) = text[..end].rfind(MARK) {
        let start = mark + MARK.len();
        let line = text[start..].split('\n').next().unwrap_or_default();
        if !line.trim().trim_matches('#').is_empty() {
            return Some(start..start + line.len());
        }
        end = mark;
    }
    None
}
