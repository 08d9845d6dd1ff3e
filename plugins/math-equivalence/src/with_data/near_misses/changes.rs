//! The changes, one function for each kind of mistake. What would change nothing is left out by a rule that stands here.

use std::ops::Range;

use super::Mistake;
use super::spelling::{
    binary_signs, dense, digit_runs, first_fraction, is_quantity, is_scalar, is_trivial, outer_items, split,
    top_level,
};

/// A change: from an answer to wrong ones.
type Change = fn(&str) -> Vec<String>;

/// Every kind of mistake with the function that makes it.
pub(super) const CHANGES: [(Mistake, Change); 12] = [
    (Mistake::Sign, sign),
    (Mistake::Digit, digit),
    (Mistake::Bracket, bracket),
    (Mistake::Order, order),
    (Mistake::Exponent, exponent),
    (Mistake::Unit, unit),
    (Mistake::Swap, swap),
    (Mistake::Dropped, dropped),
    (Mistake::OffByOne, off_by_one),
    (Mistake::DecimalShift, decimal_shift),
    (Mistake::Word, word),
    (Mistake::TooMuch, too_much),
];

fn replaced(text: &str, range: Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..range.start], &text[range.end..])
}

fn sign(answer: &str) -> Vec<String> {
    let mut made = Vec::new();
    // Minus nothing is nothing, and a side that is zero takes any sign.
    let begins_with_zero = answer.trim_start_matches('-').starts_with('0') && !answer.contains("0.");
    let leads = answer
        .strip_prefix('-')
        .map_or_else(|| format!("-{answer}"), |rest| rest.trim_start().to_owned());
    if (is_scalar(answer) || is_quantity(answer)) && !begins_with_zero && !is_absolute(answer) {
        made.push(leads);
    }
    for at in binary_signs(answer) {
        let other = if answer.as_bytes()[at] == b'+' { "-" } else { "+" };
        made.push(replaced(answer, at..at + 1, other));
    }
    made
}

/// Whether a leading minus sign would be lost: a sum that starts with another sign, or none.
fn is_absolute(answer: &str) -> bool {
    answer.starts_with(['|', '±']) || answer.starts_with("\\pm")
}

/// A chain such as `0.56 = 56\%` says the same twice: whichever side is changed, the other is still right.
fn says_it_twice(answer: &str) -> bool {
    let value_first = |sign: &str| {
        answer.split_once(sign).is_some_and(|(left, _)| {
            !left.trim().is_empty() && !left.contains(|c: char| c.is_ascii_alphabetic())
        })
    };
    answer.trim_start_matches("\\approx").contains("\\approx") || value_first("=")
}

fn digit(answer: &str) -> Vec<String> {
    if says_it_twice(answer) {
        return Vec::new();
    }
    let mut made = Vec::new();
    // Two other digits at each end of each numeral, then the rest of them.
    for others in [[1, 7].as_slice(), &[2, 3, 4, 5, 6, 8, 9]] {
        for run in digit_runs(answer) {
            for at in [run.start, run.end - 1] {
                let old = answer.as_bytes()[at] - b'0';
                for more in others {
                    made.push(replaced(answer, at..at + 1, &((old + more) % 10).to_string()));
                }
            }
        }
    }
    // An end of an interval that has none.
    for (at, infinity) in answer.match_indices("\\infty") {
        let start = if answer[..at].ends_with('-') { at - 1 } else { at };
        made.extend((0..9).map(|end| replaced(answer, start..at + infinity.len(), &end.to_string())));
    }
    made
}

fn bracket(answer: &str) -> Vec<String> {
    if !answer.contains("\\cup") && outer_items(answer).is_none() {
        return Vec::new();
    }
    let mut made = Vec::new();
    for (at, c) in answer.char_indices() {
        let other = match c {
            '(' => "[",
            '[' => "(",
            ')' => "]",
            ']' => ")",
            _ => continue,
        };
        // No interval has its infinite end, however it is written; inner brackets may be those of a function.
        let infinite = if "([".contains(c) {
            dense(&answer[at + 1..])
                .trim_start_matches('-')
                .starts_with("\\infty")
        } else {
            dense(&answer[..at]).ends_with("\\infty")
        };
        if nesting(answer, at) == 0 && !infinite {
            made.push(replaced(answer, at..at + 1, other));
        }
    }
    made
}

/// How many brackets or braces are open around the one at `at`.
fn nesting(text: &str, at: usize) -> i32 {
    let count = |part: &str, signs: &str| part.chars().filter(|c| signs.contains(*c)).count() as i32;
    let before = &text[..at];
    let open = count(before, "([{") - count(before, ")]}");
    if ")]".contains(&text[at..=at]) {
        open - 1
    } else {
        open
    }
}

