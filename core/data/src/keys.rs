//! What counts as the same text.

use restem_em::Digest;

/// Key of a completion among those of one problem: equal keys are duplicates.
///
/// Runs of white space count as one space, and space and `.`, `,`, `;`, `:`, `!` and `?` at the end don't count. Case and
/// everything else does: `x = 1` and `X = 1` may be different programs.
#[must_use]
pub fn completion_key(completion: &str) -> Digest {
    let words = completion.split_whitespace().collect::<Vec<_>>().join(" ");
    Digest::of(words.trim_end_matches([' ', '.', ',', ';', ':', '!', '?']))
}

/// Key of a question across datasets: only letters and digits count, lower-cased, and where words end.
///
/// A question of nothing but symbols keeps its symbols.
#[must_use]
pub fn prompt_key(prompt: &str) -> Digest {
    let lower = prompt.to_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    if words.is_empty() {
        return Digest::of(lower.split_whitespace().collect::<String>());
    }
    Digest::of(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_and_the_last_full_stop_make_no_difference_to_completions() {
        let key = completion_key("1 + 1 = 2. The answer is 2.");
        assert_eq!(key, completion_key("  1 + 1 = 2.\nThe  answer is 2 \n"));
        assert_ne!(key, completion_key("1 + 1 = 2. The answer is 3."));
        assert_ne!(completion_key("x = 1"), completion_key("X = 1"));
        assert_ne!(completion_key("a b"), completion_key("ab"));
    }

    #[test]
    fn case_and_punctuation_make_no_difference_to_questions() {
        assert_eq!(prompt_key("Tom's 3 apples?"), prompt_key("tom s 3 Apples."));
        assert_ne!(prompt_key("3 apples"), prompt_key("4 apples"));
        assert_ne!(prompt_key("+"), prompt_key("-"));
    }
}
