//! Putting a program together from its parts, and finding a line of it again.

/// A program and where in it the completion's own lines begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) text: String,
    /// Lines before the completion's first.
    pub(crate) lines_before: u32,
}

impl Source {
    /// The completion's code alone.
    pub(crate) fn alone(code: &str) -> Self {
        Self::behind(&[], code)
    }

    /// The completion's code behind other parts. What it imports from `__future__` moves to the front, where Python wants it.
    pub(crate) fn behind(parts: &[&str], code: &str) -> Self {
        if parts.iter().all(|part| part.is_empty()) {
            return Self {
                text: code.to_owned(),
                lines_before: 0,
            };
        }
        let is_future = |line: &&str| line.starts_with("from __future__ import");
        let mut text = String::new();
        for part in parts.iter().chain([&code]) {
            for line in part.lines().filter(is_future) {
                text.push_str(line);
                text.push('\n');
            }
        }
        for part in parts {
            push(&mut text, part, is_future);
        }
        let lines_before = text.lines().count() as u32;
        push(&mut text, code, is_future);
        Self { text, lines_before }
    }

    /// A line of the completion by its line in the program; None for a line of another part.
    pub(crate) fn own_line(&self, line: u32) -> Option<u32> {
        line.checked_sub(self.lines_before).filter(|line| *line > 0)
    }
}

/// Appends whole lines, blank ones in place of those that moved.
fn push(text: &mut String, part: &str, moved: impl Fn(&&str) -> bool) {
    for line in part.lines() {
        if !moved(&line) {
            text.push_str(line);
        }
        text.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_it_is_left_as_it_is() {
        assert_eq!(Source::alone("a\r\nb").text, "a\r\nb");
        assert_eq!(Source::behind(&["", ""], "a").text, "a");
    }

    #[test]
    fn a_line_of_the_program_is_found_in_the_completion() {
        let source = Source::behind(&["import x", "def f():\n"], "    return 1\n    y\n");
        assert_eq!(source.text, "import x\ndef f():\n    return 1\n    y\n");
        assert_eq!(source.own_line(4), Some(2));
        assert_eq!(source.own_line(2), None);
    }

    #[test]
    fn future_imports_come_first() {
        let source = Source::behind(
            &["import x\n"],
            "'''doc'''\nfrom __future__ import annotations\nf",
        );
        assert_eq!(
            source.text,
            "from __future__ import annotations\nimport x\n'''doc'''\n\nf\n"
        );
        assert_eq!(source.own_line(5), Some(3));
    }
}
