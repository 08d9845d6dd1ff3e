//! Taking the wrapping off an answer: spaces, full stops, emphasis, dollar signs, boxes, outer braces.

/// Macros whose argument is the answer when they hold all of it.
const WRAPPERS: [&str; 12] = [
    "\\boxed",
    "\\fbox",
    "\\text",
    "\\textbf",
    "\\textit",
    "\\textrm",
    "\\mathbf",
    "\\mathrm",
    "\\mbox",
    "\\bf",
    "\\displaystyle",
    "\\ensuremath",
];

/// Spaces that LaTeX writes as macros.
const SPACES: [&str; 7] = ["\\ ", "\\,", "\\;", "\\:", "\\!", "~", "\\quad"];

/// More layers than anyone writes; hostile nesting ends here.
const LAYERS: usize = 32;

/// The part of `text` that is the answer itself. It stays a slice of `text`.
#[must_use]
pub fn peel(text: &str) -> &str {
    if is_bare(text) {
        return text;
    }
    let mut inner = text;
    for _ in 0..LAYERS {
        let before = inner;
        inner = strip_spaces(inner);
        inner = strip_marks(inner);
        inner = strip_math(inner);
        inner = strip_wrapper(inner);
        if inner.len() == before.len() {
            break;
        }
    }
    inner
}

/// Whether a text begins and ends with a letter or digit, so that nothing of it can be wrapping.
fn is_bare(text: &str) -> bool {
    let bytes = text.as_bytes();
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    plain(bytes.first()) && plain(bytes.last()) && !text.ends_with("\\quad")
}

fn strip_spaces(text: &str) -> &str {
    let mut text = text.trim();
    for space in SPACES {
        text = text.strip_prefix(space).unwrap_or(text);
        text = text.strip_suffix(space).unwrap_or(text);
    }
    text
}

/// Full stops and commas behind, emphasis and quotation marks around. An exclamation mark stays: it is a factorial.
fn strip_marks(text: &str) -> &str {
    let text = text.trim_end_matches(['.', ',', ';', ':', '?', '。']);
    text.trim_matches(['*', '`', '"', '“', '”'])
}

/// Math delimiters around all of it, and a dollar sign left over behind.
fn strip_math(text: &str) -> &str {
    for (open, close) in [("$$", "$$"), ("\\(", "\\)"), ("\\[", "\\]"), ("$", "$")] {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains(open)
            && !inner.ends_with('\\')
        {
            return inner;
        }
    }
    match text.strip_suffix('$') {
        Some(inner) if !inner.contains('$') && !inner.ends_with('\\') => inner,
        _ => text,
    }
}

/// `{…}` or `\wrapper{…}` around all of it.
fn strip_wrapper(text: &str) -> &str {
    for wrapper in WRAPPERS {
        if let Some(rest) = text.strip_prefix(wrapper)
            && let Some(inner) = whole_group(rest.trim_start())
        {
            return inner;
        }
    }
    whole_group(text).unwrap_or(text)
}

/// The content of `{…}` when the first brace closes at the very end.
fn whole_group(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut depth = 0_usize;
    let mut escaped = false;
    for byte in inner.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    (depth == 0 && !escaped).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::peel;

    #[test]
    fn wrapping_comes_off() {
        for text in [
            " 5 ",
            "5.",
            "**5**.",
            "$5$",
            "$$5$$.",
            "\\(5\\)",
            "\\[ 5 \\].",
            "{5}",
            "\\boxed{5}",
            "$\\boxed{\\text{5}}$",
            "5$",
            "`5`",
            "\\,5\\,",
        ] {
            assert_eq!(peel(text), "5", "{text}");
        }
    }

    #[test]
    fn what_belongs_to_the_answer_stays() {
        for text in [
            "$5",
            "\\$5",
            "5!",
            "{1}{2}",
            "\\frac{1}{2}",
            "$5$ and $6$",
            "\\{1\\}",
            "\\text{a}\\text{b}",
        ] {
            assert_eq!(peel(text), text);
        }
    }

    #[test]
    fn hostile_nesting_ends() {
        let text = format!("{}5{}", "{".repeat(1000), "}".repeat(1000));
        assert!(peel(&text).len() >= 1001);
    }
}
