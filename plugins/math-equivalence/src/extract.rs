//! Where the final answer of a completion stands.

mod answer_is;
mod boxed;
mod hashes;
mod last_line;
mod last_number;
mod math_span;

use std::ops::Range;

use crate::config::Method;

/// A final answer, found but not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extraction {
    /// What marked it.
    pub method: Method,
    /// Its bytes in the completion.
    pub span: Range<usize>,
    /// What stood at earlier places of the same kind that also count as answers, for the note about contradictions.
    pub earlier: Vec<Range<usize>>,
}

impl Extraction {
    /// The answer's text.
    #[must_use]
    pub fn text<'a>(&self, completion: &'a str) -> &'a str {
        &completion[self.span.clone()]
    }
}

/// Looks for the final answer by each method in turn. None when no place has one.
#[must_use]
pub fn extract(completion: &str, methods: &[Method]) -> Option<Extraction> {
    methods.iter().find_map(|&method| {
        let mut spans = match method {
            Method::Boxed => boxed::spans(completion),
            Method::Hashes => hashes::last(completion).into_iter().collect(),
            Method::AnswerIs => answer_is::last(completion).into_iter().collect(),
            Method::Math => math_span::last(completion).into_iter().collect(),
            Method::LastNumber => last_number::last(completion).into_iter().collect(),
            Method::LastLine => last_line::last(completion).into_iter().collect(),
            Method::Whole => std::iter::once(0..completion.len())
                .filter(|_| !completion.trim().is_empty())
                .collect::<Vec<_>>(),
        };
        let span = spans.pop()?;
        Some(Extraction {
            method,
            span,
            earlier: spans,
        })
    })
}

#[cfg(test)]
mod tests;
