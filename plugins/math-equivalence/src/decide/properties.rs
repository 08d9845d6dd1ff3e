//! What must hold of every comparison, on generated formulas.

use dashu_ratio::RBig;
use proptest::prelude::*;

use super::{Outcome, compare};
use crate::config::Config;
use crate::syntax::read;

/// A formula with a value, and several spellings.
#[derive(Debug, Clone)]
enum Formula {
    Integer(i32),
    Fraction(i32, u32),
    Letter(char),
    Sum(Box<Formula>, Box<Formula>),
    Difference(Box<Formula>, Box<Formula>),
    Product(Box<Formula>, Box<Formula>),
    Power(Box<Formula>, u32),
}

/// Which of the equal spellings a rendering takes, one choice after the other.
struct Choices<'a> {
    bits: &'a [bool],
    at: usize,
}

impl Choices<'_> {
    fn next(&mut self) -> bool {
        self.at += 1;
        self.bits
            .get(self.at % self.bits.len().max(1))
            .copied()
            .unwrap_or(false)
    }
}

impl Formula {
    /// The value where every letter is 3/7.
    fn value(&self) -> RBig {
        match self {
            Self::Integer(value) => RBig::from(*value),
            Self::Fraction(over, under) => RBig::from(*over) / RBig::from(*under),
            Self::Letter(_) => RBig::from(3) / RBig::from(7),
            Self::Sum(one, other) => one.value() + other.value(),
            Self::Difference(one, other) => one.value() - other.value(),
            Self::Product(one, other) => one.value() * other.value(),
            Self::Power(base, exponent) => (0..*exponent).fold(RBig::ONE, |power, _| power * base.value()),
        }
    }

    /// One spelling of it: the order of terms and factors, kinds of fractions and brackets are free.
    fn spelt(&self, choices: &mut Choices<'_>) -> String {
        match self {
            Self::Integer(value) if *value < 0 => format!("({value})"),
            Self::Integer(value) => value.to_string(),
            Self::Fraction(over, under) => match (choices.next(), choices.next()) {
                (false, false) => format!("\\frac{{{over}}}{{{under}}}"),
                (false, true) => format!("\\dfrac{{{}}}{{{}}}", over * 3, under * 3),
                (true, false) => format!("({over}/{under})"),
                (true, true) => format!("({over} \\div {under})"),
            },
            Self::Letter(letter) => letter.to_string(),
            Self::Sum(one, other) => {
                let (one, other) = (one.spelt(choices), other.spelt(choices));
                let (one, other) = if choices.next() {
                    (other, one)
                } else {
                    (one, other)
                };
                bracketed(&format!("{one} + {other}"), choices)
            }
            Self::Difference(one, other) => {
                let (one, other) = (one.spelt(choices), other.spelt(choices));
                let text = if choices.next() {
                    format!("-({other}) + {one}")
                } else {
                    format!("{one} - ({other})")
                };
                bracketed(&text, choices)
            }
            Self::Product(one, other) => {
                let (first, second) = (one.spelt(choices), other.spelt(choices));
                match (choices.next(), choices.next()) {
                    (false, false) => format!("({first} \\cdot {second})"),
                    (false, true) => format!("({second} \\times {first})"),
                    (true, false) => format!("(({first})({second}))"),
                    // The product expanded, when a factor is a sum.
                    (true, true) => match other.as_ref() {
                        Self::Sum(left, right) => {
                            let (left, right) = (left.spelt(choices), right.spelt(choices));
                            format!("(({first})({left}) + ({first})({right}))")
                        }
                        _ => format!("({first} * {second})"),
                    },
                }
            }
            Self::Power(base, exponent) => {
                let base = base.spelt(choices);
                if choices.next() {
                    let factors: Vec<String> = (0..*exponent).map(|_| format!("({base})")).collect();
                    format!("({})", factors.concat())
                } else {
                    format!("\\left({base}\\right)^{{{exponent}}}")
                }
            }
        }
    }
}

fn bracketed(text: &str, choices: &mut Choices<'_>) -> String {
    if choices.next() {
        format!("\\left( {text} \\right)")
    } else {
        format!("({text})")
    }
}

