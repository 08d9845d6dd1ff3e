//! A report for the terminal and as Markdown.

use crate::table::markdown_cell;
use crate::{Report, SetResults, Table};

impl Report {
    /// For a terminal. Charts and samples are left to the page.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut parts = vec![format!("{}\n", self.title)];
        if !self.facts.is_empty() {
            let width = self
                .facts
                .iter()
                .map(|(name, _)| name.chars().count())
                .max()
                .unwrap_or(0);
            parts.push(
                self.facts
                    .iter()
                    .map(|(name, value)| format!("{name:<width$}  {value}\n"))
                    .collect(),
            );
        }
        for set in &self.sets {
            let tables = tables(set)
                .map(|table| table.to_text())
                .collect::<Vec<_>>()
                .join("\n");
            let note = set
                .best_note()
                .map(|note| format!("\n{note}\n"))
                .unwrap_or_default();
            parts.push(format!("Results on {}\n\n{tables}{note}", set.name));
        }
        if !self.e_steps.is_empty() {
            parts.push(format!(
                "Samples of each iteration\n\n{}",
                self.e_step_table().to_text()
            ));
        }
        if !self.notes.is_empty() {
            parts.push(self.notes.iter().map(|note| format!("- {note}\n")).collect());
        }
        parts.join("\n")
    }

    /// As Markdown. Charts and samples are left to the page.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut parts = vec![format!("# {}\n", markdown_cell(&self.title))];
        if !self.facts.is_empty() {
            let fact = |(name, value): &(String, String)| {
                format!("- {}: {}\n", markdown_cell(name), markdown_cell(value))
            };
            parts.push(self.facts.iter().map(fact).collect());
        }
        for set in &self.sets {
            let tables = tables(set)
                .map(|table| table.to_markdown())
                .collect::<Vec<_>>()
                .join("\n");
            let note = set
                .best_note()
                .map(|note| format!("\n{}\n", markdown_cell(note)))
                .unwrap_or_default();
            parts.push(format!(
                "## Results on {}\n\n{tables}{note}",
                markdown_cell(&set.name)
            ));
        }
        if !self.e_steps.is_empty() {
            parts.push(format!(
                "## Samples of each iteration\n\n{}",
                self.e_step_table().to_markdown()
            ));
        }
        if !self.notes.is_empty() {
            let notes: String = self
                .notes
                .iter()
                .map(|note| format!("- {}\n", markdown_cell(note)))
                .collect();
            parts.push(format!("## Notes\n\n{notes}"));
        }
        parts.join("\n")
    }
}

/// The tables of a set that have rows.
pub(crate) fn tables(set: &SetResults) -> impl Iterator<Item = Table> {
    [set.greedy_table(), set.sampled_table(), set.comparison_table()]
        .into_iter()
        .filter(|table| !table.is_empty())
}
