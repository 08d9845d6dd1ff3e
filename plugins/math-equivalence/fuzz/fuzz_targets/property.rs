//! What holds for any input, for the fuzzer and for the test that replays what it found.

use math_equivalence::Config;
use math_equivalence::config::Method;
use math_equivalence::extract::extract;
use math_equivalence::reference::Reference;

/// Judges a reference and a completion, with a line of `---` between them in `input`: judging returns, and equality is
/// reflexive and symmetric.
pub fn check(input: &str) {
    let (reference, completion) = input.split_once("\n---\n").unwrap_or((input, input));
    let usual = Config::default();
    if let Ok(reference) = Reference::parse(reference, &usual) {
        let _ = reference.judge(completion, Some("What is $x$?"), &usual);
    }
    // A reference may be a whole solution that marks its answer; what follows is about bare answers.
    let markers = [Method::Boxed, Method::Hashes, Method::AnswerIs];
    if [reference, completion]
        .iter()
        .any(|text| extract(text, &markers).is_some())
    {
        return;
    }
    let whole = Config {
        extract: vec![Method::Whole],
        stop_at: Vec::new(),
        explain: true,
        ..Config::default()
    };
    let (Ok(one), Ok(other)) = (
        Reference::parse(reference, &whole),
        Reference::parse(completion, &whole),
    ) else {
        return;
    };
    let same = one.judge(reference, None, &whole);
    assert!(same.is_right(), "{same:?}");
    // A reference such as `664_7` asks for the digits in its base, so that `664` will do; as references, numbers ask for none.
    if input.contains('_') {
        return;
    }
    let there = one.judge(completion, None, &whole);
    let back = other.judge(reference, None, &whole);
    assert_eq!(there.is_right(), back.is_right(), "{there:?}\n{back:?}");
}
