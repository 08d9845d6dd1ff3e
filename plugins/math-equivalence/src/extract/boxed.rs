//! Answers in a box.

use std::ops::Range;

use memchr::memmem;

const BOXES: [&str; 2] = ["\\boxed", "\\fbox"];

/// The contents of all boxes whose braces close, in the order in which they open. One pass over the text.
///
/// `\boxed 5` without braces holds what follows up to a dollar sign or the end of the line. A box that is cut off (its
/// braces never close) holds nothing: what a model would have written there is unknown.
pub(super) fn spans(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut found = Vec::new();
    let mut box_brace = None;
    // What stands before the first box opens and closes nothing within it.
    let Some(mut at) = first(bytes) else { return found };
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => {
                if let Some(name) = box_at(&text[at..]) {
                    let after = at + name.len();
                    let argument = after + spaces(&text[after..]);
                    if bytes.get(argument) == Some(&b'{') {
                        box_brace = Some(argument);
                        at = argument;
                    } else {
                        found.extend(unbraced(text, argument));
                        at = after;
                    }
                    continue;
                }
                // The escaped sign is not a brace. It may be longer than a byte: only ASCII matters here.
                at += 1;
            }
            b'{' => open.push((box_brace == Some(at)).then_some(at + 1)),
            b'}' => {
                if let Some(Some(start)) = open.pop() {
                    found.push(start..at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    found.retain(|span| !text[span.clone()].trim().is_empty());
    found.sort_by_key(|span| span.start);
    found
}

/// Where the first box macro stands, or a longer macro's name that begins like one.
fn first(text: &[u8]) -> Option<usize> {
    memmem::find_iter(text, "box").find_map(|at| {
        let start = text[..at].strip_suffix(b"f").map_or(at, <[u8]>::len);
        let escapes = text[..start]
            .iter()
            .rev()
            .take_while(|byte| **byte == b'\\')
            .count();
        // Of two backslashes the second is escaped.
        (escapes % 2 == 1).then(|| start - 1)
    })
}

/// The box macro at the start of `text`, not a longer macro's beginning.
fn box_at(text: &str) -> Option<&'static str> {
    BOXES.into_iter().find(|name| {
        text.strip_prefix(name)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphabetic()))
    })
}

fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

fn unbraced(text: &str, start: usize) -> Option<Range<usize>> {
    let rest = &text[start..];
    let end = rest.find(['$', '\n', '}']).unwrap_or(rest.len());
    (end > 0).then(|| start..start + end)
}
