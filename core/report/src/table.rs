//! A table, for terminals and for Markdown.

use comfy_table::{CellAlignment, LineStyle, TableStyle};
use serde::Serialize;

/// On which side a column's cells stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Align {
    /// Texts.
    Left,
    /// Numbers.
    Right,
}

/// Rows under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with columns of these names.
    pub fn new<'a>(columns: impl IntoIterator<Item = (&'a str, Align)>) -> Self {
        let columns = columns
            .into_iter()
            .map(|(name, align)| (name.to_owned(), align))
            .collect();
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Appends a row; missing cells are empty, surplus ones are dropped.
    pub fn row<C: Into<String>>(&mut self, cells: impl IntoIterator<Item = C>) {
        let mut row: Vec<String> = cells.into_iter().map(Into::into).collect();
        row.resize(self.columns.len(), String::new());
        self.rows.push(row);
    }

    /// Whether it has no rows.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// For a terminal: columns two spaces apart, a rule under the heading, a line feed after each line.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut table = comfy_table::Table::new();
        table.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')));
        table.set_header(self.columns.iter().map(|(name, _)| name));
        table.add_rows(&self.rows);
        for (i, (column, (_, align))) in table.column_iter_mut().zip(&self.columns).enumerate() {
            let is_last = i + 1 == self.columns.len();
            column.set_padding((0, if is_last { 0 } else { 2 }));
            column.set_cell_alignment(match align {
                Align::Left => CellAlignment::Left,
                Align::Right => CellAlignment::Right,
            });
        }
        table
            .lines()
            .map(|line| format!("{}\n", line.trim_end()))
            .collect()
    }

    /// As a Markdown table (GitHub's kind).
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let line = |cells: &mut dyn Iterator<Item = String>| {
            format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
        };
        let mut text = line(&mut self.columns.iter().map(|(name, _)| markdown_cell(name)));
        text += &line(&mut self.columns.iter().map(|(_, align)| match align {
            Align::Left => ":---".to_owned(),
            Align::Right => "---:".to_owned(),
        }));
        for row in &self.rows {
            text += &line(&mut row.iter().map(|cell| markdown_cell(cell)));
        }
        text
    }
}

/// A cell's text on one line and without a meaning in Markdown.
pub(crate) fn markdown_cell(text: &str) -> String {
    let mut cell = String::new();
    for c in text.chars() {
        match c {
            '\n' | '\r' => cell.push(' '),
            '\\' | '|' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '#' => cell.extend(['\\', c]),
            c => cell.push(c),
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new([
            ("arm", Align::Left),
            ("pass@1", Align::Right),
            ("95% interval", Align::Right),
        ]);
        table.row(["base", "4.0%", "2.0–7.7%"]);
        table.row(["größer|naïve", "31.5%", "25.5–38.2%"]);
        table.row(["empty"]);
        table
    }

    #[test]
    fn text_columns_align_by_their_width_on_screen() {
        insta::assert_snapshot!(table().to_text(), @"
        arm           pass@1  95% interval
        ──────────────────────────────────
        base            4.0%      2.0–7.7%
        größer|naïve   31.5%    25.5–38.2%
        empty
        ");
    }

    #[test]
    fn markdown_keeps_alignment_and_escapes_what_would_break_it() {
        insta::assert_snapshot!(table().to_markdown(), @r#"
        | arm | pass@1 | 95% interval |
        | :--- | ---: | ---: |
        | base | 4.0% | 2.0–7.7% |
        | größer\|naïve | 31.5% | 25.5–38.2% |
        | empty |  |  |
        "#);
    }
}
