//! What a completion is worth against a reference.

use crate::answer::{Answer, NoAnswer};
use crate::config::{Config, Method};
use crate::equal::{Outcome, canonical, compare};
use crate::extract::{Extraction, extract};
use crate::limits;
use crate::reference::Reference;
use crate::stop;

/// What a completion is worth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// How its answer compares; None when no answer was found.
    pub outcome: Option<Outcome>,
    /// Its answer in canonical form; answers that equal the reference all have the reference's.
    pub answer: Option<String>,
    /// Whether the writer marked the answer (box, `####`, "the answer is") rather than leave us to guess.
    pub marked: bool,
    /// What a person should know about it.
    pub note: Option<String>,
}

impl Reference {
    /// Judges one completion.
    #[must_use]
    pub fn judge(&self, completion: &str, config: &Config) -> Judgement {
        let completion = stop::before(completion, &config.stop_at);
        let Some(found) = extract(completion, &config.extract) else {
            return Judgement::without_answer(
                false,
                format!("no answer found; looked for {}", names(&config.extract)),
            );
        };
        let marked = found.method.is_marker();
        match Answer::parse(found.text(completion)) {
            Ok(answer) => self.weigh(&answer, &found, completion, config),
            Err(NoAnswer::Empty) => Judgement::without_answer(
                marked,
                format!("the answer found by {} is empty", found.method.name()),
            ),
            Err(NoAnswer::TooLong { bytes }) => Judgement::without_answer(
                marked,
                format!(
                    "the answer found by {} has {bytes} bytes, the limit is {}",
                    found.method.name(),
                    limits::ANSWER_BYTES
                ),
            ),
        }
    }

    fn weigh(&self, answer: &Answer, found: &Extraction, completion: &str, config: &Config) -> Judgement {
        let own = canonical(answer, config.percent);
        let outcome = compare(self.answer(), answer, config.percent);
        let mut notes = Vec::new();
        if contradicted(found, completion, &own, config) {
            notes.push("several boxed answers differ; the last one counts");
        }
        if outcome == Outcome::Undecided {
            notes.push("undecided: not both are numbers and their texts differ");
        }
        Judgement {
            outcome: Some(outcome),
            answer: Some(if outcome == Outcome::Equal {
                self.canonical().to_owned()
            } else {
                own
            }),
            marked: found.method.is_marker(),
            note: (!notes.is_empty()).then(|| notes.join("; ")),
        }
    }
}

impl Judgement {
    fn without_answer(marked: bool, note: String) -> Self {
        Self {
            outcome: None,
            answer: None,
            marked,
            note: Some(note),
        }
    }

    /// Whether the answer was found and equals the reference.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.outcome == Some(Outcome::Equal)
    }
}

/// Boxes looked at for contradictions; a completion of thousands of boxes is no reason to read them all.
const BOXES_COMPARED: usize = 16;

/// Whether an earlier box says something else than the last. A box around the last one says the same.
fn contradicted(found: &Extraction, completion: &str, own: &str, config: &Config) -> bool {
    let outside = found
        .earlier
        .iter()
        .rev()
        .filter(|span| span.end <= found.span.start)
        .take(BOXES_COMPARED);
    outside
        .filter_map(|span| Answer::parse(&completion[span.clone()]).ok())
        .any(|earlier| canonical(&earlier, config.percent) != own)
}

fn names(methods: &[Method]) -> String {
    methods
        .iter()
        .map(|method| method.name())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::PercentRule;

    fn judge(reference: &str, completion: &str) -> Judgement {
        let config = Config::default();
        Reference::parse(reference, &config)
            .unwrap()
            .judge(completion, &config)
    }

    #[test]
    fn a_right_answer_carries_the_reference_s_spelling() {
        let judgement = judge("1/2", "It is half. The answer is 0.50.");
        assert!(judgement.is_right() && judgement.marked);
        assert_eq!(judgement.answer.as_deref(), Some("1/2"));
        assert_eq!(judgement.note, None);
    }

    #[test]
    fn a_model_that_runs_on_is_judged_by_its_own_answer() {
        let run_on = " 4 + 3 = 7. The answer is 7.\n\nQuestion: And 2 + 2?\nAnswer: The answer is 4.";
        assert!(judge("7", run_on).is_right());
        assert!(!judge("4", run_on).is_right());
    }

    #[test]
    fn without_an_answer_there_is_no_outcome() {
        let judgement = judge("7", "I don't know.");
        assert_eq!((judgement.outcome, judgement.answer), (None, None));
        insta::assert_snapshot!(judgement.note.unwrap(), @"no answer found; looked for boxed, hashes, answer-is, math, last-number");
    }

    #[test]
    fn boxes_that_contradict_are_noted() {
        let judgement = judge("2", "\\boxed{1}, no, \\boxed{2}");
        assert!(judgement.is_right());
        insta::assert_snapshot!(judgement.note.unwrap(), @"several boxed answers differ; the last one counts");
        assert_eq!(judge("2", "\\boxed{2.0} = \\boxed{2}").note, None);
        assert_eq!(judge("2", "\\boxed{x=\\boxed{2}}").note, None);
    }

    #[test]
    fn an_undecided_answer_says_so() {
        let judgement = judge("2", "\\boxed{\\sqrt{4}}");
        assert_eq!(judgement.outcome, Some(Outcome::Undecided));
        insta::assert_snapshot!(judgement.note.unwrap(), @"undecided: not both are numbers and their texts differ");
    }

    #[test]
    fn whole_solutions_serve_as_references() {
        assert!(judge("She makes 9 * 2 = $<<9*2=18>>18.\n#### 18", "The answer is $18.").is_right());
        assert!(judge("The difference is $\\boxed{10}$.", "\\boxed{10}").is_right());
    }

    #[test]
    fn a_guessed_answer_is_not_marked() {
        let judgement = judge("7", "So she has 7 apples");
        assert!(judgement.is_right() && !judgement.marked);
    }

    proptest! {
        #[test]
        fn answers_equal_to_the_reference_share_its_canonical_form(
            percent in prop::sample::select(vec![PercentRule::Either, PercentRule::Fraction, PercentRule::Unit]),
            reference in spelling(),
            completion in spelling(),
        ) {
            let config = Config { percent, ..Config::default() };
            let reference = Reference::parse(&reference, &config).unwrap();
            let judgement = reference.judge(&format!("The answer is {completion}."), &config);
            prop_assert_eq!(judgement.is_right(), judgement.answer.as_ref() == Some(&reference.canonical().to_owned()));
        }

        #[test]
        fn any_reference_and_completion_are_survived(reference in ".{0,40}", completion in ".{0,80}") {
            let config = Config::default();
            if let Ok(reference) = Reference::parse(&reference, &config) {
                let _ = reference.judge(&completion, &config);
            }
        }
    }

    fn spelling() -> impl Strategy<Value = String> {
        prop::sample::select(vec![
            "50%",
            "50\\%",
            "0.5",
            "1/2",
            "\\frac12",
            "50",
            "50.0",
            "5000%",
            "2",
            "2.0",
            "200%",
            "-1/2",
            "x",
            "X",
            "\\sqrt{2}",
        ])
        .prop_map(str::to_owned)
    }
}
