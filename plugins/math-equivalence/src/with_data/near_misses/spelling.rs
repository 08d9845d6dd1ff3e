//! Where things stand in the spelling of an answer.

use std::ops::Range;

/// The answer without spaces and invisible macros, to tell whether a change changed anything.
pub(super) fn dense(text: &str) -> String {
    ["\\left", "\\right", "\\,", "\\!", "\\;", "\\ ", " ", "\n"]
        .iter()
        .fold(text.to_owned(), |text, gap| text.replace(gap, ""))
}

/// Runs of digits that are no index, no index's base, and no exponent of a unit.
pub(super) fn digit_runs(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut runs = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        let before = text[..start].trim_end_matches(['{', ' ']);
        let is_index = before.ends_with('_');
        let is_power_of_unit = before
            .strip_suffix('^')
            .is_some_and(|base| base.trim_end().ends_with('}') && unit_ends(base.trim_end()));
        if !is_index && !is_power_of_unit {
            runs.push(start..at);
        }
    }
    runs
}

/// Whether the text ends in a group of words.
fn unit_ends(text: &str) -> bool {
    let Some(open) = text.rfind('{') else { return false };
    ["\\text", "\\mbox", "\\textnormal", "\\mathrm", "\\text "]
        .iter()
        .any(|macro_name| text[..open].ends_with(macro_name))
}

/// Whether the answer is a bare zero, one or minus one, where many a change changes nothing.
pub(super) fn is_trivial(text: &str) -> bool {
    let dense = dense(text);
    let number = dense.trim_start_matches('-').trim_end_matches('.');
    ["1", ""].contains(&number.trim_start_matches('0'))
}

/// Whether the answer is one value: no words, items, brackets with items, or signs of relation.
pub(super) fn is_scalar(text: &str) -> bool {
    let relations = [
        "=",
        "<",
        ">",
        "\\le",
        "\\ge",
        "\\in ",
        "\\approx",
        "\\cup",
        "\\text",
        "\\mbox",
        "\\pm",
        ":",
        "\\begin",
        "%",
        "\\$",
        "\\{",
        "\\triangle",
        "\\overline",
        "^\\circ",
        "^{\\circ}",
    ];
    !relations
        .iter()
        .any(|sign| text.replace("\\left", "").contains(sign))
        && top_level(text, &[',', ';']).is_empty()
        && outer_items(text).is_none()
        && !text.ends_with('.')
        && text
            .bytes()
            .any(|byte| byte.is_ascii_digit() || byte.is_ascii_lowercase())
        && !text.contains('_')
}

/// Whether the answer is a number with a unit behind it.
pub(super) fn is_quantity(text: &str) -> bool {
    let units = ["\\text", "\\mbox", "\\%", "^\\circ", "^{\\circ}"];
    let Some(at) = units.iter().filter_map(|unit| text.find(unit)).min() else {
        return false;
    };
    let number = text[..at].trim_end_matches(['\\', ' ', ',', ';']);
    is_scalar(number) && !text[at..].contains(|c: char| c.is_ascii_digit() || matches!(c, ',' | '='))
}

/// Positions of these characters outside all brackets and braces.
pub(super) fn top_level(text: &str, wanted: &[char]) -> Vec<usize> {
    let mut depth = 0_i32;
    let mut escaped = false;
    let mut found = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ if depth == 0 && wanted.contains(&c) => found.push(at),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    found
}

/// Where the items stand within one pair of round or square brackets around everything: two items or more.
pub(super) fn outer_items(text: &str) -> Option<Vec<Range<usize>>> {
    let start = text.find(['(', '['])?;
    let end = text.rfind([')', ']'])?;
    if start >= end || !["", "\\left"].contains(&text[..start].trim()) || !text[end + 1..].trim().is_empty() {
        return None;
    }
    let inner_end = text[..end].trim_end_matches("\\right").len();
    let inner = &text[start + 1..inner_end];
    // `(a,b)\cup(c,d)` begins and ends with brackets, too.
    let mut depth = 0_i32;
    for c in inner.chars() {
        depth += i32::from("([{".contains(c)) - i32::from(")]}".contains(c));
        if depth < 0 {
            return None;
        }
    }
    let items = split(inner, start + 1);
    (items.len() > 1).then_some(items)
}

/// The items between top-level commas.
pub(super) fn split(text: &str, offset: usize) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut start = 0;
    for at in top_level(text, &[',']) {
        items.push(offset + start..offset + at);
        start = at + 1;
    }
    items.push(offset + start..offset + text.len());
    items
}

/// Positions of plus and minus signs between two terms, at any depth.
pub(super) fn binary_signs(text: &str) -> Vec<usize> {
    text.char_indices()
        .filter(|&(at, c)| {
            let before = text[..at].trim_end();
            matches!(c, '+' | '-')
                && before
                    .chars()
                    .next_back()
                    .is_some_and(|c| c.is_alphanumeric() || matches!(c, ')' | '}' | '!' | ']'))
                // `\cup -3` has a macro before its sign.
                && !["\\cup", "\\le", "\\leq", "\\in", "\\approx", "\\pm", "\\phantom"]
                    .iter()
                    .any(|name| before.ends_with(name))
        })
        .map(|(at, _)| at)
        .collect()
}

/// The two arguments of the first `\frac{…}{…}`, braces excluded.
pub(super) fn first_fraction(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let macro_end = text.find("frac{")? + "frac".len();
    let numerator = group(text, macro_end)?;
    let denominator = group(text, numerator.end + 1)?;
    Some((numerator, denominator))
}

/// What the braces that open at `at` hold.
fn group(text: &str, at: usize) -> Option<Range<usize>> {
    if text.as_bytes().get(at) != Some(&b'{') {
        return None;
    }
    let mut depth = 0_usize;
    for (offset, c) in text[at..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1..at + offset);
        }
    }
    None
}
