//! The rows that both graders judge.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::bench::shared_data;
use crate::workspace::Workspace;

use super::gold;
use super::settings::{SOLUTIONS, Settings};

/// An output and what others say about it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// `source/dataset/problem/model#line`, with `-` for a problem without an id; a MATH solution's is `hendrycks/math/` and its own id.
    pub(crate) id: String,
    /// Where it comes from, and how its answer is looked for.
    pub(crate) settings: &'static Settings,
    /// The problem.
    pub(crate) question: String,
    /// The right answer.
    pub(crate) gold: String,
    /// What a model wrote.
    pub(crate) output: String,
    /// What the source's grader took for its answer.
    pub(crate) pred: Option<String>,
    /// Whether the source calls it right.
    pub(crate) label: bool,
}

impl Row {
    /// The row as `judge_rows` and `time_rows` read it.
    ///
    /// # Errors
    /// When its settings are no JSON.
    pub(crate) fn to_json(&self) -> Result<Value> {
        Ok(json!({
            "id": self.id,
            "reference": self.gold,
            "prompt": self.question,
            "completion": self.output,
            "config": self.settings.config()?,
        }))
    }
}

/// Model outputs with labels, then MATH's own solutions. With `most`, only so many of each data set, evenly spread.
///
/// # Errors
/// When `../shared/data` is missing or not what its README says.
pub(crate) fn rows(workspace: &Workspace, most: Option<usize>) -> Result<Vec<Row>> {
    let folder = shared_data::folder(workspace);
    let mut rows = Vec::new();
    for (number, line) in shared_data::lines(&folder.join("labelled_math.jsonl.gz"))?.enumerate() {
        rows.push(
            labelled(number + 1, &line?).with_context(|| format!("labelled_math, line {}", number + 1))?,
        );
    }
    for file in ["math_train.jsonl.gz", "math_test.jsonl.gz"] {
        for line in shared_data::lines(&folder.join(file))? {
            rows.extend(solution(&line?)?);
        }
    }
    Ok(match most {
        None => rows,
        Some(most) => thinned(rows, most),
    })
}

fn text(row: &Value, field: &str) -> Result<String> {
    let value = row[field]
        .as_str()
        .with_context(|| format!("`{field}` is no text"))?;
    Ok(value.to_owned())
}

fn labelled(line: usize, row: &Value) -> Result<Row> {
    let (source, dataset) = (text(row, "source")?, text(row, "dataset")?);
    let settings = Settings::find(&source, &dataset)
        .with_context(|| format!("{source} {dataset} has no line in the table of settings"))?;
    let whole = text(row, "gold")?;
    let problem = match &row["problem_id"] {
        Value::String(id) => id,
        _ => "-",
    };
    let id = format!("{source}/{dataset}/{problem}/{}#{line}", text(row, "model")?);
    Ok(Row {
        gold: gold::answer(&source, &whole)
            .with_context(|| format!("no answer in the gold of {id}"))?
            .to_owned(),
        id,
        settings,
        question: text(row, "question")?,
        output: text(row, "output")?,
        pred: row["pred"].as_str().map(str::to_owned),
        label: row["label"].as_bool().context("`label` is no truth value")?,
    })
}

/// None for the two problems of MATH whose box is empty.
fn solution(row: &Value) -> Result<Option<Row>> {
    let gold = text(row, "answer")?;
    if gold.trim().is_empty() {
        return Ok(None);
    }
    Ok(Some(Row {
        id: format!("{}/{}", SOLUTIONS.source, text(row, "id")?),
        settings: &SOLUTIONS,
        question: text(row, "problem")?,
        pred: Some(gold.clone()),
        gold,
        output: text(row, "solution")?,
        label: true,
    }))
}

/// At most `most` rows of each data set, evenly spread over it.
fn thinned(rows: Vec<Row>, most: usize) -> Vec<Row> {
    let size_of = |settings: &Settings| rows.iter().filter(|row| row.settings == settings).count();
    let mut seen: Vec<(&Settings, usize, usize)> = Vec::new();
    let mut kept = Vec::new();
    for row in &rows {
        let at = match seen.iter().position(|(settings, ..)| *settings == row.settings) {
            Some(at) => at,
            None => {
                seen.push((row.settings, size_of(row.settings), 0));
                seen.len() - 1
            }
        };
        let (_, size, index) = &mut seen[at];
        // Whether the running share of kept rows steps over a whole number here.
        if (*index + 1) * most / *size > *index * most / *size || *size <= most {
            kept.push(row.clone());
        }
        *index += 1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: usize) -> Row {
        Row {
            id: id.to_string(),
            settings: &SOLUTIONS,
            question: String::new(),
            gold: "1".to_owned(),
            output: "1".to_owned(),
            pred: None,
            label: true,
        }
    }

    #[test]
    fn a_thinned_data_set_is_spread_over_the_whole() {
        let ids = |most| {
            let kept = thinned((0..10).map(row).collect(), most);
            kept.into_iter().map(|row| row.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ids(2), "4 9");
        assert_eq!(ids(10), "0 1 2 3 4 5 6 7 8 9");
        assert_eq!(ids(99), "0 1 2 3 4 5 6 7 8 9");
    }

    #[test]
    fn a_row_has_a_name_that_stays() {
        let raw = json!({
            "source": "tangzhy/RealCritic", "dataset": "math", "problem_id": "7", "model": "Qwen2", "question": "?",
            "gold": "1", "output": "\\boxed{1}", "pred": "1", "label": true,
        });
        assert_eq!(
            labelled(12, &raw).unwrap().id,
            "tangzhy/RealCritic/math/7/Qwen2#12"
        );
    }
}
