use proptest::prelude::*;

use super::*;
use crate::config::{Boxes, PercentRule};

fn judge(reference: &str, completion: &str) -> Judgement {
    judge_with(reference, completion, &Config::default())
}

fn judge_with(reference: &str, completion: &str, config: &Config) -> Judgement {
    Reference::parse(reference, config)
        .unwrap()
        .judge(completion, None, config)
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
    assert_eq!((judgement.decision, judgement.answer), (None, None));
    insta::assert_snapshot!(judgement.note.unwrap(), @"no answer found; looked for boxed, hashes, answer-is, math, last-number");
}

#[test]
fn boxes_of_one_sentence_that_contradict_are_no_answer() {
    let judgement = judge("2", "Either \\boxed{1} or \\boxed{2}.");
    assert!(!judgement.is_right());
    insta::assert_snapshot!(judgement.note.unwrap(), @"several boxes of one sentence differ, so none is the answer; `boxes` can choose the first or the last");
    assert!(judge("2", "\\boxed{2.0} = \\boxed{2}").is_right());
    assert!(judge("2", "\\boxed{x=\\boxed{2}}").is_right());
    assert!(judge("2", "First \\boxed{1}.\n\nThen \\boxed{2}.").is_right());
    assert!(judge("2", "It has $\\boxed{\\phantom{9}}$ + 1 = $\\boxed{2}$").is_right());
    assert!(judge("2", "This is $\\boxed{1}.$ So the sum is $\\boxed{2}$.").is_right());
    for (boxes, right) in [(Boxes::First, "1"), (Boxes::Last, "2")] {
        let config = Config {
            boxes,
            ..Config::default()
        };
        assert!(judge_with(right, "\\boxed{1} and \\boxed{2}", &config).is_right());
    }
}

#[test]
fn an_answer_copied_from_the_prompt_is_none() {
    let config = Config::default();
    let prompt =
        "Q: A box holds 12 pens and Ann takes two of them away. A: The answer is \\boxed{10}.\nQ: 5 + 5? A:";
    let echo = "A box holds 12 pens and Ann takes two of them away. A: The answer is \\boxed{10}.";
    let reference = Reference::parse("10", &config).unwrap();
    assert!(reference.judge(echo, None, &config).is_right());
    let judgement = reference.judge(echo, Some(prompt), &config);
    insta::assert_snapshot!(judgement.note.unwrap(), @"the answer stands in a passage copied from the prompt");
    assert!(
        reference
            .judge("5 + 5 = \\boxed{10}", Some(prompt), &config)
            .is_right()
    );
}

#[test]
fn an_undecided_answer_says_so() {
    let judgement = judge("2", "\\boxed{\\int_0^1 f}");
    assert!(judgement.is_undecided());
    insta::assert_snapshot!(judgement.note.unwrap(), @r"undecided (unread): `\int_0^1f`: `\int` can't be read");
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

#[test]
fn decimals_that_round_are_taken_when_the_configuration_says_so() {
    let config = Config {
        decimals: Decimals::Rounded,
        ..Config::default()
    };
    for (reference, answer, right) in [
        ("\\sqrt{65}", "8.062258", true),
        ("\\sqrt{65}", "8.062257", false),
        ("\\frac13", "0.333", true),
        ("\\frac13", "0.33", false),
        ("\\frac13", "0.334", false),
        ("12\\pi", "37.70", true),
        ("1023/1024", "1", false),
        ("\\frac{1}{3}", "€0.333", true),
    ] {
        let completion = format!("\\boxed{{{answer}}}");
        assert_eq!(
            judge_with(reference, &completion, &config).is_right(),
            right,
            "{reference} {answer}"
        );
        assert!(!judge(reference, &completion).is_right(), "{reference} {answer}");
    }
}

#[test]
fn an_explanation_tells_the_way_to_the_outcome() {
    let config = Config {
        explain: true,
        ..Config::default()
    };
    let judgement = judge_with("\\frac12", "So \\boxed{0.5}.", &config);
    insta::assert_snapshot!(judgement.note.unwrap());
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
        let judgement = reference.judge(&format!("The answer is {completion}."), None, &config);
        if judgement.is_right() {
            prop_assert_eq!(judgement.answer.as_deref(), Some(reference.canonical()));
        }
    }

    #[test]
    fn any_reference_and_completion_are_survived(reference in ".{0,40}", completion in ".{0,80}") {
        let config = Config::default();
        if let Ok(reference) = Reference::parse(&reference, &config) {
            let _ = reference.judge(&completion, None, &config);
        }
    }

    #[test]
    fn any_formula_is_survived(formula in r"[-0-9+*/^_!=<>(){}\[\]|,.: \\a-cexisqrtfanpd$%°]{0,60}") {
        let config = Config { decimals: Decimals::Rounded, explain: true, ..Config::default() };
        let completion = format!("\\boxed{{{formula}}}");
        if let Ok(reference) = Reference::parse(&formula, &config) {
            let _ = reference.judge(&completion, None, &config);
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
