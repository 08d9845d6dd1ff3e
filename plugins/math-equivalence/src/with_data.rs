//! The references of public data sets, through the whole path. They need `../shared/data`.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::answer::Answer;
use crate::config::Config;
use crate::equal::Outcome;
use crate::reference::Reference;

fn rows(file: &str) -> impl Iterator<Item = Value> {
    let folder = std::env::var_os("RESTEM_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = folder.join(file);
    let opened = std::fs::File::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    BufReader::new(GzDecoder::new(opened))
        .lines()
        .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text in `{field}` of {row}"))
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_gsm8k_solution_is_a_number_and_equals_itself() {
    let config = Config::default();
    for file in ["gsm8k_train.jsonl.gz", "gsm8k_test.jsonl.gz"] {
        let mut count = 0;
        for row in rows(file) {
            let solution = text(&row, "answer");
            let (_, wanted) = solution.rsplit_once("####").unwrap();
            assert!(matches!(Answer::parse(wanted), Ok(Answer::Number(_))), "{wanted}");
            let reference = Reference::parse(solution, &config).unwrap();
            for completion in [solution.to_owned(), format!("The answer is {}.", wanted.trim())] {
                assert!(reference.judge(&completion, &config).is_right(), "{completion}");
            }
            count += 1;
        }
        assert!(count > 1000, "{file} has only {count} rows");
    }
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_math_solution_equals_its_answer() {
    let config = Config::default();
    let (mut count, mut numbers, mut empty) = (0, 0, Vec::new());
    for file in ["math_train.jsonl.gz", "math_test.jsonl.gz"] {
        for row in rows(file) {
            let (answer, solution) = (text(&row, "answer"), text(&row, "solution"));
            let Ok(reference) = Reference::parse(answer, &config) else {
                empty.push(text(&row, "id").to_owned());
                continue;
            };
            let judgement = reference.judge(solution, &config);
            assert_eq!(
                judgement.outcome,
                Some(Outcome::Equal),
                "{answer:?} in {solution}: {judgement:?}"
            );
            count += 1;
            numbers += usize::from(matches!(Answer::parse(answer), Ok(Answer::Number(_))));
        }
    }
    // Their solutions end in `\boxed{}`: malformed problems, which no completion can solve.
    assert_eq!(empty, ["train/5341", "train/5343"]);
    assert_eq!(count, 12_498);
    assert!(
        numbers > 9_000,
        "only {numbers} MATH answers were read as numbers"
    );
}
