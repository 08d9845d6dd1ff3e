//! Compares what programs printed or returned with what was expected, by this plugin's rules.
//!
//! `cargo run -p apps-unit-tests --example compare_rows -- ROWS.jsonl`
//!
//! A row has `kind` ("stdout" or "value"), `got` (text; for a value, its JSON) and `expected` (as in APPS), and anything else. Rows that are
//! not equal are printed.
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

use apps_unit_tests::{Config, compare};
use restem_sdk::python::Value;
use restem_sdk::serde_json;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of a file of rows")?;
    let config = Config::default();
    let (mut equal, mut all) = (0, 0);
    for line in BufReader::new(File::open(path)?).lines() {
        let line = line?;
        let row: serde_json::Value = serde_json::from_str(&line)?;
        all += 1;
        if same(&row, &config) {
            equal += 1;
        } else {
            println!("{line}");
        }
    }
    println!("{equal} of {all} are equal");
    Ok(())
}

fn same(row: &serde_json::Value, config: &Config) -> bool {
    let got = row["got"].as_str().unwrap_or_default();
    let expected = &row["expected"];
    if row["kind"] == "value" {
        let read = |text: &str| Value::from_json(text).ok();
        let Some(got) = read(got) else { return false };
        let same = |expected: &serde_json::Value| {
            read(&expected.to_string())
                .is_some_and(|expected| compare::returned(&expected, &got, config.returned_float_tolerance))
        };
        let wrapped = expected.as_array().filter(|items| items.len() == 1);
        return same(expected) || wrapped.is_some_and(|items| same(&items[0]));
    }
    let expected = match expected {
        serde_json::Value::Array(lines) => {
            let lines: Vec<&str> = lines.iter().filter_map(serde_json::Value::as_str).collect();
            lines.join("\n")
        }
        text => text.as_str().unwrap_or_default().to_owned(),
    };
    compare::printed(&expected, got, config.printed_float_tolerance).is_ok()
}
