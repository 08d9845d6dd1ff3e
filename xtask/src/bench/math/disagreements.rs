//! Lists for people: every row where our verdict is not the label's, and where the two graders differ.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::judged::{Group, Judged};
use super::reading::Reading;
use super::verdict::Outcome;

/// How much of the end of a question and of an output is shown.
const TAIL: usize = 400;

/// How far the reading has come.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// Disagreements without a class.
    pub(crate) unread: usize,
    /// Rows with a class on which label and verdict agree by now.
    pub(crate) settled: usize,
}

/// Writes one Markdown file for each data set into `folder`, with an entry for every row whose verdict is not its label or
/// is undecided, `graders.md` with those where only Math-Verify disagrees with the label, and `settled.md` with those that
/// were classified and agree now.
///
/// # Errors
/// When the folder can't be written.
pub(crate) fn write(folder: &Path, judged: &[Judged], reading: &Reading) -> Result<Progress> {
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut groups = Group::all(judged);
    let all = groups.pop().context("no rows")?;
    let mut unread = 0;
    for group in groups {
        let rows: Vec<_> = group
            .rows
            .iter()
            .copied()
            .filter(|one| one.is_disagreement() || one.native.outcome == Outcome::Undecided)
            .collect();
        unread += rows
            .iter()
            .filter(|one| one.is_disagreement() && reading.class(&one.row.id).is_none())
            .count();
        let name = format!("{}.md", group.name.replace(' ', "-"));
        list(&folder.join(name), &group.name, &rows, reading)?;
    }
    let peer_alone: Vec<_> = all
        .rows
        .iter()
        .copied()
        .filter(|one| {
            !one.is_disagreement()
                && one
                    .peer
                    .as_ref()
                    .is_some_and(|peer| peer.accepts() != one.row.label)
        })
        .collect();
    list(
        &folder.join("graders.md"),
        "rows where only Math-Verify disagrees with the label",
        &peer_alone,
        reading,
    )?;
    let settled: Vec<_> = all
        .rows
        .iter()
        .copied()
        .filter(|one| !one.is_disagreement() && reading.class(&one.row.id).is_some())
        .collect();
    list(
        &folder.join("settled.md"),
        "classified rows on which label and verdict agree",
        &settled,
        reading,
    )?;
    Ok(Progress {
        unread,
        settled: settled.len(),
    })
}

fn list(path: &Path, name: &str, rows: &[&Judged], reading: &Reading) -> Result<()> {
    let mut text = format!("# {name}: {} rows\n", rows.len());
    for one in rows {
        entry(&mut text, one, reading)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn entry(text: &mut String, one: &Judged, reading: &Reading) -> Result<()> {
    let row = &one.row;
    writeln!(text, "\n## {}\n", row.id)?;
    if let Some(class) = reading.class(&row.id) {
        writeln!(text, "- read: {class:?}")?;
    }
    writeln!(text, "- label: {}", if row.label { "right" } else { "wrong" })?;
    writeln!(
        text,
        "- ours: {}, by {}",
        one.native.outcome.name(),
        one.native.rule
    )?;
    if let Some(note) = &one.native.note {
        writeln!(text, "- note: {note}")?;
    }
    if let Some(peer) = &one.peer {
        writeln!(text, "- Math-Verify: {}", peer.outcome.name())?;
    }
    writeln!(text, "- gold: `{}`", row.gold)?;
    writeln!(
        text,
        "- found: `{}`",
        one.native.found.as_deref().unwrap_or_default()
    )?;
    if let Some(pred) = &row.pred {
        writeln!(text, "- pred: `{}`", tail(pred))?;
    }
    for (what, whole) in [("question", &row.question), ("output", &row.output)] {
        writeln!(text, "\n{what}:\n")?;
        for line in tail(whole).lines() {
            writeln!(text, "    {line}")?;
        }
    }
    Ok(())
}

/// The end of a text.
fn tail(text: &str) -> &str {
    let start = text.char_indices().rev().nth(TAIL - 1).map_or(0, |(at, _)| at);
    &text[start..]
}

#[cfg(test)]
mod tests {
    use super::tail;

    #[test]
    fn a_tail_is_cut_between_characters() {
        assert_eq!(tail("short"), "short");
        assert_eq!(tail(&"é".repeat(1000)).chars().count(), 400);
    }
}
