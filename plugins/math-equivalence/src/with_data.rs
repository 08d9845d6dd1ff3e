//! Public data sets, through the whole path. They need `../shared/data`.

mod near_misses;

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use flate2::read::GzDecoder;
use serde_json::Value;

use crate::config::{Boxes, Config};
use crate::reference::Reference;

use near_misses::near_misses;

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

fn math() -> impl Iterator<Item = Value> {
    ["math_train.jsonl.gz", "math_test.jsonl.gz"]
        .into_iter()
        .flat_map(rows)
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field]
        .as_str()
        .unwrap_or_else(|| panic!("no text in `{field}` of {row}"))
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_gsm8k_solution_equals_its_answer() {
    let config = Config::default();
    for file in ["gsm8k_train.jsonl.gz", "gsm8k_test.jsonl.gz"] {
        let mut count = 0;
        for row in rows(file) {
            let solution = text(&row, "answer");
            let (_, wanted) = solution.rsplit_once("####").unwrap();
            let reference = Reference::parse(solution, &config).unwrap();
            for completion in [
                solution.to_owned(),
                format!("The answer is {}.", wanted.trim()),
                format!("So it is ${}$.", wanted.trim()),
            ] {
                let judgement = reference.judge(&completion, None, &config);
                assert!(judgement.is_right(), "{completion}: {judgement:?}");
            }
            count += 1;
        }
        assert!(count > 1000, "{file} has only {count} rows");
    }
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_math_solution_equals_its_answer() {
    // MATH's rule: the last box is the answer, also of solutions that box every one of several.
    let config = Config {
        boxes: Boxes::Last,
        ..Config::default()
    };
    let (mut count, mut empty, mut wrong, mut hedged) = (0, Vec::new(), Vec::new(), Vec::new());
    for row in math() {
        let (id, answer, solution) = (text(&row, "id"), text(&row, "answer"), text(&row, "solution"));
        let Ok(reference) = Reference::parse(answer, &config) else {
            empty.push(id.to_owned());
            continue;
        };
        let judgement = reference.judge(solution, Some(text(&row, "problem")), &config);
        if !judgement.is_right() || judgement.answer.as_deref() != Some(reference.canonical()) {
            wrong.push(format!("{id} {answer}: {judgement:?}"));
        }
        if !reference
            .judge(solution, Some(text(&row, "problem")), &Config::default())
            .is_right()
        {
            hedged.push(id.to_owned());
        }
        count += 1;
    }
    // By default a completion that boxes different answers in one sentence gives none; so do these solutions.
    insta::assert_snapshot!(hedged.join(" "), @"train/334 train/504 train/1425 train/3460 train/3694 train/3997 train/4253 train/5446 train/6780 train/6816 train/6843 train/7225 train/7414 test/414 test/2152 test/2549 test/2703 test/2716 test/2912 test/4559 test/4860");
    // Their solutions end in `\boxed{}`: malformed problems, which no completion can solve.
    assert_eq!(empty, ["train/5341", "train/5343"]);
    assert_eq!(count, 12_498);
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn no_near_miss_of_a_math_answer_is_accepted() {
    let config = Config::default();
    let mut accepted = Vec::new();
    let mut kinds = BTreeMap::new();
    let mut short = Vec::new();
    for row in math() {
        let answer = text(&row, "answer");
        let Ok(reference) = Reference::parse(answer, &config) else {
            continue;
        };
        let misses = near_misses(answer, 10);
        if misses.len() < 10 {
            short.push(format!("{} {answer}: {}", text(&row, "id"), misses.len()));
        }
        for (mistake, miss) in misses {
            *kinds.entry(mistake).or_insert(0) += 1;
            let id = text(&row, "id");
            if reference
                .judge(&format!("\\boxed{{{miss}}}"), None, &config)
                .is_right()
            {
                accepted.push(format!("{id} {mistake:?}: {miss} for {answer}"));
            }
            // The other way round: what a near miss's reference would accept.
            if let Ok(missed) = Reference::parse(&miss, &config)
                && missed
                    .judge(&format!("\\boxed{{{answer}}}"), None, &config)
                    .is_right()
            {
                accepted.push(format!("{id} {mistake:?}: {answer} for {miss}"));
            }
        }
    }
    let made: usize = kinds.values().sum();
    assert!(
        accepted.is_empty(),
        "{} of {made}:\n{}",
        accepted.len(),
        accepted.join("\n")
    );
    // Chains say it twice, so that a change leaves one of their sides right; the others have no more changes that are surely wrong.
    insta::assert_snapshot!(short.join("\n"), @r"
    train/1331 [a +b, b]: 5
    train/1982 \$\dfrac23 \approx \$0.67: 0
    train/2228 0.56 = 56\%: 0
    test/1771 b=0: 9
    test/2840 \overline{CD}: 0
    ");
    assert_eq!(made, 124_944, "{kinds:?}");
    assert_eq!(kinds.len(), 12, "{kinds:?}");
}
