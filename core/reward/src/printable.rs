//! A guest's text, made safe for a terminal and short enough for a message.

/// A line of a guest's text with all control characters as escapes: it can neither move a terminal's cursor nor begin another line.
#[must_use]
pub fn printable_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    line.chars().for_each(|c| push(&mut out, c));
    out
}

/// At most `most` characters of `text`; control characters other than line breaks and tabs are escaped.
pub(crate) fn printable(text: &str, most: usize) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n == most {
            out.push('…');
            break;
        }
        if matches!(c, '\n' | '\t') {
            out.push(c);
        } else {
            push(&mut out, c);
        }
    }
    out
}

fn push(out: &mut String, c: char) {
    if c.is_control() {
        out.extend(c.escape_default());
    } else {
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::{printable, printable_line};

    #[test]
    fn escape_sequences_are_shown_not_obeyed() {
        assert_eq!(printable("a\u{1b}[31mb\n", 100), "a\\u{1b}[31mb\n");
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(printable_line("a\u{1b}[2Jb\té"), "a\\u{1b}[2Jb\\té");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(printable("abcdef", 3), "abc…");
    }
}
