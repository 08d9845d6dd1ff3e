use super::{Outcome, canonical, compare};
use crate::config::{Config, Lists, PercentRule, TextCase, Units};
use crate::markup::peel;
use crate::syntax::read;

fn outcome_with(reference: &str, answer: &str, config: &Config) -> Outcome {
    compare(&read(peel(reference)), &read(peel(answer)), None, config).outcome
}

fn outcome(reference: &str, answer: &str) -> Outcome {
    outcome_with(reference, answer, &Config::default())
}

fn equal(pairs: &[(&str, &str)]) {
    let config = Config::default();
    for (one, other) in pairs {
        let decision = compare(&read(peel(one)), &read(peel(other)), None, &config);
        assert_eq!(
            decision.outcome,
            Outcome::Equal,
            "{one} and {other}: {decision:?}\n{}\n{}",
            read(peel(one)),
            read(peel(other))
        );
        assert_eq!(outcome(other, one), Outcome::Equal, "{other} and {one}");
    }
}

fn unequal(pairs: &[(&str, &str)]) {
    for (one, other) in pairs {
        assert_ne!(outcome(one, other), Outcome::Equal, "{one} and {other}");
        assert_ne!(outcome(other, one), Outcome::Equal, "{other} and {one}");
    }
}

#[test]
fn equal_numbers_in_different_spelling() {
    equal(&[
        ("1,000", "1000"),
        ("\\$5", "5"),
        ("$5", "5 dollars"),
        ("3.0", "3"),
        ("-0", "0"),
        ("1/2", "0.5"),
        ("\\frac{1}{2}", "\\dfrac12"),
        ("1\\frac{1}{2}", "3/2"),
        ("1 1/2", "1.5"),
        ("-\\frac{1}{2}", "\\frac{-1}{2}"),
        ("3.2\\times10^{5}", "320000"),
        ("2e-3", "0.002"),
        ("−7", "-7"),
        ("12,\\!650", "12650"),
        ("64\\text{ cm}^2", "64"),
        ("60^\\circ", "60"),
        ("5 million", "5,000,000"),
        ("\\frac{270}7\\text{ degrees}", "270/7"),
        ("2^{10}", "1024"),
        ("\\sqrt{4}", "2"),
        ("\\sqrt{8}", "2\\sqrt2"),
        ("\\frac{1}{\\sqrt2}", "\\frac{\\sqrt2}{2}"),
        ("\\sqrt{24\\sqrt2+41}", "3+4\\sqrt2"),
        ("5!", "120"),
        ("\\binom52", "10"),
        ("\\log_2 8", "3"),
        ("\\cos 60^\\circ", "1/2"),
        ("e^{i\\pi}", "-1"),
        ("1 + i\\sqrt3", "\\sqrt{3}i + 1"),
    ]);
}

#[test]
fn close_numbers_are_different() {
    unequal(&[
        ("0.333", "1/3"),
        ("3.14", "\\pi"),
        ("1,000", "1.000"),
        ("5", "-5"),
        ("50", "0.5"),
        ("1/2^{99}", "1/2^{98}"),
        ("e^{\\pi\\sqrt{163}}", "262537412640768744"),
        ("\\sqrt2", "1.41421356237309504880168872420969807857"),
        ("2112_3", "2112_4"),
        ("-48*g", "-48"),
        ("5m", "5"),
    ]);
}

#[test]
fn expressions() {
    equal(&[
        ("x+1", "1+x"),
        ("(x+1)^2", "x^2+2x+1"),
        ("\\frac{x^2-1}{x-1}", "x+1"),
        ("(x^4+16)(x^2+4)(x+2)(x-2)", "x^8-256"),
        ("\\sin 2x", "2\\sin x\\cos x"),
        ("\\ln(x^2)", "2\\ln x"),
        ("\\frac{1}{x}", "x^{-1}"),
        ("2^{x+1}", "2\\cdot 2^x"),
        ("42x\\sqrt{5x}", "42\\sqrt{5}x^{3/2}"),
        ("\\sec x", "\\frac{1}{\\cos x}"),
    ]);
    unequal(&[
        ("x+1", "x-1"),
        ("\\sqrt{x^2}", "x"),
        ("x^2", "x^3"),
        ("\\sin x", "\\cos x"),
        ("x", "y"),
        ("(x+1)^{50}", "(x+1)^{50}+1"),
    ]);
}

