//! Which part of a completion is its final answer.

use restem_sdk::prelude::*;

/// Where an answer may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// In the last `\boxed{…}`.
    Boxed,
    /// Behind the last "answer is", up to the end of the line.
    AnswerIs,
    /// The last number.
    LastNumber,
}

impl Place {
    /// The answer, where there is one in this place.
    pub(crate) fn answer(self, completion: &str) -> Option<&str> {
        let found = match self {
            Self::Boxed => boxed(completion),
            Self::AnswerIs => answer_is(completion),
            Self::LastNumber => last_number(completion),
        };
        found.map(str::trim).filter(|answer| !answer.is_empty())
    }
}

fn boxed(text: &str) -> Option<&str> {
    const OPEN: &str = r"\boxed{";
    let inside = &text[text.rfind(OPEN)? + OPEN.len()..];
    let mut depth = 1;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&inside[..at]);
        }
    }
    // A completion that was cut off has no answer.
    None
}

fn answer_is(text: &str) -> Option<&str> {
    const MARKER: &str = "answer is";
    // ASCII case alone keeps every byte in its place.
    let at = text.to_ascii_lowercase().rfind(MARKER)?;
    let line = text[at + MARKER.len()..].lines().next()?;
    Some(line.trim_start_matches([':', ' ']))
}

fn last_number(text: &str) -> Option<&str> {
    let bytes = text.as_bytes();
    let last = bytes.iter().rposition(u8::is_ascii_digit)?;
    let mut first = last;
    loop {
        first = match bytes[..first] {
            [.., b'0'..=b'9'] => first - 1,
            // A point or comma belongs to the number when a digit stands before it.
            [.., b'0'..=b'9', b'.' | b','] => first - 2,
            // A minus sign does unless it stands between two things: `3-4`.
            [b'-'] | [.., b' ' | b'(' | b'$' | b'=', b'-'] => return Some(&text[first - 1..=last]),
            _ => return Some(&text[first..=last]),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_may_be_nested_in_a_box() {
        assert_eq!(boxed(r"so \boxed{\frac{1}{2}}."), Some(r"\frac{1}{2}"));
        assert_eq!(boxed(r"cut off: \boxed{12"), None);
    }

    #[test]
    fn the_answer_ends_with_its_line() {
        let text = "The answer is 3. Wait.\nÉcole: the ANSWER IS: 4\nBye";
        assert_eq!(answer_is(text), Some("4"));
    }

    #[test]
    fn the_last_number_is_taken_whole() {
        for (text, number) in [
            ("5 or 1,234.50.", "1,234.50"),
            ("x = -7", "-7"),
            ("it is 3-4", "4"),
            ("in 2024, 12 came", "12"),
            ("€7", "7"),
        ] {
            assert_eq!(last_number(text), Some(number), "{text}");
        }
        assert_eq!(last_number("none"), None);
    }

    #[test]
    fn an_empty_box_holds_no_answer() {
        assert_eq!(Place::Boxed.answer(r"\boxed{ }"), None);
    }
}
