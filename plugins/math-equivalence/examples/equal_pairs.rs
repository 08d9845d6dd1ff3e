//! Which answers of MATH are taken for one another: all pairs of different spellings within a subject whose verdict is equal.
//!
//! `cargo run --release -p math-equivalence --example equal_pairs -- ../shared/data/math_{train,test}.jsonl.gz`
//!
//! Prints a line per pair: subject, both problems' ids (the first that has the answer), both answers, and the rule. Every pair is compared, in both directions. Standard error says how many
//! there were, and names pairs on which the directions differ or whose canonical forms say something else than the verdict.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example reports to its user"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use math_equivalence::Config;
use math_equivalence::config::Method;
use math_equivalence::reference::Reference;
use serde_json::Value;

fn main() -> Result<(), Box<dyn Error>> {
    let config = Config {
        extract: vec![Method::Whole],
        ..Config::default()
    };
    let mut subjects: BTreeMap<String, BTreeMap<String, (String, Reference)>> = BTreeMap::new();
    for path in std::env::args().skip(1) {
        for line in BufReader::new(GzDecoder::new(File::open(path)?)).lines() {
            let row: Value = serde_json::from_str(&line?)?;
            let field = |name: &str| row[name].as_str().unwrap_or_default().trim().to_owned();
            let answer = field("answer");
            // Two problems of MATH have an empty box.
            if let Ok(reference) = Reference::parse(&answer, &config) {
                subjects
                    .entry(field("subject"))
                    .or_default()
                    .entry(answer)
                    .or_insert_with(|| (field("id"), reference));
            }
        }
    }
    let mut pairs = 0_u64;
    for (subject, answers) in &subjects {
        let answers: Vec<Spelling<'_>> = answers
            .iter()
            .map(|(text, (id, reference))| Spelling { id, text, reference })
            .collect();
        for (at, &one) in answers.iter().enumerate() {
            for &other in &answers[at + 1..] {
                pairs += 1;
                compare(subject, one, other, &config);
            }
        }
        eprintln!("{subject}: {} spellings", answers.len());
    }
    eprintln!("{pairs} pairs, each in both directions");
    Ok(())
}

/// An answer of MATH.
#[derive(Clone, Copy)]
struct Spelling<'a> {
    id: &'a str,
    text: &'a str,
    reference: &'a Reference,
}

fn compare(subject: &str, one: Spelling<'_>, other: Spelling<'_>, config: &Config) {
    let there = one.reference.judge(other.text, None, config);
    let back = other.reference.judge(one.text, None, config);
    if there.is_right() != back.is_right() {
        eprintln!(
            "the directions differ: {:?} {:?}\n  {there:?}\n  {back:?}",
            one.text, other.text
        );
    }
    if there.is_right() != (one.reference.canonical() == other.reference.canonical()) {
        eprintln!(
            "the canonical forms differ from the verdict: {:?} {:?}: {} {}\n  {there:?}",
            one.text,
            other.text,
            one.reference.canonical(),
            other.reference.canonical()
        );
    }
    if there.is_right() || back.is_right() {
        let right = if there.is_right() { there } else { back };
        let rule = right.decision.map_or("", |decision| decision.rule);
        let line = [subject, one.id, other.id, one.text, other.text, rule].join("\t");
        println!("{}", line.replace('\n', " "));
    }
}
