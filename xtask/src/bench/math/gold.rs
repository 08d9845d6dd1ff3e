//! The final answer of a `gold` that is a whole solution.

/// The answer in a source's `gold`. None when the solution marks none.
///
/// grade-school-math ends its solutions with a line `A: 12`, verify_cot has GSM8K's `#### 12` and MATH's last box; the others
/// give the answer alone.
pub(crate) fn answer<'a>(source: &str, gold: &'a str) -> Option<&'a str> {
    let found = match source {
        "openai/grade-school-math" => gold.rsplit_once("A:").map(|(_, answer)| answer),
        "lz1oceani/verify_cot" => match gold.rsplit_once("####") {
            Some((_, answer)) => Some(answer),
            None => last_box(gold),
        },
        _ => Some(gold),
    };
    found.map(str::trim).filter(|answer| !answer.is_empty())
}

/// What the last `\boxed{…}` holds.
fn last_box(text: &str) -> Option<&str> {
    let (_, rest) = text.rsplit_once("\\boxed{")?;
    let mut depth = 1_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(&rest[..at]);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_solutions_give_their_answer() {
        let of = |source, gold| answer(source, gold).unwrap();
        assert_eq!(of("openai/grade-school-math", "3*5=15\nA: 1,015"), "1,015");
        assert_eq!(of("lz1oceani/verify_cot", "so 5.\n#### 5"), "5");
        assert_eq!(
            of("lz1oceani/verify_cot", "\\boxed{1} or \\boxed{\\frac{1}{2}}."),
            "\\frac{1}{2}"
        );
        assert_eq!(of("tangzhy/RealCritic", "A: 1 #### 2"), "A: 1 #### 2");
        assert_eq!(answer("lz1oceani/verify_cot", "no answer"), None);
    }
}
