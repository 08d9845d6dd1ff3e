//! `restem math`: one comparison, explained, with an exit status that scripts can test.

use std::process::Output;

use restem_tests::restem;
use serde_json::Value;

fn math(args: &[&str]) -> Output {
    restem().arg("math").args(args).output().unwrap()
}

fn stdout(output: &Output) -> String {
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The text without what changes with every build of the plugin.
fn settled(text: &str) -> String {
    text.lines()
        .map(|line| match line.trim_start().split_once(' ') {
            Some(("fuel:", _)) => "  fuel: [fuel]",
            Some(("judged", _)) => "  judged by [plugin]",
            _ => line,
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn equal_answers_are_explained_and_exit_with_0() {
    let output = math(&["\\frac12", "0.5"]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(settled(&stdout(&output)), @r"
    equal
      extraction: whole at bytes 0..3: 0.5
      reference: 1/2
      answer: 1/2
      outcome: Equal
      rule: same tree
      evidence: both are written alike
      canonical: 1/2 and 1/2
      fuel: [fuel]
      judged by [plugin]
    ");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn different_answers_exit_with_1() {
    let output = math(&["x^2-1", "We get \\boxed{(x-1)(x+2)}."]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(settled(&stdout(&output)), @r"
    different
      extraction: boxed at bytes 14..24: (x-1)(x+2)
      reference: sum(power(x, 2), -1)
      answer: product(sum(x, -1), sum(x, 2))
      outcome: Different
      rule: normal form
      evidence: their difference has terms left that can't cancel
      canonical: x^2 - 1 and x^2 + x - 2
      fuel: [fuel]
      judged by [plugin]
    ");
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn an_answer_that_can_not_be_told_exits_with_1_and_says_why() {
    let output = math(&["\\int_0^1 f(x) dx", "\\boxed{F(1)-F(0)}"]);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(settled(&stdout(&output)), @r#"
    undecided
      extraction: boxed at bytes 7..16: F(1)-F(0)
      reference: unread("\\int_0^1f(x)dx": `\int` can't be read)
      answer: sum(product(F, 1), product(-1, F, 0))
      outcome: Undecided
      rule: unread
      evidence: `\int_0^1f(x)dx`: `\int` can't be read
      canonical: \int_0^1f(x)dx and F
      fuel: [fuel]
      judged by [plugin]
    "#);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn negative_answers_are_no_flags() {
    let output = math(&["-1/2", "-x", "--config", "percent=\"unit\"", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let verdict: Value = serde_json::from_str(&stdout(&output)).unwrap();
    assert_eq!(verdict["outcome"], "different");
    assert_eq!(
        (&verdict["reference"], &verdict["answer"]),
        (&"-1/2".into(), &"-x".into())
    );
    assert!(verdict["fuel"].as_u64().unwrap() > 0);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_reference_without_an_answer_is_an_error() {
    let output = math(&["", "5"]);
    assert_eq!(output.status.code(), Some(2));
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("error: malformed_problem: plugin `math-equivalence`")
            && text.contains("it holds no answer"),
        "{text}"
    );
    assert!(output.stdout.is_empty());
    let wrong = math(&["1", "1", "--config", "extract=[\"guess\"]"]);
    assert_eq!(wrong.status.code(), Some(2));
}