fn order(answer: &str) -> Vec<String> {
    let items = match outer_items(answer) {
        Some(items) => items,
        None => rows_of_a_column(answer),
    };
    if items.len() < 2 {
        return Vec::new();
    }
    let texts: Vec<&str> = items.iter().map(|item| &answer[item.clone()]).collect();
    let with = |order: &[usize]| {
        let mut out = String::new();
        let mut at = 0;
        for (item, &from) in items.iter().zip(order) {
            out.push_str(&answer[at..item.start]);
            out.push_str(texts[from]);
            at = item.end;
        }
        out + &answer[at..]
    };
    let mut orders = vec![(0..items.len()).rev().collect::<Vec<_>>()];
    let mut first_two: Vec<usize> = (0..items.len()).collect();
    first_two.swap(0, 1);
    orders.push(first_two);
    orders
        .iter()
        .filter(|order| {
            // A symmetric tuple reads the same in both orders.
            order
                .iter()
                .enumerate()
                .any(|(to, &from)| dense(texts[to]) != dense(texts[from]))
        })
        .map(|order| with(order))
        .collect()
}

fn rows_of_a_column(answer: &str) -> Vec<Range<usize>> {
    let (open, close) = ("\\begin{pmatrix}", "\\end{pmatrix}");
    let Some((start, end)) = answer.find(open).zip(answer.find(close)) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    let mut at = start + open.len();
    for row in answer[at..end].split("\\\\") {
        rows.push(at..at + row.len());
        at += row.len() + "\\\\".len();
    }
    rows
}

fn exponent(answer: &str) -> Vec<String> {
    let mut made: Vec<String> = digit_runs(answer)
        .into_iter()
        .filter(|run| answer[..run.start].trim_end_matches('{').ends_with('^'))
        .filter_map(|run| {
            let old: u64 = answer[run.clone()].parse().ok()?;
            Some(replaced(answer, run, &(old + 1).to_string()))
        })
        .collect();
    if is_scalar(answer) && !is_trivial(answer) {
        made.push(format!("({answer})^2"));
    }
    made
}

/// Units with another that people take for it.
const UNITS: [(&str, &str); 20] = [
    ("cm", "m"),
    ("m", "cm"),
    ("km", "m"),
    ("ft", "in"),
    ("feet", "inches"),
    ("inches", "feet"),
    ("miles", "kilometers"),
    ("meters", "centimeters"),
    ("mph", "feet per second"),
    ("hours", "minutes"),
    ("minutes", "hours"),
    ("min", "seconds"),
    ("days", "weeks"),
    ("dollars", "cents"),
    ("cents", "dollars"),
    ("degrees", "radians"),
    ("pounds", "ounces"),
    ("square inches", "square feet"),
    ("square feet", "square inches"),
    ("cubic inches", "square inches"),
];

fn unit(answer: &str) -> Vec<String> {
    let mut made = Vec::new();
    for open in ["\\text{", "\\mbox{", "\\textnormal{", "\\text {"] {
        for (at, _) in answer.match_indices(open) {
            let start = at + open.len();
            let Some(length) = answer[start..].find('}') else {
                continue;
            };
            let word = answer[start..start + length].trim();
            let other = UNITS.iter().find(|(unit, _)| *unit == word);
            made.extend(
                other.map(|(_, other)| replaced(answer, start..start + length, &format!(" {other}"))),
            );
        }
    }
    for degrees in ["^\\circ", "^{\\circ}"] {
        if let Some(at) = answer.find(degrees) {
            made.push(replaced(answer, at..at + degrees.len(), "\\text{ radians}"));
        }
    }
    made
}

fn swap(answer: &str) -> Vec<String> {
    let Some((numerator, denominator)) = first_fraction(answer) else {
        return Vec::new();
    };
    let (above, below) = (&answer[numerator.clone()], &answer[denominator.clone()]);
    // Nought stays nought, and one over one is one.
    let same = dense(above).trim_start_matches('-') == dense(below).trim_start_matches('-');
    if same || above.trim() == "0" {
        return Vec::new();
    }
    let (start, end) = (numerator.start, denominator.end);
    vec![replaced(answer, start..end, &format!("{below}}}{{{above}"))]
}

fn dropped(answer: &str) -> Vec<String> {
    let mut made = Vec::new();
    let inner = top_level(answer, &['+', '-', '=', '<', '>', ',']);
    let signs: Vec<usize> = binary_signs(answer)
        .into_iter()
        .filter(|at| inner.contains(at))
        .collect();
    for &at in signs.iter().rev().take(2) {
        let end = inner
            .iter()
            .copied()
            .find(|&next| next > at)
            .unwrap_or(answer.len());
        made.push(replaced(answer, at..end, ""));
    }
    let items = outer_items(answer).unwrap_or_else(|| split(answer, 0));
    if let [.., before, last] = &items[..] {
        let repeated = items[..items.len() - 1]
            .iter()
            .any(|item| dense(&answer[item.clone()]) == dense(&answer[last.clone()]));
        // A list loses nothing with an item that it has twice, nor with a stray comma at its end.
        if !repeated && !answer[last.clone()].trim().is_empty() {
            made.push(replaced(answer, before.end..last.end, ""));
        }
    }
    if let Some(at) = answer.find("\\pm") {
        made.push(replaced(answer, at..at + "\\pm".len(), "+"));
    }
    made
}

