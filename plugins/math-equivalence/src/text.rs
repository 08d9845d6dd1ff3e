//! Answers that are no numbers, in a spelling that does not depend on spacing and layout.

/// Macros that only set their argument in another face.
const FACES: [&str; 8] = [
    "text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mbox", "hbox",
];

/// Macros that only move things about.
const LAYOUT: [&str; 8] = [
    "left",
    "right",
    "big",
    "Big",
    "displaystyle",
    "quad",
    "qquad",
    "limits",
];

/// `text` in normalised spelling: no spaces, layout or dollar signs; `\dfrac` is `\frac`; braces round one character
/// go (`\frac{1}{2}` and `\frac12` agree); a choice loses its parentheses (`(A)`); a word its capitals; `x=` before an
/// expression goes. Empty when nothing is left.
#[must_use]
pub fn normalised(text: &str) -> String {
    let spelt = without_lone_braces(&respelt(text));
    let spelt = without_left_side(&spelt);
    if let Some(choice) = choice(spelt) {
        return choice.to_string();
    }
    if spelt.chars().count() > 1 && spelt.chars().all(char::is_alphabetic) {
        return spelt.to_lowercase();
    }
    spelt.to_owned()
}

/// Macros and signs in one spelling, spaces gone. A space stays where a macro's name would swallow the next letter.
fn respelt(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut after_macro = false;
    let mut dropped_group_ends = Vec::new();
    let mut depth = 0_usize;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let end = rest
                    .find(|c: char| !c.is_ascii_alphabetic())
                    .unwrap_or(rest.len());
                let name = &rest[..end];
                rest = &rest[end..];
                if name.is_empty() {
                    rest = escaped(rest, &mut out);
                    after_macro = false;
                } else if FACES.contains(&name) && rest.trim_start().starts_with('{') {
                    rest = &rest.trim_start()[1..];
                    dropped_group_ends.push(depth);
                    depth += 1;
                } else if !LAYOUT.contains(&name) {
                    out.push('\\');
                    out.push_str(match name {
                        "dfrac" | "tfrac" | "cfrac" => "frac",
                        "le" => "leq",
                        "ge" => "geq",
                        "ne" => "neq",
                        other => other,
                    });
                    after_macro = true;
                }
                continue;
            }
            '{' => {
                depth += 1;
                out.push('{');
            }
            '}' => {
                depth = depth.saturating_sub(1);
                if dropped_group_ends.last() == Some(&depth) {
                    dropped_group_ends.pop();
                } else {
                    out.push('}');
                }
            }
            '\u{2212}' | '\u{2013}' | '\u{ff0d}' => out.push('-'),
            '°' => out.push_str("^\\circ"),
            '$' | '~' => {}
            c if c.is_whitespace() => continue,
            c => {
                if after_macro && c.is_ascii_alphabetic() {
                    out.push(' ');
                }
                out.push(c);
            }
        }
        after_macro = false;
    }
    out
}

/// One escaped sign: spaces and dollar signs go, braces and the rest keep their backslash.
fn escaped<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let Some(c) = rest.chars().next() else { return rest };
    match c {
        ' ' | ',' | ';' | ':' | '!' | '$' | '(' | ')' | '[' | ']' => {}
        '%' => out.push('%'),
        c => {
            out.push('\\');
            out.push(c);
        }
    }
    &rest[c.len_utf8()..]
}

/// `{x}` becomes `x`, and `^{\circ}` becomes `^\circ`. TeX reads both alike.
fn without_lone_braces(text: &str) -> String {
    let text = text.replace("{\\circ}", "\\circ");
    let signs: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < signs.len() {
        match signs[at..] {
            ['{', inner, '}', ..]
                if !matches!(inner, '{' | '}' | '\\') && (at == 0 || signs[at - 1] != '\\') =>
            {
                if inner.is_ascii_alphabetic() && ends_in_macro(&out) {
                    out.push(' ');
                }
                out.push(inner);
                at += 3;
            }
            _ => {
                out.push(signs[at]);
                at += 1;
            }
        }
    }
    out
}

/// Whether `text` ends in `\name`.
fn ends_in_macro(text: &str) -> bool {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    stem.len() < text.len() && stem.ends_with('\\')
}

/// What stands behind `x=`, for a single letter.
fn without_left_side(text: &str) -> &str {
    match text.as_bytes() {
        [letter, b'=', _, ..] if letter.is_ascii_alphabetic() && !text[2..].contains('=') => &text[2..],
        _ => text,
    }
}

/// The letter of `(A)`.
fn choice(text: &str) -> Option<char> {
    let mut inner = text.strip_prefix('(')?.strip_suffix(')')?.chars();
    inner
        .next()
        .filter(|c| c.is_ascii_alphabetic() && inner.next().is_none())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::normalised;

    #[test]
    fn spellings_of_one_answer_agree() {
        for (one, other) in [
            ("\\left( 3, \\frac{\\pi}{2} \\right)", "(3,\\dfrac{\\pi}{2})"),
            ("\\frac{\\sqrt{3}}{2}", "\\frac{\\sqrt3}2"),
            ("\\text{Friday}", "friday"),
            ("\\text{(C)}", "C"),
            ("x = 2y+1", "2y + 1"),
            ("90^{\\circ}+x", "90^\\circ + x"),
            ("\\sin{x}", "\\sin x"),
            ("x^{2}", "x^2"),
            ("−x", "-x"),
            ("x \\le 3", "x\\leq3"),
        ] {
            assert_eq!(normalised(one), normalised(other));
        }
    }

    #[test]
    fn different_answers_differ() {
        for (one, other) in [
            ("\\frac{1}{23}", "\\frac{12}{3}"),
            ("\\{1\\}", "1"),
            ("x", "X"),
            ("x=1,y=2", "y=2,x=1"),
            ("(1,2)", "[1,2]"),
        ] {
            assert_ne!(normalised(one), normalised(other));
        }
    }

    proptest! {
        #[test]
        fn junk_never_panics(text in r"[\\{}$()a-c1= ~^°−frac.]{0,40}") {
            let _ = normalised(&text);
        }
    }
}
