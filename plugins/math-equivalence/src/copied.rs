//! Answers that are copies of the prompt's.

use std::ops::Range;

use memchr::{memchr_iter, memmem};

/// Bytes before an answer that are looked for in the prompt together with it.
const CONTEXT: usize = 40;

/// With fewer bytes before it an answer may be a model's own words even where an example of the prompt says the same: "The answer is 5."
const LEAST_CONTEXT: usize = 25;

/// Longer passages are searched for in time linear in both lengths, shorter ones at once.
const LONG: usize = 64;

/// Whether the answer at `span` and the words before it stand in the prompt: then it is the prompt's answer, not the writer's.
#[must_use]
pub fn copied(completion: &str, span: &Range<usize>, prompt: Option<&str>) -> bool {
    let Some(prompt) = prompt else { return false };
    let mut start = span.start.saturating_sub(CONTEXT);
    while !completion.is_char_boundary(start) {
        start += 1;
    }
    let passage = completion[start..span.end].trim_start();
    passage.len() >= span.len() + LEAST_CONTEXT && stands_in(prompt.as_bytes(), passage.as_bytes())
}

/// Whether `passage`, which is not empty, stands in `prompt`.
fn stands_in(prompt: &[u8], passage: &[u8]) -> bool {
    let &[.., last] = passage else { return true };
    if passage.len() > LONG {
        return memmem::find(prompt, passage).is_some();
    }
    // A passage ends in an answer, whose last sign is rarer in a prompt than letters are.
    memchr_iter(last, prompt).any(|at| prompt[..=at].ends_with(passage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_passage_of_the_prompt_is_a_copy_and_a_phrase_is_not() {
        let prompt = "Example: a train travels 60 km in one hour. The answer is \\boxed{60}.\nNow: 2 + 2?";
        let echo = "Example: a train travels 60 km in one hour. The answer is \\boxed{60}.";
        let end = echo.find("60}").unwrap() + 2;
        assert!(copied(echo, &(end - 2..end), Some(prompt)));
        assert!(!copied(echo, &(end - 2..end), None));
        let own = "so the answer is \\boxed{60}.";
        let end = own.find("60}").unwrap() + 2;
        assert!(!copied(own, &(end - 2..end), Some(prompt)));
    }
}
