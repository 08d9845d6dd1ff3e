use proptest::prelude::*;

use super::extract;
use crate::config::{Config, Method};

fn found(text: &str) -> Option<(&str, Method)> {
    extract(text, &Config::default().extract).map(|found| (&text[found.span.clone()], found.method))
}

fn by(method: Method, text: &str) -> Option<&str> {
    extract(text, &[method]).map(|found| &text[found.span])
}

#[test]
fn the_last_box_counts_and_braces_nest() {
    assert_eq!(
        found("\\boxed{1}, so \\boxed{\\frac{a}{b}}."),
        Some(("\\frac{a}{b}", Method::Boxed))
    );
    assert_eq!(by(Method::Boxed, "\\boxed{x=\\boxed{5}}"), Some("5"));
    assert_eq!(by(Method::Boxed, "\\boxed{\\{1,2\\}}"), Some("\\{1,2\\}"));
    assert_eq!(by(Method::Boxed, "\\fbox {7}"), Some("7"));
    assert_eq!(by(Method::Boxed, "$\\boxed 12$ then"), Some("12"));
}

#[test]
fn a_box_that_is_cut_off_holds_nothing() {
    assert_eq!(by(Method::Boxed, "\\boxed{1} and \\boxed{2"), Some("1"));
    assert_eq!(by(Method::Boxed, "\\boxed{"), None);
    assert_eq!(by(Method::Boxed, "\\boxed{}"), None);
    assert_eq!(by(Method::Boxed, "\\boxedform{3}"), None);
}

#[test]
fn earlier_boxes_are_reported() {
    let text = "\\boxed{1} \\boxed{2}";
    let found = extract(text, &[Method::Boxed]).unwrap();
    assert_eq!(found.text(text), "2");
    assert_eq!(found.earlier.len(), 1);
}

#[test]
fn gsm8k_answers_follow_hashes() {
    assert_eq!(
        found("She has 3 left.\n#### 1,234\nBye 5"),
        Some((" 1,234", Method::Hashes))
    );
    assert_eq!(by(Method::Hashes, "#### 3\n####"), Some(" 3"));
}

#[test]
fn an_announced_answer_is_the_rest_of_its_sentence() {
    for (text, wanted) in [
        ("14 + 9 = 23. The answer is 23.", "23"),
        ("The answer is 23", "23"),
        ("THE ANSWER IS: 3.5 metres. Good.", "3.5 metres"),
        (
            "The final answer is $\\frac{1}{2}$. Hope it helps.",
            "$\\frac{1}{2}$",
        ),
        ("The answer is $5. She", "$5"),
        ("The answer is 1. The answer is 2.", "2"),
        ("The answer is 1. The answer is", "1"),
        ("Answer: 8", "8"),
        ("**Answer:** 8", "8"),
        ("The answer is:\n\n12 apples", "12 apples"),
        ("The answer is that they have 12 apples left.", "12"),
        ("The answer is 3 + 4 = 7.", "3 + 4 = 7"),
        ("the answer is x + 5.", "x + 5"),
        ("The answer is **5**.", "5**"),
    ] {
        assert_eq!(by(Method::AnswerIs, text), Some(wanted), "{text}");
    }
    assert_eq!(by(Method::AnswerIs, "the answer is $$$é $"), Some("$$$é $"));
    assert_eq!(by(Method::AnswerIs, "The answer isn't here"), None);
    assert_eq!(by(Method::AnswerIs, "no banswer is 3"), None);
}

#[test]
fn the_last_formula_is_an_answer_but_money_is_no_formula() {
    assert_eq!(by(Method::Math, "so $x=3$ and $y=4$ hold"), Some("y=4"));
    assert_eq!(by(Method::Math, "thus $$x+1$$"), Some("x+1"));
    assert_eq!(by(Method::Math, "thus \\(3\\) or \\[ 4 \\]"), Some(" 4 "));
    assert_eq!(by(Method::Math, "it costs $5 and $6 more"), None);
    assert_eq!(by(Method::Math, "it costs \\$5 and \\$6"), None);
}

#[test]
fn the_last_number_is_the_last_resort() {
    for (text, wanted) in [
        ("She has 3 and then 4 apples", "4"),
        ("5-3", "3"),
        ("it fell to -3 degrees", "-3"),
        ("that is 25% of it", "25%"),
        ("so 1,234.5 km", "1,234.5"),
        ("so \\frac{3}{4} of x2", "\\frac{3}{4}"),
        ("she paid $12.", "$12"),
        ("a 5cm line", "5"),
        ("9 in version 1.2.3", "9"),
    ] {
        assert_eq!(found(text).map(|(text, _)| text), Some(wanted), "{text}");
    }
    assert_eq!(found("none at all, x2"), None);
}

#[test]
fn hostile_repetition_takes_one_pass() {
    for piece in [
        "\\boxed{",
        "$",
        "\\frac{",
        "the answer is ",
        "#### ",
        "9",
        "\\(",
        "{",
        "1/",
        "-",
    ] {
        let _ = extract(&piece.repeat(20_000), &Config::default().extract);
    }
}

proptest! {
    #[test]
    fn junk_never_panics_and_spans_lie_on_characters(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "\\boxed{", "\\fbox", "}", "{", "$", "$$", "\\(", "\\)", "####", "the answer is", "Answer:", "\n", " ",
                ".", "5", "1,000", "-", "\\", "é", "−", "%", "\\frac", "12", "/", "=", "x", "\\text{", "°", "^",
            ]),
            0..30,
        )
    ) {
        let text = pieces.concat();
        for method in Config::default().extract {
            if let Some(found) = extract(&text, &[method]) {
                prop_assert!(!found.text(&text).is_empty());
            }
        }
    }

    #[test]
    fn any_text_is_survived(text in ".{0,60}") {
        for method in Config::default().extract {
            let _ = extract(&text, &[method]);
        }
    }
}