#[test]
fn structures() {
    equal(&[
        ("1,-2", "-2, 1"),
        ("\\{1,2\\}", "\\{2,1\\}"),
        ("1 \\pm \\sqrt2", "1-\\sqrt2, 1+\\sqrt2"),
        ("(1,2)", "\\left(1, 2\\right)"),
        ("(0.5,0.6)", "(\\frac12, \\frac35)"),
        ("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "(1,2)"),
        ("[2,\\infty)", "x \\ge 2"),
        ("(-\\infty,2)\\cup(3,\\infty)", "x<2 \\text{ or } x>3"),
        ("(-\\infty,3)\\cup(3,\\infty)", "\\mathbb{R}\\setminus\\{3\\}"),
        ("x \\in [-2,7]", "[-2,7]"),
        ("1:2", "\\frac12"),
        ("3:4", "6:8"),
        ("19:60", "\\frac{19}{60}"),
        ("9:24", "9:24"),
        ("AB=9, CD=4", "CD = 4, AB = 9"),
        ("\\{-1\\} \\cup [0,7)", "[0,7) \\cup \\{-1\\}"),
    ]);
    unequal(&[
        ("(1,2)", "(2,1)"),
        ("(1,2)", "[1,2)"),
        ("[1,2]", "(1,2)"),
        ("1,2", "1,2,3"),
        (
            "\\begin{pmatrix}1&2\\end{pmatrix}",
            "\\begin{pmatrix}2&1\\end{pmatrix}",
        ),
        ("[2,\\infty)", "x > 2"),
        ("3:4", "4:3"),
        ("1, 2", "(1, 2)"),
        ("1, 2", "[1, 2]"),
        ("15:00", "05:00"),
        ("9:24", "\\frac38"),
        ("9:24", "3:8"),
    ]);
}

#[test]
fn equations_and_inequalities() {
    equal(&[
        ("5", "x = 5"),
        ("y = 2x+3", "2x - y + 3 = 0"),
        ("4x-5y=-50", "5y = 4x + 50"),
        ("2x+3", "y = 2x+3"),
        ("y=10x-4", "10x-4"),
        ("x < 3", "3 > x"),
        ("2x < 6", "x < 3"),
        ("0.56 = 56\\%", "0.56"),
        ("5", "a + b + c = 5"),
        ("f(x) = x^2", "x^2"),
    ]);
    unequal(&[
        ("y = 2x+3", "y = 2x-3"),
        ("x < 3", "x > 3"),
        ("x < 3", "x \\le 3"),
        ("10", "2x = 10"),
        ("4", "x^2 = 4"),
        ("4x-5y=-50", "4x - 5y"),
        ("4x-5y=-50", "-50"),
        ("20x+23y+26z-69=0", "0"),
        ("0", "20x+23y+26z-69=0"),
        ("0", "x + y + z = 0"),
        ("x + y + z = 0", "0"),
        ("-x < 3", "x < -3"),
    ]);
}

#[test]
fn units_follow_their_rule() {
    equal(&[
        ("10\\text{ cm}", "10"),
        ("10\\text{ cm}", "10 centimeters"),
        ("60 \\text{ minutes}", "1 \\text{ hour}"),
        ("180^\\circ", "\\pi"),
        ("12 apples", "12 apples left"),
        ("20 \\text{ sq units}", "20\\text{ square units}"),
        ("50 \\text{ cents}", "\\$0.50"),
    ]);
    assert_eq!(outcome("1121_4", "1121"), Outcome::Equal);
    assert_eq!(outcome("1121", "1121_4"), Outcome::Different);
    unequal(&[
        ("10\\text{ cm}", "10\\text{ m}"),
        ("10\\text{ cm}", "10\\text{ cm}^2"),
        ("10\\text{ feet}", "10\\text{ inches}"),
        ("12 \\text{ dogs}", "12 \\text{ cats}"),
        ("9\\text{ a.m.}", "9\\text{ p.m.}"),
        ("12 \\text{ green marbles}", "12 \\text{ red marbles}"),
        ("5 \\text{ of the apples}", "5 \\text{ of the dogs}"),
    ]);
    let strict = Config {
        units: Units::Strict,
        ..Config::default()
    };
    assert_eq!(outcome_with("10\\text{ cm}", "10", &strict), Outcome::Different);
    assert_eq!(outcome_with("10\\text{ cm}", "0.1 m", &strict), Outcome::Equal);
}

#[test]
fn the_percent_rule_says_what_fifty_percent_is() {
    use Outcome::{Different, Equal};
    for (percent, half, fifty) in [
        (PercentRule::Either, Equal, Equal),
        (PercentRule::Fraction, Equal, Different),
        (PercentRule::Unit, Different, Equal),
    ] {
        let config = Config {
            percent,
            ..Config::default()
        };
        for spelling in ["50%", "50\\%", "50 percent"] {
            assert_eq!(
                outcome_with("0.5", spelling, &config),
                half,
                "{spelling} {percent:?}"
            );
            assert_eq!(
                outcome_with("1/2", spelling, &config),
                half,
                "{spelling} {percent:?}"
            );
            assert_eq!(
                outcome_with("50", spelling, &config),
                fifty,
                "{spelling} {percent:?}"
            );
            assert_eq!(outcome_with("50\\%", spelling, &config), Equal);
        }
    }
}

#[test]
fn lists_and_words_follow_theirs() {
    let ordered = Config {
        lists: Lists::Ordered,
        text_case: TextCase::Exact,
        ..Config::default()
    };
    assert_eq!(outcome_with("1,2", "2,1", &ordered), Outcome::Different);
    assert_eq!(outcome("\\text{Friday}", "friday"), Outcome::Equal);
    assert_eq!(outcome("\\text{Friday}", "Monday"), Outcome::Different);
    assert_eq!(outcome("\\text{(B)}", "B"), Outcome::Equal);
    assert_eq!(outcome("\\text{(B)}", "C"), Outcome::Different);
    assert_eq!(outcome("\\text{yes}", "True"), Outcome::Equal);
}

#[test]
fn hostile_formulas_end_undecided_or_decided_but_end() {
    for text in [
        "9^{9^{9^9}}",
        "(x+y+z+w)^{200}",
        "1000000!",
        "((((10!)!)!)!)!",
        "2^{1000000000}",
        "\\sqrt{\\sqrt{\\sqrt{\\sqrt{x+\\sqrt{2}}}}}",
        "\\sin(10^{300})",
        "e^{e^{e^{10}}}",
        "\\binom{1000000}{500000}",
        "0^{-1}",
        "\\tan 90^\\circ",
        "\\ln 0",
        "\\frac{1}{x-x}",
    ] {
        let _ = outcome(text, "7");
        let _ = outcome(text, &format!("{text}+0"));
        let _ = canonical(&read(text), &Config::default());
        assert_eq!(outcome(text, text), Outcome::Equal, "{text}");
    }
}

#[test]
fn equal_answers_share_their_canonical_form() {
    let config = Config::default();
    for (one, other) in [
        ("\\frac{2}{4}", "0.5"),
        ("x+1", "1+x"),
        ("\\sqrt8", "2\\sqrt2"),
        ("\\frac{1}{\\sqrt2}", "\\frac{\\sqrt2}2"),
        ("1, 2", "2, 1"),
        ("x = 5", "5"),
        ("\\frac{x^2-1}{x-1}", "x+1"),
        ("\\sin 2x", "2\\sin x\\cos x"),
        ("\\begin{pmatrix}1\\\\2\\end{pmatrix}", "(1,2)"),
        ("3:4", "6:8"),
    ] {
        assert_eq!(
            canonical(&read(one), &config),
            canonical(&read(other), &config),
            "{one} and {other}"
        );
    }
    insta::assert_snapshot!(canonical(&read("\\frac{6}{-4}"), &config), @"-3/2");
    insta::assert_snapshot!(canonical(&read("(x+1)^2"), &config), @"x^2 + 2*x + 1");
    insta::assert_snapshot!(canonical(&read("\\sqrt2"), &config), @"1.41421356237309504880168872421");
}
