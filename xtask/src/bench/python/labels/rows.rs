//! Labelled programs as rows of `restem score`, each with the tests that the data has for its problem.

use std::collections::HashMap;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::bench::shared_data;
use crate::workspace::Workspace;

/// A program with another grader's verdict.
pub(super) struct Labelled {
    /// Who labelled it, and of which benchmark it is.
    pub(super) source: String,
    /// The benchmark, as the table names it.
    pub(super) dataset: &'static str,
    /// Its problem.
    pub(super) task: String,
    /// The label.
    pub(super) is_right: bool,
    /// What `restem score` reads.
    pub(super) row: Value,
}

/// Metadata and, for programs that go on from it, the prompt of a problem.
type Problem = (Value, Value);

/// Every labelled program whose problem's tests are at hand, in the order of the data.
///
/// # Errors
/// When `../shared/data` is missing or not what its README says.
pub(super) fn all(workspace: &Workspace) -> Result<Vec<Labelled>> {
    let folder = shared_data::folder(workspace);
    let mut problems: HashMap<(&str, String), Problem> = HashMap::new();
    for file in ["apps_with_tests", "apps_with_solutions"] {
        // Three problems hold an infinity as Python writes it, which is no JSON; no labelled program is of them.
        let rows = shared_data::lines(&folder.join(format!("{file}.jsonl.gz")))?.filter_map(Result::ok);
        problems.extend(rows.map(|row| {
            let metadata = json!({"input_output": row["input_output"]});
            (("APPS", text(&row["problem_id"])), (metadata, Value::Null))
        }));
    }
    for row in shared_data::lines(&folder.join("HumanEval.jsonl.gz"))? {
        let row = row?;
        let metadata =
            json!({"test": row["test"], "entry_point": row["entry_point"], "prompt": row["prompt"]});
        problems.insert(
            ("HumanEval", number(&row["task_id"])),
            (metadata, row["prompt"].clone()),
        );
    }
    for row in shared_data::lines(&folder.join("mbpp.jsonl.gz"))? {
        let row = row?;
        let metadata = json!({"test_list": row["test_list"], "test_setup_code": row["test_setup_code"]});
        problems.insert(("MBPP", number(&row["task_id"])), (metadata, Value::Null));
    }
    let mut labelled = Vec::new();
    for (line, row) in shared_data::lines(&folder.join("labelled_code.jsonl.gz"))?.enumerate() {
        labelled.extend(program(line, &row?, &problems)?);
    }
    Ok(labelled)
}

fn program(
    line: usize,
    row: &Value,
    problems: &HashMap<(&str, String), Problem>,
) -> Result<Option<Labelled>> {
    let source = text(&row["source"]);
    let (dataset, benchmark) = match row["dataset"].as_str().unwrap_or_default() {
        "humaneval" | "HumanEval" => ("HumanEval", "HumanEval"),
        "HumanEvalET" => ("HumanEvalET, by HumanEval's tests", "HumanEval"),
        "mbpp" | "MBPP" => ("MBPP", "MBPP"),
        "APPS" => ("APPS, empty starter code", "APPS"),
        _ => ("APPS", "APPS"),
    };
    let problem = if source == "MapCoder" && benchmark == "APPS" {
        // Its programs are whole ones, whatever the problem asks for: where that is a function, they can't be judged.
        let is_whole = row["starter_code"].as_str().is_none_or(str::is_empty);
        is_whole.then(|| (json!({"test_list": row["test_list"]}), Value::Null))
    } else {
        let task = if benchmark == "APPS" {
            text(&row["task_id"])
        } else {
            number(&row["task_id"])
        };
        problems.get(&(benchmark, task)).cloned()
    };
    let Some((metadata, prompt)) = problem else {
        return Ok(None);
    };
    Ok(Some(Labelled {
        source,
        dataset,
        task: text(&row["task_id"]),
        is_right: row["label"]
            .as_bool()
            .with_context(|| format!("row {line} of the labelled programs has no label"))?,
        row: json!({"id": line.to_string(), "prompt": prompt, "metadata": metadata, "completion": row["code"]}),
    }))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `mbpp_4_heap_queue_largest`, `MBPP/4`, `HumanEval/4` and 4 are problem 4.
fn number(id: &Value) -> String {
    let id = text(id);
    let digits = id.trim_start_matches(|char: char| !char.is_ascii_digit());
    digits.chars().take_while(char::is_ascii_digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_problem_is_read_from_each_spelling() {
        for id in [
            json!("mbpp_4_heap_2"),
            json!("MBPP/4"),
            json!("HumanEval/4"),
            json!(4),
        ] {
            assert_eq!(number(&id), "4", "{id}");
        }
    }

    #[test]
    fn a_program_without_tests_at_hand_is_left_out() {
        let known = [(("MBPP", "4".to_owned()), (json!({"test_list": []}), Value::Null))];
        let problems = HashMap::from(known);
        let row = |dataset, task| json!({"source": "S", "dataset": dataset, "task_id": task, "code": "c", "label": true});
        let found = program(7, &row("mbpp", "MBPP/4"), &problems).unwrap().unwrap();
        assert!(found.is_right && found.row["id"] == "7" && found.row["completion"] == "c");
        assert!(program(7, &row("mbpp", "MBPP/5"), &problems).unwrap().is_none());
        let mut map_coder = json!({"source": "MapCoder", "dataset": "APPS", "task_id": "1", "code": "c", "label": false, "starter_code": "def f(x):"});
        assert!(program(7, &map_coder, &problems).unwrap().is_none());
        map_coder["starter_code"] = "".into();
        assert!(program(7, &map_coder, &problems).unwrap().is_some());
    }
}
