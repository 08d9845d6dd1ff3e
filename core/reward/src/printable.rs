//! A guest's text, made safe for a terminal and short enough for a message.

/// What stands before each line of a guest's text but the first, so that none passes for a line of ours.
const CONTINUED: &str = "\n  | ";

/// A line of a guest's text with all that is not seen as escapes: it can neither move a terminal's cursor, begin another line nor
/// turn the direction of writing.
#[must_use]
pub fn printable_line(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    line.chars().for_each(|c| push(&mut out, c));
    out
}

/// What of `text` makes about `most` bytes, and a mark where that is not all of it; what is not seen is escaped, other than line breaks (shown as `| ` lines) and tabs.
pub(crate) fn printable(text: &str, most: usize) -> String {
    let mut out = String::new();
    for c in text.chars() {
        // Escapes and all: a text of nothing but them would be many times as long.
        if out.len() >= most {
            out.push('…');
            break;
        }
        match c {
            '\n' => out.push_str(CONTINUED),
            '\t' => out.push(c),
            c => push(&mut out, c),
        }
    }
    out
}

/// Whether `text` is seen as it is: no control character, none that has no width or turns the direction of writing.
pub(crate) fn is_plain(text: &str) -> bool {
    !text.chars().any(is_unseen)
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

fn push(out: &mut String, c: char) {
    if is_unseen(c) {
        out.extend(c.escape_default());
    } else {
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::{is_plain, printable, printable_line};

    #[test]
    fn escape_sequences_are_shown_not_obeyed() {
        assert_eq!(printable("a\u{1b}[31mb\u{9b}2J", 100), "a\\u{1b}[31mb\\u{9b}2J");
    }

    #[test]
    fn no_line_passes_for_one_of_ours() {
        assert_eq!(printable("no\nerror: ha", 100), "no\n  | error: ha");
    }

    #[test]
    fn the_direction_of_writing_does_not_turn() {
        assert_eq!(
            printable_line("a\u{202e}txt.exe\u{2028}"),
            "a\\u{202e}txt.exe\\u{2028}"
        );
        assert!(!is_plain("exact\u{200b}-match") && is_plain("größe-prüfer"));
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
