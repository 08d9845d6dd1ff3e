//! Wrong answers that look like right ones, made from the spelling alone: our own reading of an answer must not decide what counts as
//! wrong.

mod changes;
mod spelling;

use self::changes::CHANGES;

/// A kind of mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mistake {
    /// Another sign, of the whole or of a term.
    Sign,
    /// Another digit.
    Digit,
    /// A closed end for an open one, or the other way round.
    Bracket,
    /// Items in another order where order matters.
    Order,
    /// Another exponent.
    Exponent,
    /// Another unit of the same dimension, or of another.
    Unit,
    /// Numerator and denominator swapped.
    Swap,
    /// A term or an item left out.
    Dropped,
    /// One more, or one less.
    OffByOne,
    /// Ten times as much.
    DecimalShift,
    /// Another word or letter.
    Word,
    /// A factor, term or root too many.
    TooMuch,
}

/// Wrong answers that look like `answer`: at most `most`, of as many kinds as apply.
pub(super) fn near_misses(answer: &str, most: usize) -> Vec<(Mistake, String)> {
    let answer = answer.trim();
    let made: Vec<(Mistake, Vec<String>)> = CHANGES
        .iter()
        .map(|(mistake, change)| (*mistake, change(answer)))
        .collect();
    let longest = made
        .iter()
        .map(|(_, misses)| misses.len())
        .max()
        .unwrap_or_default();
    let mut misses: Vec<(Mistake, String)> = Vec::new();
    // One of each kind first.
    for turn in 0..longest {
        for (mistake, of_kind) in &made {
            if let Some(miss) = of_kind.get(turn)
                && misses.len() < most
                && spelling::dense(miss) != spelling::dense(answer)
                && misses.iter().all(|(_, known)| known != miss)
            {
                misses.push((*mistake, miss.clone()));
            }
        }
    }
    misses
}

#[test]
fn near_misses_are_spelled_out() {
    let of = |answer: &str| {
        let misses = near_misses(answer, 10);
        let lines: Vec<_> = misses
            .iter()
            .map(|(mistake, miss)| format!("{mistake:?}: {miss}"))
            .collect();
        lines.join("\n")
    };
    insta::assert_snapshot!(of("-\\frac{3}{4}"), @r"
    Sign: \frac{3}{4}
    Digit: -\frac{4}{4}
    Exponent: (-\frac{3}{4})^2
    Swap: -\frac{4}{3}
    OffByOne: -\frac{3}{5}
    DecimalShift: -\frac{30}{4}
    TooMuch: -\frac{3}{4}+1
    Digit: -\frac{0}{4}
    OffByOne: -\frac{3}{3}
    TooMuch: (-\frac{3}{4})+\sqrt{2}
    ");
    insta::assert_snapshot!(of("(2, 5]"), @r"
    Digit: (3, 5]
    Bracket: [2, 5]
    Order: ( 5,2]
    Dropped: (2]
    OffByOne: (2, 6]
    Digit: (9, 5]
    Bracket: (2, 5)
    OffByOne: (2, 4]
    Digit: (2, 2]
    Digit: (4, 5]
    ");
    insta::assert_snapshot!(of("12.5\\text{ cm}"), @r"
    Sign: -12.5\text{ cm}
    Digit: 22.5\text{ cm}
    Unit: 12.5\text{ m}
    OffByOne: 12.6\text{ cm}
    DecimalShift: 125\text{ cm}
    Digit: 82.5\text{ cm}
    OffByOne: 12.4\text{ cm}
    Digit: 13.5\text{ cm}
    Digit: 19.5\text{ cm}
    Digit: 12.2\text{ cm}
    ");
    insta::assert_snapshot!(of("x^2-3x+1"), @r"
    Sign: -x^2-3x+1
    Digit: x^3-3x+1
    Dropped: x^2-3x
    OffByOne: x^2-3x+2
    DecimalShift: x^20-3x+1
    TooMuch: x^2-3x+1+1
    Sign: x^2+3x+1
    Digit: x^9-3x+1
    Exponent: (x^2-3x+1)^2
    Dropped: x^2+1
    ");
    insta::assert_snapshot!(of("\\text{Friday}"), @r"
    Word: \text{Saturday}
    Word: \text{not Friday}
    Word: \text{yadirF}
    Word: \text{Fridayless}
    Word: \text{unFriday}
    Word: \text{Fridayly}
    Word: \text{riday}
    Word: \text{FFriday}
    Word: \text{Fiday}
    Word: \text{Frriday}
    ");
}
