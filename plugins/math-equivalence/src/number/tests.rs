use proptest::prelude::*;

use super::{Number, numbers};

fn value(text: &str) -> Option<String> {
    Number::parse(text).map(|number| format!("{}{}", number.value, if number.percent { "%" } else { "" }))
}

#[test]
fn numbers_are_read_exactly() {
    for (text, wanted) in [
        ("42", "42"),
        ("+42", "42"),
        ("-0", "0"),
        (".79", "79/100"),
        ("3.0", "3"),
        ("1,234,567.25", "4938269/4"),
        ("335{,}670", "335670"),
        ("\\$306,\\!956.63", "30695663/100"),
        ("- 5", "-5"),
        ("$-5", "-5"),
        ("-€5", "-5"),
        ("3/4", "3/4"),
        ("3 / 4", "3/4"),
        ("\\frac34", "3/4"),
        ("\\frac 79", "7/9"),
        ("\\frac{270}7", "270/7"),
        ("\\tfrac{ -1 }{ 2 }", "-1/2"),
        ("\\frac{\\frac{1}{2}}{3}", "1/6"),
        ("-1 1/2", "-3/2"),
        ("-1\\frac{1}{2}", "-3/2"),
        ("44\\%", "44%"),
        ("7.2 %", "36/5%"),
        ("20 percent", "20%"),
        ("20 per cent", "20%"),
        ("3\\times 10^{-2}", "3/100"),
        ("3 x 10^4", "30000"),
        ("1.5E3", "1500"),
        ("2 million dollars", "2000000"),
        ("2\\text{ thousand}", "2000"),
        ("5cm", "5"),
        ("5 km/h", "5"),
        ("12 \\text{square units}", "12"),
        ("864 \\mbox{ inches}^2", "864"),
        ("10\\;\\text{edges}", "10"),
        ("18\\text{ ways.}", "18"),
        ("180^{\\circ}", "180"),
        ("5 sq. ft.", "5"),
        ("9 miles per hour", "9"),
    ] {
        assert_eq!(value(text).as_deref(), Some(wanted), "{text}");
    }
}

#[test]
fn what_only_begins_like_a_number_is_none() {
    for text in [
        "",
        "-",
        "$",
        "x",
        "2x",
        "2 x",
        "6xy",
        "3\\pi",
        "2\\sqrt{3}",
        "2^{10}",
        "1204_9",
        "24_{10}",
        "(5)",
        "1,2",
        "12, 10, 6",
        "0,123",
        "1,00,000",
        "5!",
        "1/0",
        "\\frac{1}{0}",
        "\\frac{1}{x}",
        "\\frac{1",
        "9 a.m.",
        "9\\text{ p.m.}",
        "19 \\text{ and } 43",
        "5 or 6",
        "3 dozen eggs",
        "5 to 7",
        "1/2/3",
        "2\\frac{3}{2}",
        "1.2.3",
        "--5",
        "1e401",
        "5 + 3",
        "2 pi",
    ] {
        assert_eq!(value(text), None, "{text}");
    }
}

#[test]
fn size_and_depth_have_limits() {
    assert_eq!(value(&"9".repeat(401)), None);
    assert!(value(&"9".repeat(400)).is_some());
    let nested = (0..20).fold("1".to_owned(), |inner, _| format!("\\frac{{{inner}}}{{2}}"));
    assert_eq!(value(&nested), None);
}

#[test]
fn numbers_of_a_text_stand_alone() {
    let found = |text| {
        numbers(text)
            .map(|found| text[found.span].to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("3 + 4 = 7, or 7.5 kg"), ["3", "4", "7", "7.5"]);
    assert_eq!(found("x2 2x 1.2.3 a_5"), Vec::<String>::new());
    assert_eq!(found("- 3 and 8-5"), ["3", "8", "5"]);
}

proptest! {
    #[test]
    fn an_integer_reads_back_in_every_spelling(number in any::<i64>()) {
        let plain = number.to_string();
        prop_assert_eq!(value(&plain), Some(plain.clone()));
        prop_assert_eq!(value(&format!("{plain}.00")), Some(plain.clone()));
        prop_assert_eq!(value(&format!("\\frac{{{plain}}}{{1}}")), Some(plain.clone()));
        prop_assert_eq!(value(&grouped(number)), Some(plain));
    }

    #[test]
    fn a_fraction_and_its_decimal_agree(numerator in -10_000_i64..10_000, places in 0_u32..6) {
        let scale = 10_i64.pow(places);
        let sign = if numerator < 0 { "-" } else { "" };
        let (whole, part) = (numerator.abs() / scale, numerator.abs() % scale);
        let decimal = if places == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{part:0width$}", width = places as usize)
        };
        prop_assert_eq!(value(&decimal), value(&format!("{numerator}/{scale}")));
    }

    #[test]
    fn junk_never_panics(text in r"[-0-9.,/%$ {}\\acefprtx^_!°−×]{0,40}") {
        let _ = Number::parse(&text);
        for found in numbers(&text) {
            prop_assert!(found.span.start < found.span.end);
        }
    }
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}
