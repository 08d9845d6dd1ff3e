//! Agreement with the labels, in Markdown.

use std::collections::BTreeMap;

use super::Judged;

#[derive(Default)]
struct Tally {
    programs: usize,
    agree: usize,
    right_and_fails: usize,
    wrong_and_passes: usize,
    faults: usize,
}

/// A row for each source and data set.
pub(super) fn agreement(judged: &[Judged]) -> String {
    let mut groups: BTreeMap<(&str, &str), Tally> = BTreeMap::new();
    for one in judged {
        let labelled = &one.labelled;
        let tally = groups.entry((&labelled.source, labelled.dataset)).or_default();
        tally.programs += 1;
        let count = match (labelled.is_right, one.passes) {
            (_, None) => &mut tally.faults,
            (true, Some(false)) => &mut tally.right_and_fails,
            (false, Some(true)) => &mut tally.wrong_and_passes,
            _ => &mut tally.agree,
        };
        *count += 1;
    }
    let mut lines = vec![
        "| source | data set | programs | agree | called right, fails here | called wrong, passes here | faults |".to_owned(),
        "|---|---|---:|---:|---:|---:|---:|".to_owned(),
    ];
    lines.extend(groups.iter().map(|((source, dataset), tally)| {
        format!(
            "| {source} | {dataset} | {} | {} | {} | {} | {} |",
            tally.programs, tally.agree, tally.right_and_fails, tally.wrong_and_passes, tally.faults
        )
    }));
    lines.join("\n")
}

/// A line for each program on which we and its label differ, or that is a fault. Data sets with labels by other tests than
/// those at hand are left out: there a difference says nothing.
pub(super) fn disagreements(judged: &[Judged]) -> String {
    let differ = judged.iter().filter(|one| {
        one.passes != Some(one.labelled.is_right) && !one.labelled.dataset.starts_with("HumanEvalET")
    });
    let lines: Vec<_> = differ
        .map(|one| {
            let labelled = &one.labelled;
            let says = match one.passes {
                None => "fault",
                Some(true) => "called wrong, passes",
                Some(false) => "called right, fails",
            };
            let (source, dataset, task) = (&labelled.source, labelled.dataset, &labelled.task);
            format!(
                "{source} {dataset} {task} (row {}): {says}: {}",
                labelled.row["id"], one.note
            )
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::rows::Labelled;
    use super::*;

    #[test]
    fn each_kind_of_difference_has_its_column_and_its_line() {
        let kinds = [
            (true, Some(true)),
            (true, Some(false)),
            (false, Some(true)),
            (false, None),
        ];
        let judged: Vec<_> = kinds
            .into_iter()
            .map(|(is_right, passes)| Judged {
                labelled: Labelled {
                    source: "S".to_owned(),
                    dataset: "MBPP",
                    task: "MBPP/4".to_owned(),
                    is_right,
                    row: json!({"id": "7"}),
                },
                passes,
                note: "why".to_owned(),
            })
            .collect();
        insta::assert_snapshot!(agreement(&judged), @r"
        | source | data set | programs | agree | called right, fails here | called wrong, passes here | faults |
        |---|---|---:|---:|---:|---:|---:|
        | S | MBPP | 4 | 1 | 1 | 1 | 1 |
        ");
        insta::assert_snapshot!(disagreements(&judged), @r#"
        S MBPP MBPP/4 (row "7"): called right, fails: why
        S MBPP MBPP/4 (row "7"): called wrong, passes: why
        S MBPP MBPP/4 (row "7"): fault: why
        "#);
    }
}
