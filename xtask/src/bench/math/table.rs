//! The benchmark's tables, in Markdown.

use super::judged::{Group, Judged, Side};
use super::peer;
use super::reading::Reading;
use super::settings::Settings;
use super::tally::{Tally, Times};

/// Everything that `cargo xtask bench math` prints.
pub(crate) fn all(judged: &[Judged], reading: &Reading) -> String {
    let groups = Group::all(judged);
    let mut parts = vec![
        "### Agreement with the labels".to_owned(),
        agreement(&groups, &Reading::default()),
    ];
    if !reading.is_empty() {
        parts.push("### Agreement after reading the disagreements".to_owned());
        parts.push(agreement(&groups, reading));
    }
    parts.push("### Time of one check".to_owned());
    parts.push(speed(&groups));
    parts.push(caption(judged));
    parts.join("\n\n")
}

fn agreement(groups: &[Group<'_>], reading: &Reading) -> String {
    let mut lines = vec![
        "| rows of | rows | agreement | false accepts | false rejects | undecided | no answer | bad reference |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for group in groups {
        let (ours, theirs) = (
            group.tally(Side::Native, reading),
            group.tally(Side::Peer, reading),
        );
        let Some(ours) = ours else { continue };
        let cell = |of: fn(&Tally) -> String| beside(of(&ours), theirs.as_ref().map(of));
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |",
            group.name,
            ours.rows,
            cell(|tally| format!("{:.2}%", tally.agreement() * 100.0)),
            cell(|tally| tally.false_accepts.to_string()),
            cell(|tally| tally.false_rejects.to_string()),
            cell(|tally| tally.undecided.to_string()),
            cell(|tally| tally.no_answer.to_string()),
            cell(|tally| tally.bad_reference.to_string()),
        ));
    }
    lines.join("\n")
}

fn speed(groups: &[Group<'_>]) -> String {
    let mut lines = vec![
        "| rows of | side | median | p99 | p99.9 | checks/s per core | median ratio | mean ratio |"
            .to_owned(),
        "|---|---|---|---|---|---|---|---|".to_owned(),
    ];
    for group in groups {
        let peer = group.times(Side::Peer);
        for (name, times) in [
            ("native", group.times(Side::Native)),
            ("WASM", group.times(Side::Wasm)),
            ("Math-Verify", peer.clone()),
        ] {
            let Some(times) = times else { continue };
            let ratio = |of: fn(&Times) -> f64| match &peer {
                Some(peer) if name != "Math-Verify" => format!("{:.0}×", of(peer) / of(&times)),
                _ => String::new(),
            };
            lines.push(format!(
                "| {} | {name} | {} | {} | {} | {} | {} | {} |",
                group.name,
                microseconds(times.quantile(500)),
                microseconds(times.quantile(990)),
                microseconds(times.quantile(999)),
                per_second(times.mean()),
                ratio(|times| times.quantile(500)),
                ratio(Times::mean),
            ));
        }
    }
    lines.join("\n")
}

/// What the numbers mean, and both sides' settings.
fn caption(judged: &[Judged]) -> String {
    let mut settings: Vec<(String, Vec<String>)> = Vec::new();
    let mut seen: Vec<&Settings> = Vec::new();
    for one in judged {
        if seen.contains(&one.row.settings) {
            continue;
        }
        seen.push(one.row.settings);
        let words = one.row.settings.in_words();
        match settings.iter_mut().find(|(known, _)| *known == words) {
            Some((_, names)) => names.push(one.row.settings.name()),
            None => settings.push((words, vec![one.row.settings.name()])),
        }
    }
    let settings: Vec<_> = settings
        .into_iter()
        .map(|(words, names)| format!("{words} for {}", names.join(", ")))
        .collect();
    format!(
        "Where two numbers stand, ours is the first and Math-Verify {}'s the second. Both sides had the same reference and the \
         same output of every row, one row after the other in one process on one core. A check is reading the reference, \
         finding and reading the answer, and comparing; in WASM also making a fresh instance for it and reading its \
         configuration. References go to Math-Verify as `$…$`, which is where it looks for LaTeX. Ratios are Math-Verify's \
         time over ours. Settings: {}.",
        peer::VERSION,
        settings.join("; ")
    )
}

fn beside(ours: String, theirs: Option<String>) -> String {
    match theirs {
        Some(theirs) => format!("{ours} / {theirs}"),
        None => ours,
    }
}

fn microseconds(nanoseconds: f64) -> String {
    let microseconds = nanoseconds / 1e3;
    if microseconds < 10.0 {
        format!("{microseconds:.1} µs")
    } else if microseconds < 1e4 {
        format!("{microseconds:.0} µs")
    } else {
        format!("{:.0} ms", microseconds / 1e3)
    }
}

fn per_second(mean_nanoseconds: f64) -> String {
    if mean_nanoseconds <= 0.0 {
        return String::new();
    }
    format!("{:.0}", 1e9 / mean_nanoseconds)
}

#[cfg(test)]
mod tests {
    use super::super::row::Row;
    use super::super::settings::SOLUTIONS;
    use super::super::verdict::{Outcome, Verdict};
    use super::*;

    fn judged(label: bool, ours: Outcome, theirs: Outcome) -> Judged {
        Judged {
            row: Row {
                id: "a".to_owned(),
                settings: &SOLUTIONS,
                question: String::new(),
                gold: "1".to_owned(),
                output: "1".to_owned(),
                pred: None,
                label,
            },
            native: Verdict::of(ours, 5_400),
            wasm: Verdict::of(ours, 21_000),
            peer: Some(Verdict::of(theirs, 12_600_000)),
        }
    }

    #[test]
    fn both_sides_stand_in_one_table() {
        let rows = [
            judged(true, Outcome::Equal, Outcome::Different),
            judged(false, Outcome::Undecided, Outcome::Equal),
        ];
        let groups = &Group::all(&rows)[..1];
        insta::assert_snapshot!(agreement(groups, &Reading::default()), @r"
        | rows of | rows | agreement | false accepts | false rejects | undecided | no answer | bad reference |
        |---|---|---|---|---|---|---|---|
        | math solutions | 2 | 100.00% / 0.00% | 0 / 1 | 0 / 1 | 1 / 0 | 0 / 0 | 0 / 0 |
        ");
        insta::assert_snapshot!(speed(groups), @r"
        | rows of | side | median | p99 | p99.9 | checks/s per core | median ratio | mean ratio |
        |---|---|---|---|---|---|---|---|
        | math solutions | native | 5.4 µs | 5.4 µs | 5.4 µs | 185185 | 2333× | 2333× |
        | math solutions | WASM | 21 µs | 21 µs | 21 µs | 47619 | 600× | 600× |
        | math solutions | Math-Verify | 13 ms | 13 ms | 13 ms | 79 |  |  |
        ");
    }
}
