//! Which of several boxes is the answer.

use std::ops::Range;

use memchr::memmem;

use crate::config::{Boxes, Config};
use crate::decide::{self, Outcome};
use crate::extract::Extraction;
use crate::limits;
use crate::markup::peel;
use crate::syntax;

/// Boxes that are compared with the last one; a completion of thousands of boxes is no reason to read them all.
const COMPARED: usize = 4;

/// The answer's span, or that the completion hedges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This one counts.
    Span(Range<usize>),
    /// Boxes of one sentence say different things.
    Hedged,
}

/// Chooses by the configured rule. Boxes before the last one's sentence (for [`Boxes::First`]: its paragraph) are steps of the solution, and boxes that
/// only leave room (`\boxed{\phantom{9}}`) say nothing.
#[must_use]
pub fn choose(found: &Extraction, completion: &str, config: &Config) -> Choice {
    if found.earlier.is_empty() {
        return Choice::Span(found.span.clone());
    }
    let before = &completion[..found.span.start];
    let paragraph = memmem::rfind(before.as_bytes(), b"\n\n").unwrap_or(0);
    let others = found
        .earlier
        .iter()
        .filter(|span| span.start >= paragraph && span.end <= found.span.start);
    match config.boxes {
        Boxes::Last => Choice::Span(found.span.clone()),
        Boxes::First => Choice::Span(
            others
                .min_by_key(|span| span.start)
                .unwrap_or(&found.span)
                .clone(),
        ),
        Boxes::Agreeing => {
            let own = &completion[found.span.clone()];
            let same_sentence: Vec<&str> = others
                .rev()
                .take(COMPARED)
                .take_while(|span| !ends_sentence(&completion[span.end..found.span.start]))
                .map(|span| &completion[span.clone()])
                .filter(|text| !text.contains("\\phantom") && *text != own)
                .collect();
            if same_sentence.iter().any(|other| differ(own, other, config)) {
                Choice::Hedged
            } else {
                Choice::Span(found.span.clone())
            }
        }
    }
}

/// Whether two boxes say different things. What is too long for an answer says something else than anything.
fn differ(own: &str, other: &str, config: &Config) -> bool {
    if own.len().max(other.len()) > limits::ANSWER_BYTES {
        return true;
    }
    let (own, other) = (syntax::read(peel(own)), syntax::read(peel(other)));
    decide::compare(&own, &other, None, config).outcome != Outcome::Equal
}

/// Whether a sentence ends in this text: a full stop, behind which a formula may close, then space.
fn ends_sentence(between: &str) -> bool {
    between.match_indices(['.', '?', '!']).any(|(at, _)| {
        let rest = &between[at + 1..];
        let behind = rest.trim_start_matches(['$', '\\', ']', ')', '}', '*']);
        behind.starts_with(char::is_whitespace)
    })
}
