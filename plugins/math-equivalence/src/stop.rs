//! Where a completion stops being about its own problem.

use memchr::memmem;

/// The text before the first line that starts with one of `stops`; all of it when no line does.
///
/// Few-shot prompted base models rarely stop by themselves: after "The answer is 23." comes a blank line, "Question:"
/// and an answer to a problem that nobody asked.
#[must_use]
pub fn before<'a>(completion: &'a str, stops: &[String]) -> &'a str {
    let stands_in_it =
        |stop: &String| memmem::find(completion.as_bytes(), stop.trim_start().as_bytes()).is_some();
    // Most completions have none, and many lines.
    if !stops.iter().any(stands_in_it) {
        return completion;
    }
    let mut at = 0;
    for line in completion.split_inclusive('\n') {
        let start = line.trim_start();
        if stops.iter().any(|stop| start.starts_with(stop.trim_start())) {
            return &completion[..at];
        }
        at += line.len();
    }
    completion
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(completion: &str) -> &str {
        before(completion, &["Question:".to_owned()])
    }

    #[test]
    fn a_question_of_the_model_s_own_ends_the_completion() {
        assert_eq!(
            cut("The answer is 3.\n\nQuestion: And 4?\nAnswer: 4."),
            "The answer is 3.\n\n"
        );
        assert_eq!(cut("The answer is 3.\n  Question: And 4?"), "The answer is 3.\n");
    }

    #[test]
    fn the_word_inside_a_line_does_not() {
        assert_eq!(cut("The Question: was easy, 3."), "The Question: was easy, 3.");
    }

    #[test]
    fn a_completion_that_only_asks_is_empty() {
        assert_eq!(cut("Question: what?\nAnswer: 3."), "");
    }

    #[test]
    fn no_stops_keep_it_whole() {
        assert_eq!(before("a\nQuestion: b", &[]), "a\nQuestion: b");
    }
}
