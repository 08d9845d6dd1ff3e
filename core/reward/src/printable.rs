//! A guest's text, made safe for a terminal and short enough for a message.

/// At most `most` characters of `text`; control characters other than line breaks and tabs are escaped.
pub(crate) fn printable(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == most {
            out.push('…');
            break;
        }
        if c.is_control() && !matches!(c, '\n' | '\t') {
            out.extend(c.escape_default());
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn escape_sequences_are_shown_not_obeyed() {
        assert_eq!(printable("a\u{1b}[31mb\n", 100), "a\\u{1b}[31mb\n");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(printable("abcdef", 3), "abc…");
    }
}