fn formulas(letters: bool) -> impl Strategy<Value = Formula> {
    let number = prop_oneof![
        (-20..20_i32).prop_map(Formula::Integer),
        (1..20_i32, 1..20_u32).prop_map(|(over, under)| Formula::Fraction(over, under)),
    ];
    let leaf = if letters {
        prop_oneof![
            number,
            prop::sample::select(vec!['x', 'y', 'a']).prop_map(Formula::Letter)
        ]
        .boxed()
    } else {
        number.boxed()
    };
    leaf.prop_recursive(4, 12, 2, |inner| {
        let pair = (inner.clone(), inner.clone()).prop_map(|(one, other)| (Box::new(one), Box::new(other)));
        prop_oneof![
            pair.clone().prop_map(|(one, other)| Formula::Sum(one, other)),
            pair.clone()
                .prop_map(|(one, other)| Formula::Difference(one, other)),
            pair.prop_map(|(one, other)| Formula::Product(one, other)),
            (inner, 1..4_u32).prop_map(|(base, exponent)| Formula::Power(Box::new(base), exponent)),
        ]
    })
}

fn outcome(one: &str, other: &str) -> Outcome {
    compare(&read(one), &read(other), None, &Config::default()).outcome
}

fn spelt(formula: &Formula, bits: &[bool]) -> String {
    formula.spelt(&mut Choices { bits, at: 0 })
}

fn bits() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(any::<bool>(), 1..24)
}

proptest! {
    #[test]
    fn rewriting_keeps_equality(formula in formulas(true), first in bits(), second in bits()) {
        let (one, other) = (spelt(&formula, &first), spelt(&formula, &second));
        prop_assert_eq!(outcome(&one, &other), Outcome::Equal, "{} and {}", one, other);
        prop_assert_eq!(outcome(&other, &one), Outcome::Equal, "{} and {}", other, one);
    }

    #[test]
    fn numbers_are_equal_exactly_when_their_values_are(
        one in formulas(false), other in formulas(false), first in bits(), second in bits(),
    ) {
        let same = one.value() == other.value();
        let (one, other) = (spelt(&one, &first), spelt(&other, &second));
        let wanted = if same { Outcome::Equal } else { Outcome::Different };
        prop_assert_eq!(outcome(&one, &other), wanted, "{} and {}", one, other);
    }

    #[test]
    fn a_changed_coefficient_breaks_equality(
        formula in formulas(true), over in 1..9_i32, under in 1..9_u32, letter in any::<bool>(), first in bits(), second in bits(),
    ) {
        let change = Formula::Fraction(over, under);
        let change = if letter { Formula::Product(Box::new(change), Box::new(Formula::Letter('x'))) } else { change };
        let changed = Formula::Sum(Box::new(formula.clone()), Box::new(change));
        let (one, other) = (spelt(&formula, &first), spelt(&changed, &second));
        prop_assert_eq!(outcome(&one, &other), Outcome::Different, "{} and {}", one, other);
    }

    #[test]
    fn a_comparison_is_the_same_from_both_sides(one in notation(), other in notation()) {
        let (one, other) = (read(&one), read(&other));
        let config = Config::default();
        let forth = compare(&one, &other, None, &config).outcome == Outcome::Equal;
        let back = compare(&other, &one, None, &config).outcome == Outcome::Equal;
        prop_assert_eq!(forth, back, "{} and {}", one, other);
        prop_assert_eq!(compare(&one, &one.clone(), None, &config).outcome, Outcome::Equal);
    }
}

/// Answers of every kind, many of which are equal to another.
fn notation() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "1/2",
        "0.5",
        "50\\%",
        "50",
        "\\frac12",
        "x",
        "x=5",
        "5",
        "5 cm",
        "0.05 m",
        "5 m",
        "\\$5",
        "1,2",
        "2,1",
        "(1,2)",
        "[1,2]",
        "\\{1,2\\}",
        "\\{2\\}",
        "2",
        "1:2",
        "2:4",
        "x>1",
        "(1,\\infty)",
        "x<1",
        "1<x",
        "(1,2)\\cup(2,3)",
        "(1,3)\\setminus\\{2\\}",
        "\\pm1",
        "1,-1",
        "\\begin{pmatrix}1\\\\2\\end{pmatrix}",
        "y=2x",
        "2x=y",
        "2x",
        "2x-y=0",
        "\\text{yes}",
        "\\text{A}",
        "A",
        "a",
        "(A)",
        "180^\\circ",
        "\\pi",
        "\\sqrt{2}",
        "2^{1/2}",
        "\\sin^2 x+\\cos^2 x",
        "1",
        "\\mathbb{R}",
        "(-\\infty,\\infty)",
        "\\emptyset",
        "\\text{no solution}",
        "AB=2",
        "a/b=2",
        "f(x)=2x",
        "x+y+z=5",
        "\\text{Friday}",
        "\\int x",
        "i",
        "-i",
        "60 min",
        "1 hour",
        "100\\%",
        "0",
        "x \\in (1,2)",
        "x=1 \\text{ or } x=2",
        "x=1, y=2",
        "3_4",
        "3",
    ])
    .prop_map(str::to_owned)
}
