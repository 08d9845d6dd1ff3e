//! What words mean: numbers, yes and no, functions in plain text, letters that are multiplied.

use dashu_ratio::RBig;

use super::function::Written;
use crate::tree::{Answer, Constant, Expr, Function};

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];

/// Ways to say that nothing solves the problem.
const NOTHING: [&str; 9] = [
    "no solution",
    "no solutions",
    "there is no solution",
    "there are no solutions",
    "no real solution",
    "no real solutions",
    "empty set",
    "the empty set",
    "empty",
];

const ALL_REALS: [&str; 5] = [
    "all real numbers",
    "all reals",
    "real numbers",
    "the set of all real numbers",
    "all real values",
];

/// A word that belongs in a formula.
pub(super) enum Word {
    Function(Written),
    Constant(Constant),
}

/// The number that a word says, below a hundred.
pub(super) fn number(word: &str) -> Option<u32> {
    let word = word.trim().to_ascii_lowercase();
    let small = |word: &str| SMALL.iter().position(|name| *name == word);
    let tens = |word: &str| TENS.iter().position(|name| *name == word).map(|at| (at + 2) * 10);
    let value = small(&word).or_else(|| tens(&word)).or_else(|| {
        let (first, second) = word.split_once(['-', ' '])?;
        Some(tens(first)? + small(second).filter(|digit| (1..10).contains(digit))?)
    })?;
    u32::try_from(value).ok()
}

/// What whole phrases mean: a number, yes or no, no solution, all reals. None when they are just words.
pub(super) fn meaning(phrase: &str) -> Option<Answer> {
    let spelt = spelling(phrase);
    if let Some(value) = number(&spelt) {
        return Some(Answer::Value(Expr::Number(RBig::from(value))));
    }
    match spelt.as_str() {
        "yes" | "true" => return Some(Answer::Truth(true)),
        "no" | "false" => return Some(Answer::Truth(false)),
        _ => {}
    }
    // Some data sets lost their spaces.
    if NOTHING
        .iter()
        .any(|phrase| *phrase == spelt || phrase.replace(' ', "") == spelt)
    {
        return Some(Answer::Set(Vec::new()));
    }
    ALL_REALS
        .contains(&spelt.as_str())
        .then(|| Answer::Value(Expr::variable("ℝ")))
}

/// Words in one spelling: small letters, single spaces, no full stop, no article.
#[must_use]
pub fn spelling(phrase: &str) -> String {
    let cleaned: String = phrase
        .replace("\\ ", " ")
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '\'' | '/' | ':' | '.') {
                c
            } else {
                ' '
            }
        })
        .collect();
    let words: Vec<String> = cleaned
        .split_whitespace()
        .filter(|word| !matches!(*word, "text" | "textbf" | "mbox" | "mathrm"))
        .map(str::to_lowercase)
        .collect();
    let words = match words.as_slice() {
        [first, rest @ ..] if !rest.is_empty() && matches!(first.as_str(), "the" | "a" | "an") => rest,
        all => all,
    };
    words.join(" ").trim_end_matches('.').to_owned()
}

/// The option that a text names: one capital letter, perhaps in brackets.
pub(super) fn option(text: &str) -> Option<char> {
    let inner = text
        .strip_prefix('(')
        .and_then(|inner| inner.strip_suffix(')'))
        .unwrap_or(text);
    let mut signs = inner.chars();
    let only = signs.next()?;
    (signs.next().is_none() && only.is_ascii_uppercase()).then_some(only)
}

/// Whether a word belongs in a formula by its name.
pub(super) fn is_formula(word: &str) -> bool {
    formula(word).is_some()
}

