//! The same programs on one worker process and on several, with idle and with busy cores: nothing may differ.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail};

use crate::say;
use crate::workspace::Workspace;

use super::check_programs;
use super::job::Job;
use super::load::Load;
use super::measured::Test;
use super::side::{Side, Sides};

/// Differences that are listed one by one.
const LISTED: usize = 20;

/// How a program ended: outcome, digest of its output, fuel.
type End = (Option<String>, Option<String>, Option<u64>);

/// Runs all programs under four circumstances and compares the ends.
///
/// # Errors
/// When one program ends in two ways, with a list; or when the sandbox fails.
pub(crate) fn run(workspace: &Workspace, sides: &Sides, cores: usize) -> Result<()> {
    let jobs = check_programs::jobs(workspace)?;
    let mut first: Option<BTreeMap<Test, End>> = None;
    let mut differences = Vec::new();
    for busy in [0, cores] {
        for workers in [1, cores] {
            let load = Load::on(busy);
            let ends = ends(sides, &jobs, workers)?;
            drop(load);
            let circumstances = format!("{workers} workers, {busy} busy cores");
            say::step(
                "bench",
                format!(
                    "{} tests of {} programs ended: {circumstances}",
                    ends.len(),
                    jobs.len()
                ),
            );
            match &first {
                None => {
                    say::data(summary(&ends));
                    first = Some(ends);
                }
                Some(first) => differences.extend(differing(first, &ends, &circumstances)),
            }
        }
    }
    if differences.is_empty() {
        say::data(format!(
            "identical: outcome, output and fuel of {} programs on 1 and {cores} workers, idle and loaded",
            jobs.len()
        ));
        return Ok(());
    }
    bail!(
        "{} ends differ:\n{}",
        differences.len(),
        differences[..differences.len().min(LISTED)].join("\n")
    )
}

fn ends(sides: &Sides, jobs: &[Job], workers: usize) -> Result<BTreeMap<Test, End>> {
    // Every so-manieth program, so that each worker has all kinds and other neighbours than it had alone.
    let shares: Vec<Vec<Job>> = (0..workers)
        .map(|worker| jobs.iter().skip(worker).step_by(workers).cloned().collect())
        .collect();
    let shares: Vec<&[Job]> = shares.iter().map(Vec::as_slice).collect();
    let measured = sides.measure(Side::Sandbox, &shares)?.context("no sandbox")?;
    Ok(measured
        .rows
        .into_iter()
        .map(|row| ((row.id, row.test), (row.outcome, row.digest, row.fuel)))
        .collect())
}

fn differing(first: &BTreeMap<Test, End>, second: &BTreeMap<Test, End>, circumstances: &str) -> Vec<String> {
    let tests = first
        .keys()
        .chain(second.keys().filter(|test| !first.contains_key(*test)));
    tests
        .filter(|test| first.get(*test) != second.get(*test))
        .map(|test| {
            format!(
                "{}, test {}, {circumstances}: {:?}, but alone {:?}",
                test.0,
                test.1,
                second.get(test),
                first.get(test)
            )
        })
        .collect()
}

/// How many tests ended in which way: `Finished 612, OutOfFuel 130, …`.
fn summary(ends: &BTreeMap<Test, End>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (outcome, _, _) in ends.values() {
        let kind = outcome.as_deref().unwrap_or("nothing");
        let kind = kind.split([' ', '{']).next().unwrap_or(kind);
        *counts.entry(kind).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let counts: Vec<_> = counts
        .into_iter()
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    counts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(ends: &[(&str, &str, u64)]) -> BTreeMap<Test, End> {
        ends.iter()
            .map(|(id, outcome, fuel)| {
                let end = (Some((*outcome).to_owned()), Some("0".to_owned()), Some(*fuel));
                (((*id).to_owned(), 0), end)
            })
            .collect()
    }

    #[test]
    fn one_unit_of_fuel_or_a_missing_program_is_a_difference() {
        let first = ends(&[("a", "Finished", 10), ("b", "Finished", 10)]);
        assert!(differing(&first, &first, "").is_empty());
        let second = ends(&[("a", "Finished", 11), ("c", "Finished", 10)]);
        insta::assert_snapshot!(differing(&first, &second, "2 workers, 0 busy cores").join("\n"), @r#"
        a, test 0, 2 workers, 0 busy cores: Some((Some("Finished"), Some("0"), Some(11))), but alone Some((Some("Finished"), Some("0"), Some(10)))
        b, test 0, 2 workers, 0 busy cores: None, but alone Some((Some("Finished"), Some("0"), Some(10)))
        c, test 0, 2 workers, 0 busy cores: Some((Some("Finished"), Some("0"), Some(10))), but alone None
        "#);
    }

    #[test]
    fn ends_are_counted_by_kind() {
        let ends = ends(&[
            ("a", "Finished", 1),
            ("b", "Exit { code: 3 }", 1),
            ("c", "Finished", 1),
        ]);
        assert_eq!(summary(&ends), "Finished 2, Exit 1");
    }
}
