//! Judges rows natively, one after the other, and says how long each took.
//!
//! `cargo run --release -p math-equivalence --example judge_rows -- ROWS.jsonl > VERDICTS.jsonl`
//!
//! A row has `id`, `reference`, `completion`, and may have `prompt` and `config`. A verdict has the row's `id`, what became of
//! it, and `nanoseconds`: reading the reference, finding and reading the answer, and comparing them. The configuration is
//! read before the clock starts.
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::time::Instant;

use math_equivalence::Config;
use math_equivalence::decide::Outcome;
use math_equivalence::judge::Judgement;
use math_equivalence::reference::{BadReference, Reference};
use serde_json::{Value, json};

/// Rows judged before the clock counts: the first ones pay for pages that are not in memory yet.
const WARM_UP: usize = 200;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of a file of rows")?;
    let rows: Vec<Value> = BufReader::new(File::open(path)?)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_, Box<dyn Error>>>()?;
    let mut configs = BTreeMap::new();
    for row in &rows {
        let config = &row["config"];
        if let Entry::Vacant(entry) = configs.entry(config.to_string()) {
            entry.insert(read_config(config)?);
        }
    }
    for row in rows.iter().take(WARM_UP) {
        let _ = judge(row, &configs[&row["config"].to_string()]);
    }
    for row in &rows {
        let config = &configs[&row["config"].to_string()];
        let started = Instant::now();
        let judged = judge(row, config);
        let nanoseconds = u64::try_from(started.elapsed().as_nanos())?;
        println!("{}", verdict(row, &judged, nanoseconds));
    }
    Ok(())
}

fn read_config(config: &Value) -> Result<Config, Box<dyn Error>> {
    if config.is_null() {
        return Ok(Config::default());
    }
    let config: Config = serde_json::from_value(config.clone())?;
    config.check()?;
    Ok(config)
}

fn judge(row: &Value, config: &Config) -> Result<Judgement, BadReference> {
    let text = |field: &str| row[field].as_str().unwrap_or_default();
    let reference = Reference::parse(text("reference"), config)?;
    Ok(reference.judge(text("completion"), row["prompt"].as_str(), config))
}

fn verdict(row: &Value, judged: &Result<Judgement, BadReference>, nanoseconds: u64) -> Value {
    let id = &row["id"];
    match judged {
        Err(error) => {
            json!({"id": id, "outcome": "bad-reference", "note": error.to_string(), "nanoseconds": nanoseconds})
        }
        Ok(judgement) => {
            let completion = row["completion"].as_str().unwrap_or_default();
            let found = judgement.span.clone().and_then(|span| completion.get(span));
            let decision = judgement.decision.as_ref();
            json!({
                "id": id,
                "outcome": decision.map_or("no-answer", |decision| name(decision.outcome)),
                "rule": decision.map(|decision| decision.rule),
                "evidence": decision.map(|decision| &decision.evidence),
                "found": found,
                "answer": judgement.answer,
                "marked": judgement.marked,
                "note": judgement.note,
                "nanoseconds": nanoseconds,
            })
        }
    }
}

const fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Equal => "equal",
        Outcome::Different => "different",
        Outcome::Undecided => "undecided",
    }
}
