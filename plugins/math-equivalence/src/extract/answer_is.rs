//! Answers announced in words.

use std::ops::Range;

use memchr::{memchr2_iter, memrchr};

use crate::limits;
use crate::markup::peel;
use crate::number::{Number, numbers};

/// The word in all announcements but GSM8K's. Without an article: "the answer is", "the final answer is" and "our answer is" all end in it.
const ANSWER: &[u8] = b"answer";

/// Words between "answer to" and "is".
const QUESTION_WORDS: usize = 6;

/// What follows the last "answer is" or "answer:" that has something behind it.
///
/// That is the sentence's rest, or the next line when the line ends there. From a sentence in plain words that holds
/// exactly one number ("that they have 12 apples left") it is the number.
pub(super) fn last(text: &str) -> Option<Range<usize>> {
    // Line by line from the end: most completions are long, and their answers stand last.
    let mut end = text.len();
    loop {
        let start = memrchr(b'\n', &text.as_bytes()[..end]).map_or(0, |at| at + 1);
        let found = announcements(text, start..end)
            .into_iter()
            .rev()
            .find_map(|at| clause(text, at));
        if found.is_some() {
            return found;
        }
        end = start.checked_sub(1)?;
    }
}

/// Ends of all phrases of a line behind which an answer may stand, in ascending order.
fn announcements(text: &str, line: Range<usize>) -> Vec<usize> {
    let mut ends = Vec::new();
    let start = line.start;
    let line = &text.as_bytes()[line];
    // GSM8K's outputs as OpenAI released them end in a line `A: 18`.
    if let [b'a' | b'A', b':', ..] = line {
        ends.push(start + 2);
    }
    for w in memchr2_iter(b'w', b'W', line) {
        let Some(word) = w.checked_sub(3) else { continue };
        let Some(rest) = line[word..].split_at_checked(ANSWER.len()) else {
            continue;
        };
        let (word, rest, behind) = (start + word, rest.1, rest.0);
        if !behind.eq_ignore_ascii_case(ANSWER) {
            continue;
        }
        let after = word + ANSWER.len();
        if starts_with(rest, b" is") && !touches_letters(text, word, after + 3) {
            ends.push(after + 3);
        } else if starts_with(rest, b":") && !touches_letters(text, word, after + 1) {
            ends.push(after + 1);
        } else if starts_with(rest, b" to ") {
            let question = after + 4;
            ends.extend(question_length(&text[question..start + line.len()]).map(|length| question + length));
        }
    }
    ends.sort_unstable();
    ends
}

fn starts_with(text: &[u8], phrase: &[u8]) -> bool {
    text.get(..phrase.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(phrase))
}

/// Bytes up to the end of "this question is", with up to six words before the verb.
fn question_length(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut words = 0;
    let mut pieces = text.split(' ').peekable();
    while let Some(piece) = pieces.next() {
        if at > 0 && piece.eq_ignore_ascii_case("is") && pieces.peek().is_some() {
            let words = text[..at - 1].split_whitespace().count();
            return (words <= QUESTION_WORDS).then_some(at + 2);
        }
        words += usize::from(!piece.is_empty());
        // Ends long lines early; other spaces than these make more words, not fewer.
        if words > QUESTION_WORDS {
            return None;
        }
        at += piece.len() + 1;
    }
    None
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
    let peeled = peel(clause);
    let plain = peeled.len() <= limits::DIGITS && peeled.bytes().all(|byte| byte.is_ascii_digit());
    if plain
        || Number::parse(peeled).is_some()
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
