//! The end of a stream.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};

/// Reads a stream to its end and returns its last lines. Progress bars count as one line each time they are redrawn.
pub(super) fn last_lines(stream: impl Read, lines: usize) -> Vec<String> {
    let mut kept = VecDeque::with_capacity(lines + 1);
    let mut reader = BufReader::new(stream);
    let mut line = Vec::new();
    // A stream that can't be read has ended as far as we are concerned: the exit status tells the rest.
    while matches!(reader.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end().rsplit('\r').next().unwrap_or_default();
        if !text.is_empty() {
            kept.push_back(text.to_owned());
        }
        if kept.len() > lines {
            kept.pop_front();
        }
        line.clear();
    }
    kept.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_lines_are_kept() {
        let stream = b"one\ntwo\n\n 10%\r 50%\r100%\nthree".as_slice();
        assert_eq!(last_lines(stream, 2), ["100%", "three"]);
        assert_eq!(last_lines(b"\xff".as_slice(), 2), ["\u{fffd}"]);
    }
}
