use proptest::prelude::*;

use super::read;
use crate::tree::Answer;

fn tree(text: &str) -> String {
    read(text).to_string()
}

fn same(pairs: &[(&str, &str)]) {
    for (one, other) in pairs {
        assert_eq!(tree(one), tree(other), "{one} and {other}");
    }
}

#[test]
fn numbers() {
    for (text, wanted) in [
        ("42", "42"),
        ("-0.50", "-1/2"),
        (".5", "1/2"),
        ("1,234,567", "1234567"),
        ("12{,}650", "12650"),
        ("11,\\! 111,\\! 100", "11111100"),
        ("20,\\!000", "20000"),
        ("2\\frac{1}{2}", "sum(2, 1/2)"),
        ("2 1/2", "sum(2, 1/2)"),
        ("6\\frac15", "sum(6, 1/5)"),
        ("137 \\frac{1}{2}", "sum(137, 1/2)"),
        ("0.\\overline{3}", "1/3"),
        ("0.1\\overline{6}", "1/6"),
        ("½", "1/2"),
        ("four", "4"),
        ("\\text{twenty-one}", "21"),
        ("1.5e-3", "product(3/2, power(10, -3))"),
        ("3.2\\times10^{5}", "product(16/5, power(10, 5))"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn fractions_powers_and_roots() {
    for (text, wanted) in [
        ("\\frac12", "1/2"),
        ("\\frac1{2}", "1/2"),
        ("\\dfrac{3}4", "3/4"),
        ("\\frac 34", "3/4"),
        ("\\frac123", "product(1/2, 3)"),
        ("2/15", "2/15"),
        ("x^{2}", "power(x, 2)"),
        ("x^-1", "power(x, -1)"),
        ("2^3^2", "power(2, power(3, 2))"),
        ("x²", "power(x, 2)"),
        ("x**2", "power(x, 2)"),
        ("\\sqrt 2", "root(2, 2)"),
        ("\\sqrt{x+1}", "root(2, sum(x, 1))"),
        ("\\sqrt[3]{4}", "root(3, 4)"),
        ("sqrt(2)/2", "product(root(2, 2), power(2, -1))"),
        ("√2", "root(2, 2)"),
        ("5!", "factorial(5)"),
        ("\\binom{5}{2}", "binomial(5, 2)"),
        ("{5 \\choose 2}", "binomial(5, 2)"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn sums_and_products() {
    for (text, wanted) in [
        ("2x - 3", "sum(product(2, x), -3)"),
        ("-x^2", "product(-1, power(x, 2))"),
        ("3\\cdot -2", "product(3, -2)"),
        ("xy", "product(x, y)"),
        ("(x+1)(x-1)", "product(sum(x, 1), sum(x, -1))"),
        ("2\\pi r", "product(2, pi, r)"),
        ("3 - 2i", "sum(3, product(-2, i))"),
        ("x_1 + x_{12}", "sum(x_1, x_12)"),
        ("|x-1|", "abs(sum(x, -1))"),
        ("2|x|", "product(2, abs(x))"),
        ("\\lfloor x \\rfloor", "floor(x)"),
        ("\\left(\\frac{1}{2}\\right)^n", "power(1/2, n)"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn functions() {
    for (text, wanted) in [
        ("\\sin 2x \\cos x", "product(sin(product(2, x)), cos(x))"),
        ("\\sin^2 x", "power(sin(x), 2)"),
        ("\\sin^{-1} x", "arcsin(x)"),
        ("\\sin(x)^2", "power(sin(x), 2)"),
        ("\\sec x", "power(cos(x), -1)"),
        ("\\arctanx", "arctan(x)"),
        ("\\log_2 8", "product(ln(8), power(ln(2), -1))"),
        ("\\log_{10}(x)", "product(ln(x), power(ln(10), -1))"),
        ("e^{2x}", "power(e, product(2, x))"),
        ("\\exp(x)", "power(e, x)"),
        ("\\sin 30^\\circ", "sin(product(30, product(pi, 1/180)))"),
        ("sin(x)", "sin(x)"),
        ("\\cosh(at)", "cosh(product(a, t))"),
        ("\\cos(6^\\circ)", "cos(product(6, product(pi, 1/180)))"),
        ("\\operatorname{arcsin} x", "arcsin(x)"),
        ("\\gcd(12, 18)", "gcd(12, 18)"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn structures() {
    for (text, wanted) in [
        ("(1,2)", "(1, 2)"),
        ("[0,1)", "[0, 1)"),
        ("(-\\infty, 3]", "(product(-1, ∞), 3]"),
        ("1, -2", "list(1, -2)"),
        ("19 \\text{ and }43", "list(19, 43)"),
        ("2, 3, \\text{ and } 4", "list(2, 3, 4)"),
        ("(-4, 27);(2, 15)", "list((-4, 27), (2, 15))"),
        ("\\{1,2\\}", "set(1, 2)"),
        ("{1,2}", "set(1, 2)"),
        (
            "1 \\pm \\sqrt{19}",
            "list(sum(1, root(2, 19)), sum(1, product(-1, root(2, 19))))",
        ),
        ("\\pm 2, 3", "list(2, -2, 3)"),
        ("(0,1) \\cup (1,2]", "union((0, 1), (1, 2])"),
        ("\\mathbb{R} \\setminus \\{0\\}", "without(ℝ, set(0))"),
        ("x \\in [-2,7]", "relation(x ∈ [-2, 7])"),
        ("x < 3", "relation(x < 3)"),
        ("0 < x \\le 3", "relation(0 < x ≤ 3)"),
        ("\\{x \\mid x > 3\\}", "relation(x > 3)"),
        ("y = 2x", "relation(y = product(2, x))"),
        ("3:4", "ratio(3, 4)"),
        (
            "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}",
            "matrix(1, 2; 3, 4)",
        ),
        (
            "\\frac12 \\begin{bmatrix} 1 \\\\ 2 \\end{bmatrix}",
            "matrix(product(1/2, 1); product(1/2, 2))",
        ),
        (
            "\\left[\\begin{array}{cc} 1 & 2 \\end{array}\\right]",
            "matrix(1, 2)",
        ),
        ("\\begin{pmatrix} -3\\11\\7\\end{pmatrix}", "matrix(-3; 11; 7)"),
        ("\\langle 1, 2 \\rangle", "(1, 2)"),
        ("\\emptyset", "set()"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn units_money_percent_and_bases() {
    for (text, wanted) in [
        ("50\\%", "quantity(50, %)"),
        ("50 percent", "quantity(50, %)"),
        ("\\$5", "quantity(5, money)"),
        ("$5", "quantity(5, money)"),
        ("-\\$0.50", "quantity(-1/2, money)"),
        ("10\\text{ cm}", "quantity(10, length)"),
        ("864 \\mbox{ inches}^2", "quantity(864, length^2)"),
        (
            "8\\sqrt{3} \\text { square inches}",
            "quantity(product(8, root(2, 3)), length^2)",
        ),
        ("135^\\circ", "quantity(135, angle)"),
        ("22.5^{\\circ}", "quantity(45/2, angle)"),
        ("20{kg}", "quantity(20, mass)"),
        ("12 apples", "quantity(12, apples)"),
        ("5 million", "product(5, 1000000)"),
        ("2112_3", "quantity(68, base 3)"),
        ("-37_8", "quantity(-31, base 8)"),
        ("0.0011_{2}", "quantity(3/16, base 2)"),
        ("152A_{11}", "quantity(1968, base 11)"),
        ("\\text{A5}_{11}", "quantity(115, base 11)"),
        ("10 \\mathrm{~m/s}", "quantity(10, length/time)"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn words_options_and_truths() {
    for (text, wanted) in [
        ("\\text{(B)}", "option(B)"),
        ("(E)", "option(E)"),
        ("\\text{C}", "option(C)"),
        ("\\text{Yes}", "yes"),
        ("False", "no"),
        ("\\text{Friday}", "words(\"friday\")"),
        ("The Eiffel Tower", "words(\"eiffel tower\")"),
        ("\\text{no solution}", "set()"),
        ("\\text{A, B}", "list(option(A), option(B))"),
        ("all real numbers", "ℝ"),
        ("\\text{Area} = 5", "relation(words(\"area\") = 5)"),
    ] {
        assert_eq!(tree(text), wanted, "{text}");
    }
}

#[test]
fn spellings_of_one_formula_are_one_tree() {
    same(&[
        ("\\dfrac{1}{2}", "\\frac{1}{2}"),
        ("\\left( 3, \\frac{\\pi}{2} \\right)", "(3,\\dfrac{\\pi}{2})"),
        ("x \\le 3", "x\\leq3"),
        ("−x", "-x"),
        ("2 \\times 3", "2 \\cdot 3"),
        ("\\sqrt{3}", "\\sqrt3"),
        ("\\theta", "θ"),
        ("x^{10}", "x^10"),
        ("\\mathrm{x}+1", "x + 1"),
    ]);
}

#[test]
fn what_no_rule_reads_is_unread_with_a_reason() {
    for text in [
        "\\int_0^1 x dx",
        "1 2",
        "((1)",
        "\\frac{1}",
        "x +",
        "a \\to b",
        "\\foo{1}",
        "2^{",
        "1..2",
    ] {
        match read(text) {
            Answer::Text(text) => assert!(text.unread.is_some(), "{text:?}"),
            other => panic!("{text}: {other}"),
        }
    }
}

#[test]
fn hostile_nesting_and_length_end_in_a_limit() {
    for (open, close) in [
        ("{", "}"),
        ("(", ")"),
        ("\\sqrt{", "}"),
        ("\\frac{1}{", "}"),
        ("|", "|"),
        ("2^{", "}"),
        ("-(", ")"),
        ("\\sin ", ""),
    ] {
        let text = format!("{}5{}", open.repeat(300), close.repeat(300));
        match read(&text) {
            Answer::Text(text) => assert!(text.unread.is_some()),
            Answer::Value(_) => {}
            other => panic!("{open}: {other}"),
        }
    }
    let long = "9".repeat(500);
    assert!(tree(&long).contains("digits"), "{}", tree(&long));
    let many = "x+".repeat(900);
    assert!(tree(&many).contains("tokens"));
}

proptest! {
    #[test]
    fn any_text_is_survived(text in ".{0,60}") {
        let _ = read(&text);
    }

    #[test]
    fn any_notation_is_survived(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "1", "23", "4.5", "x", "ab", "+", "-", "*", "/", "^", "_", "!", "=", "<", "(", ")", "[", "]", "{", "}", "\\{", "\\}", "|", ",", ":", " ",
                "\\frac", "\\sqrt", "\\sin", "\\log", "\\pm", "\\cup", "\\text{ cm}", "\\text{ and }", "\\infty", "\\begin{pmatrix}",
                "\\end{pmatrix}", "&", "\\\\", "^\\circ", "\\%", "\\$", "i", "e", "\\pi", "\\left", "\\right", "\\lfloor", "\\rfloor", "\\overline", "é",
            ]),
            0..25,
        )
    ) {
        let _ = read(&pieces.concat()).to_string();
    }
}
