//! A run's greedy results by kind of problem: which ones an arm learnt.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use restem_em::{EvalSet, EvalSummary, RunSummary};
use restem_report::{Align, Table};
use serde_json::Value;

/// A table for each set in which some problem has `key` in its metadata: one row per arm, one column per value, in each
/// cell the correct ones of those judged.
pub(crate) fn by(key: &str, sets: &[&EvalSet], run: &RunSummary) -> Vec<(String, Table)> {
    sets.iter()
        .filter_map(|set| Some((set.name.clone(), table(key, set, run)?)))
        .collect()
}

fn table(key: &str, set: &EvalSet, run: &RunSummary) -> Option<Table> {
    let values: HashMap<&str, String> = (set.problems.iter())
        .filter_map(|prompted| {
            let value = prompted.problem.metadata.get(key)?;
            Some((prompted.problem.id.as_str(), plain(value)))
        })
        .collect();
    let columns: BTreeSet<&str> = values.values().map(String::as_str).collect();
    if columns.is_empty() {
        return None;
    }
    let headings: Vec<String> = columns.iter().map(|value| format!("{key} = {value}")).collect();
    let headed = headings.iter().map(|heading| (heading.as_str(), Align::Right));
    let mut table = Table::new(std::iter::once(("arm", Align::Left)).chain(headed));
    for arm in &run.arms {
        let Some(summary) = arm.greedy.iter().find(|summary| summary.set == set.name) else {
            continue;
        };
        let tally = tally(&values, summary);
        let cells = columns.iter().map(|value| match tally.get(value) {
            Some((correct, judged)) => format!("{correct} of {judged}"),
            None => "–".to_owned(),
        });
        table.row(std::iter::once(arm.arm.clone()).chain(cells));
    }
    Some(table)
}

/// (correct, judged) by value.
fn tally<'v>(values: &'v HashMap<&str, String>, summary: &EvalSummary) -> BTreeMap<&'v str, (u64, u64)> {
    let mut tally: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for outcome in &summary.outcomes {
        if let (Some(value), Some(correct)) = (values.get(outcome.problem.as_str()), outcome.correct) {
            let (right, judged) = tally.entry(value).or_default();
            *right += u64::from(correct);
            *judged += 1;
        }
    }
    tally
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