/// What a word of plain text means in a formula.
pub(super) fn formula(word: &str) -> Option<Word> {
    if let Some(function) = function(word) {
        return Some(Word::Function(function));
    }
    Some(match word.to_ascii_lowercase().as_str() {
        "pi" => Word::Constant(Constant::Pi),
        "inf" | "infinity" | "infty" => Word::Constant(Constant::Infinity),
        "sqrt" => Word::Function(Written::Sqrt),
        "cbrt" => Word::Function(Written::Cbrt),
        "abs" => Word::Function(Written::Plain(Function::Abs)),
        "floor" => Word::Function(Written::Plain(Function::Floor)),
        "ceil" => Word::Function(Written::Plain(Function::Ceil)),
        "binom" | "binomial" => Word::Function(Written::Several(Function::Binomial)),
        _ => return None,
    })
}

/// The function of a name, of a macro or a word.
pub(super) fn function(name: &str) -> Option<Written> {
    use Written::{OfInverse, OneOver, Plain, Several};
    Some(match name {
        "sin" => Plain(Function::Sin),
        "cos" => Plain(Function::Cos),
        "tan" | "tg" => Plain(Function::Tan),
        "cot" | "ctg" | "cotan" => Written::Cot,
        "sec" => OneOver(Function::Cos),
        "csc" | "cosec" => OneOver(Function::Sin),
        "arcsin" | "asin" => Plain(Function::Arcsin),
        "arccos" | "acos" => Plain(Function::Arccos),
        "arctan" | "atan" | "arctg" => Plain(Function::Arctan),
        "arccot" | "acot" | "arcctg" => Written::Arccot,
        "arcsec" | "asec" => OfInverse(Function::Arccos),
        "arccsc" | "acsc" => OfInverse(Function::Arcsin),
        "sinh" => Plain(Function::Sinh),
        "cosh" => Plain(Function::Cosh),
        "tanh" => Plain(Function::Tanh),
        "coth" => OneOver(Function::Tanh),
        "sech" => OneOver(Function::Cosh),
        "csch" => OneOver(Function::Sinh),
        "ln" => Plain(Function::Ln),
        "log" => Written::Log,
        "lg" => Written::Decimal,
        "exp" => Written::Exp,
        "max" => Several(Function::Max),
        "min" => Several(Function::Min),
        "gcd" => Several(Function::Gcd),
        "lcm" => Several(Function::Lcm),
        _ => return None,
    })
}

/// The letters of a word of two within brackets or behind a function's name, where words of a language don't stand: `\cosh(at)`.
pub(super) fn letters_within(word: &str) -> Option<Vec<String>> {
    let two = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    letters(word)
        .or_else(|| (two && !matches!(word, "or" | "pi")).then(|| word.chars().map(String::from).collect()))
}

/// The letters of a short word that is a product of variables (`xy`, `abc`, `AB`); None for words of a language.
pub(super) fn letters(word: &str) -> Option<Vec<String>> {
    const WORDS: [&str; 40] = [
        "am", "an", "as", "at", "be", "by", "cm", "do", "ft", "go", "he", "if", "in", "is", "it", "kg", "km",
        "lb", "me", "mi", "mm", "my", "no", "of", "on", "or", "oz", "pm", "so", "sq", "to", "up", "us", "we",
        "yd", "hr", "ml", "mg", "ms", "gm",
    ];
    let count = word.chars().count();
    let ascii = word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let lower = word.to_ascii_lowercase();
    let product = match count {
        2 => !WORDS.contains(&lower.as_str()),
        // Longer words are a product when they have no vowel, or when they are letters in the order of the alphabet.
        3..=6 => {
            !lower.contains(['a', 'e', 'i', 'o', 'u'])
                || lower
                    .as_bytes()
                    .windows(2)
                    .all(|pair| pair[0] < pair[1] && pair[1] - pair[0] <= 1)
        }
        _ => false,
    };
    (ascii
        && product
        && number(word).is_none()
        && !matches!(
            lower.as_str(),
            "mph"
                | "yds"
                | "hrs"
                | "lbs"
                | "mins"
                | "cms"
                | "kph"
                | "rpm"
                | "gms"
                | "kms"
                | "dry"
                | "why"
                | "sky"
                | "try"
                | "fly"
        ))
    .then(|| word.chars().map(String::from).collect())
}
