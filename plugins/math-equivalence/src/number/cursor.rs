//! A place in a text that is being read.

/// Reads a text from left to right.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

/// What LaTeX and Unicode offer for a space.
const SPACES: [&str; 12] = [
    " ", "\t", "\n", "\r", "\\ ", "\\,", "\\;", "\\:", "\\!", "~", "\u{a0}", "\u{202f}",
];

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Bytes read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Moves past `prefix` if it comes next.
    pub(super) fn eat(&mut self, prefix: &str) -> bool {
        let found = self.rest().starts_with(prefix);
        if found {
            self.at += prefix.len();
        }
        found
    }

    /// Moves past the first of `prefixes` that comes next.
    pub(super) fn eat_any(&mut self, prefixes: &[&str]) -> bool {
        prefixes.iter().any(|prefix| self.eat(prefix))
    }

    /// Moves past spaces of every kind; true when there was one.
    pub(super) fn skip_spaces(&mut self) -> bool {
        let before = self.at;
        while self.eat_any(&SPACES) {}
        self.at > before
    }

    /// Moves past the longest run of characters that `belongs` accepts and returns it.
    pub(super) fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }
}
