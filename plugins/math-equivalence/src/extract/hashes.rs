//! The answer line of GSM8K.

use std::ops::Range;

use memchr::memrchr;

const MARK: &str = "####";

/// What follows the last `####` that has something behind it, to the end of its line.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    let mut end = text.len();
    while let Some(last) = memrchr(b'#', &text.as_bytes()[..end]) {
        if !text[..=last].ends_with(MARK) {
            end = last;
            continue;
        }
        let start = last + 1;
        let line = text[start..].split('\n').next().unwrap_or_default();
        if !line.trim().trim_matches('#').is_empty() {
            return Some(start..start + line.len());
        }
        end = start - MARK.len();
    }
    None
}
