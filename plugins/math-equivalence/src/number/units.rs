//! What may stand behind a number without changing which number it is.

use super::cursor::Cursor;

/// A word behind a number that does change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Percent,
    TimesTenTo(usize),
}

/// Macros that set their argument as text.
const TEXT: [&str; 8] = [
    "\\text{",
    "\\text {",
    "\\mbox{",
    "\\hbox{",
    "\\textrm{",
    "\\mathrm{",
    "\\rm{",
    "\\textbf{",
];

const DEGREES: [&str; 5] = ["^\\circ", "^{\\circ}", "^{ \\circ }", "\\degree", "°"];

/// Words that say the text is more than a number with a unit.
const NOT_UNITS: [&str; 28] = [
    "and",
    "or",
    "to",
    "by",
    "times",
    "plus",
    "minus",
    "over",
    "pi",
    "sqrt",
    "sin",
    "cos",
    "tan",
    "log",
    "ln",
    "exp",
    "mod",
    "base",
    "am",
    "pm",
    "dozen",
    "dozens",
    "infinity",
    "inf",
    "nan",
    "squared",
    "cubed",
    "factorial",
];

/// Units of one or two letters; other short words are as likely variables.
const SHORT_UNITS: [&str; 17] = [
    "cm", "mm", "km", "kg", "mg", "ml", "ft", "in", "oz", "lb", "mi", "yd", "hr", "sq", "of", "mb", "gb",
];

/// Units that are letters behind a slash.
const PER_TIME: [&str; 3] = ["/hr", "/h", "/s"];

/// What the first word behind a number makes of it. Reads nothing.
pub(super) fn meaning(cursor: &Cursor<'_>) -> Option<Meaning> {
    let mut ahead = *cursor;
    ahead.skip_spaces();
    if ahead.eat_any(&TEXT) {
        ahead.skip_spaces();
    }
    let word = ahead.take_while(|c| c.is_ascii_alphabetic());
    match word.to_ascii_lowercase().as_str() {
        "percent" => Some(Meaning::Percent),
        "per" => {
            ahead.skip_spaces();
            let next = ahead.take_while(|c| c.is_ascii_alphabetic());
            next.eq_ignore_ascii_case("cent").then_some(Meaning::Percent)
        }
        "hundred" => Some(Meaning::TimesTenTo(2)),
        "thousand" => Some(Meaning::TimesTenTo(3)),
        "million" => Some(Meaning::TimesTenTo(6)),
        "billion" => Some(Meaning::TimesTenTo(9)),
        "trillion" => Some(Meaning::TimesTenTo(12)),
        _ => None,
    }
}

/// Whether the word that touches a numeral is a unit, as in `5cm`.
pub(super) fn touching_unit(cursor: &Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    word_is_unit(ahead.take_while(char::is_alphabetic), false)
}

/// Whether the rest of the text is units, or empty.
pub(super) fn nothing_else(cursor: &mut Cursor<'_>) -> bool {
    let mut after_word = false;
    let mut spaced = cursor.skip_spaces();
    while let Some(next) = cursor.peek() {
        let fits = if cursor.eat_any(&TEXT) {
            after_word = true;
            text_argument(cursor)
        } else if cursor.eat_any(&DEGREES) {
            after_word = true;
            true
        } else if after_word && cursor.eat_any(&PER_TIME) {
            true
        } else if next.is_alphabetic() {
            after_word = true;
            word_is_unit(
                cursor.take_while(|c| c.is_alphabetic() || c == '\'' || c == '’'),
                spaced,
            )
        } else {
            after_word && joins_units(cursor)
        };
        if !fits {
            return false;
        }
        spaced = cursor.skip_spaces();
    }
    true
}

/// Powers, slashes, dots and hyphens between and behind units.
fn joins_units(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat_any(&["^2", "^3", "^{2}", "^{3}", "²", "³", "/", ".", "-"])
}

/// Reads the argument of a text macro. No digits inside: `19 \text{ and } 43` and `\text{ or 5}` are no units.
fn text_argument(cursor: &mut Cursor<'_>) -> bool {
    let argument = cursor.take_while(|c| c != '}' && c != '{');
    let compact: String = argument.chars().filter(|c| c.is_alphanumeric()).collect();
    cursor.eat("}")
        && !argument.contains(|c: char| c.is_numeric() || c == '\\' || c == '=')
        && !is_no_unit(&compact)
        && !argument.split(|c: char| !c.is_alphabetic()).any(is_no_unit)
}

fn word_is_unit(word: &str, spaced: bool) -> bool {
    let letters = word.chars().count();
    let long_enough = letters >= if spaced { 3 } else { 4 };
    let short = SHORT_UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(word));
    (long_enough || short) && !is_no_unit(word)
}

fn is_no_unit(word: &str) -> bool {
    NOT_UNITS.iter().any(|other| other.eq_ignore_ascii_case(word))
}