fn off_by_one(answer: &str) -> Vec<String> {
    if says_it_twice(answer) {
        return Vec::new();
    }
    let Some(run) = digit_runs(answer).pop() else {
        return Vec::new();
    };
    let Ok(old) = answer[run.clone()].parse::<u64>() else {
        return Vec::new();
    };
    [old.checked_add(1), old.checked_sub(1)]
        .into_iter()
        .flatten()
        .map(|new| replaced(answer, run.clone(), &format!("{new:0width$}", width = run.len())))
        .collect()
}

fn decimal_shift(answer: &str) -> Vec<String> {
    if says_it_twice(answer) {
        return Vec::new();
    }
    let Some(run) = digit_runs(answer).into_iter().next() else {
        return Vec::new();
    };
    let (text, rest) = (&answer[run.clone()], &answer[run.end..]);
    let fraction: String = rest
        .strip_prefix('.')
        .map(|rest| rest.chars().take_while(char::is_ascii_digit).collect())
        .unwrap_or_default();
    let grouped =
        rest.starts_with([',', '{']) || rest.starts_with("\\!") || answer[..run.start].ends_with('.');
    match fraction.split_at_checked(1) {
        Some((first, others)) => {
            let end = run.end + 1 + fraction.len();
            let shifted = format!("{text}{first}.{others}");
            vec![replaced(answer, run.start..end, shifted.trim_end_matches('.'))]
        }
        // Ten times nought is nought.
        None if grouped || text.bytes().all(|digit| digit == b'0') => Vec::new(),
        None => vec![replaced(answer, run, &format!("{text}0"))],
    }
}

/// Words of MATH's answers with others that could stand there.
const WORDS: [(&str, &str); 14] = [
    ("Monday", "Tuesday"),
    ("Tuesday", "Thursday"),
    ("Wednesday", "Monday"),
    ("Thursday", "Tuesday"),
    ("Friday", "Saturday"),
    ("Saturday", "Sunday"),
    ("Sunday", "Monday"),
    ("even", "odd"),
    ("odd", "even"),
    ("neither", "even"),
    ("ellipse", "circle"),
    ("circle", "ellipse"),
    ("parabola", "hyperbola"),
    ("four", "five"),
];

fn word(answer: &str) -> Vec<String> {
    let mut made: Vec<String> = WORDS
        .iter()
        .filter(|(word, _)| answer.contains(word))
        .map(|(word, other)| answer.replace(word, other))
        .collect();
    let bare = answer
        .trim_start_matches('(')
        .trim_start_matches("\\text")
        .trim_start_matches("\\mbox")
        .trim_matches(['{', '}', '(', ')', '.', ',']);
    let is_choice = !bare.is_empty()
        && bare
            .chars()
            .all(|c| c.is_ascii_uppercase() || matches!(c, ',' | ' '));
    for (at, c) in answer
        .char_indices()
        .filter(|(_, c)| is_choice && c.is_ascii_uppercase())
    {
        // A letter that no choice has: another of the list would make a list with one letter twice.
        for other in ('K'..='Z').rev().filter(|other| !bare.contains(*other)) {
            made.push(replaced(answer, at..at + c.len_utf8(), &other.to_string()));
        }
    }
    if bare.len() > 2 && bare.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | ',')) {
        made.push(answer.replace(bare, &format!("not {bare}")));
        made.push(answer.replace(bare, &bare.chars().rev().collect::<String>()));
        made.push(answer.replace(bare, &format!("{bare}less")));
        made.push(answer.replace(bare, &format!("un{bare}")));
        made.push(answer.replace(bare, &format!("{bare}ly")));
        // A letter missing, a letter twice.
        for (at, c) in bare.char_indices().filter(|(_, c)| c.is_alphabetic()) {
            made.push(answer.replace(bare, &replaced(bare, at..at + c.len_utf8(), "")));
            made.push(answer.replace(bare, &replaced(bare, at..at, &c.to_string())));
        }
    }
    made
}

fn too_much(answer: &str) -> Vec<String> {
    if !is_scalar(answer) {
        return Vec::new();
    }
    let mut made = vec![
        format!("{answer}+1"),
        format!("({answer})+\\sqrt{{2}}"),
        format!("({answer})+x"),
    ];
    // Nothing times anything is nothing.
    if !answer.trim_start_matches('-').starts_with('0') {
        made.push(format!("2({answer})"));
        made.push(format!("\\frac{{{answer}}}{{3}}"));
        made.push(format!("({answer})\\pi"));
        made.push(format!("({answer})i"));
        made.push(format!("({answer})t"));
    }
    made
}
