//! Answers announced in words.

use std::ops::Range;

use crate::limits;
use crate::markup::peel;
use crate::number::{Number, numbers};

/// Without the article: "the answer is", "the final answer is" and "our answer is" all end in it.
const PHRASES: [&str; 2] = ["answer is", "answer:"];

/// What follows the last "answer is" or "answer:" that has something behind it.
///
/// That is the sentence's rest, or the next line when the line ends there. From a sentence in plain words that holds
/// exactly one number ("that they have 12 apples left") it is the number.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    // ASCII case only: byte offsets stay those of the text.
    let lower = text.to_ascii_lowercase();
    let mut starts: Vec<usize> = PHRASES
        .iter()
        .flat_map(|phrase| lower.match_indices(phrase).map(|(at, _)| (at, at + phrase.len())))
        .filter(|&(at, end)| !touches_letters(text, at, end))
        .map(|(_, end)| end)
        .collect();
    // GSM8K's outputs as OpenAI released them end in a line `A: 18`.
    starts.extend(
        lower
            .match_indices("a:")
            .filter(|&(at, _)| lower[..at].is_empty() || lower[..at].ends_with('\n'))
            .map(|(at, _)| at + 2),
    );
    starts.extend(to_the_question(&lower));
    starts.sort_unstable();
    starts.into_iter().rev().find_map(|start| clause(text, start))
}

/// Ends of "answer to this question is", with up to six words between.
fn to_the_question(lower: &str) -> impl Iterator<Item = usize> + '_ {
    const PHRASE: &str = "answer to ";
    lower.match_indices(PHRASE).filter_map(|(at, _)| {
        let start = at + PHRASE.len();
        let line = lower[start..].split('\n').next().unwrap_or_default();
        let end = line.find(" is ")?;
        (line[..end].split_whitespace().count() <= 6).then_some(start + end + " is".len())
    })
}

/// Whether the phrase is cut out of longer words.
fn touches_letters(text: &str, start: usize, end: usize) -> bool {
    text[..start].ends_with(char::is_alphanumeric)
        || (text[..end].ends_with(char::is_alphabetic) && text[end..].starts_with(char::is_alphanumeric))
}

/// The answer behind the phrase that ends at `start`.
fn clause(text: &str, start: usize) -> Option<Range<usize>> {
    let skipped = text[start..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '*'));
    let start = text.len() - skipped.len();
    let end = start + sentence_length(skipped);
    let clause = &text[start..end];
    // Too long for an answer, which is said later; peeling it layer by layer would only cost.
    if clause.len() > limits::ANSWER_BYTES {
        return Some(start..end);
    }
    if peel(clause).is_empty() {
        return None;
    }
    Some(only_number(clause).map_or(start..end, |found| start + found.start..start + found.end))
}

/// Bytes up to a full stop that ends the sentence, or to the end of the line; neither counts within math or braces.
fn sentence_length(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut math = math_opens(text).then_some(0);
    let mut signs = text.char_indices().peekable();
    while let Some((at, c)) = signs.next() {
        match c {
            '\\' => {
                signs.next();
            }
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '$' if math.is_some_and(|open| at > open + 1) => math = None,
            '\n' if depth == 0 && math.is_none() => return at,
            '\n' if text[at..].starts_with("\n\n") => return at,
            '.' if depth == 0
                && math.is_none()
                && signs
                    .peek()
                    .is_none_or(|&(_, next)| next.is_whitespace() || next.is_uppercase()) =>
            {
                return at;
            }
            _ => {}
        }
    }
    text.len()
}

/// Whether the clause begins with `$…$` on one line, rather than with a sum of dollars.
fn math_opens(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    let formula = line.trim_start_matches('$');
    let closed = formula.split_once('$').map(|(formula, _)| formula);
    formula.len() < line.len() && closed.is_some_and(|formula| !formula.ends_with(char::is_whitespace))
}

/// The one number of a clause in plain words. None when the clause is a number already, or more than words.
fn only_number(clause: &str) -> Option<Range<usize>> {
    if Number::parse(peel(clause)).is_some()
        || clause.contains(['\\', '=', '+', '*', '^', '<', '>', '(', '[', '_'])
    {
        return None;
    }
    let mut numbers = numbers(clause);
    let found = numbers.next()?;
    let rest_has_digits = clause[found.span.end..].contains(|c: char| c.is_ascii_digit());
    let start_has_digits = clause[..found.span.start].contains(|c: char| c.is_ascii_digit());
    let words = clause[..found.span.start]
        .chars()
        .filter(|c| c.is_alphabetic())
        .count()
        != 1;
    (!rest_has_digits && !start_has_digits && words).then_some(found.span)
}
