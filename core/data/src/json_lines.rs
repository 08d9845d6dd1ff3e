//! Lines of a file, each bounded, so that a hostile one can't fill the memory.

use std::io::{self, BufRead, Read as _};

/// A longer line is a faulty row.
pub(crate) const MAX_LINE_BYTES: u64 = 64 << 20;

/// One line without its end.
pub(crate) enum Line {
    /// Its bytes.
    Bytes(Vec<u8>),
    /// It holds more than the limit and was skipped.
    TooLong,
}

/// The next line, or `None` at the end of the file.
pub(crate) fn next_line(reader: &mut impl BufRead, limit: u64) -> io::Result<Option<Line>> {
    let mut bytes = Vec::new();
    if reader.by_ref().take(limit + 1).read_until(b'\n', &mut bytes)? == 0 {
        return Ok(None);
    }
    if bytes.pop_if(|byte| *byte == b'\n').is_some() {
        bytes.pop_if(|byte| *byte == b'\r');
    } else if bytes.len() as u64 > limit {
        reader.skip_until(b'\n')?;
        return Ok(Some(Line::TooLong));
    }
    Ok(Some(Line::Bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_over_the_limit_is_skipped_and_the_next_one_is_read() {
        let mut reader = &b"ab\r\n0123456789\ncd"[..];
        let mut lines = Vec::new();
        while let Some(line) = next_line(&mut reader, 4).unwrap() {
            lines.push(match line {
                Line::Bytes(bytes) => String::from_utf8(bytes).unwrap(),
                Line::TooLong => "too long".to_owned(),
            });
        }
        assert_eq!(lines, ["ab", "too long", "cd"]);
    }
}
