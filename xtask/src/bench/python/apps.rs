//! Human solutions of APPS, with their problems' tests.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::shared_data;
use crate::workspace::Workspace;

use super::job::Job;

/// Tests of a problem that are run, at most.
const TESTS: usize = 5;

/// Programs that read standard input: the first `per_problem` solutions of the first `problems` problems. Problems that call a
/// function instead are passed over.
///
/// # Errors
/// When `../shared/data` is missing or not what its README says.
pub(crate) fn jobs(workspace: &Workspace, problems: usize, per_problem: usize) -> Result<Vec<Job>> {
    let path = shared_data::folder(workspace).join("apps_with_solutions.jsonl.gz");
    let mut jobs = Vec::new();
    let mut found = 0;
    for row in shared_data::lines(&path)? {
        let row = row?;
        let of_problem = solutions(&row, per_problem)?;
        if found < problems && !of_problem.is_empty() {
            found += 1;
            jobs.extend(of_problem);
        }
    }
    Ok(jobs)
}

fn solutions(row: &Value, most: usize) -> Result<Vec<Job>> {
    let problem = &row["problem_id"];
    let tests = embedded(&row["input_output"])?;
    if !tests["fn_name"].is_null() {
        return Ok(Vec::new());
    }
    let inputs = tests["inputs"]
        .as_array()
        .with_context(|| format!("problem {problem} has no inputs"))?;
    let stdins: Vec<_> = inputs.iter().take(TESTS).map(stdin).collect();
    let solutions = embedded(&row["solutions"])?;
    let solutions = solutions
        .as_array()
        .with_context(|| format!("problem {problem} has no solutions"))?;
    let jobs = solutions
        .iter()
        .filter_map(Value::as_str)
        .take(most)
        .enumerate()
        .map(|(number, source)| Job::new(format!("apps {problem}/{number}"), source, stdins.clone()));
    Ok(jobs.collect())
}

/// Some copies have JSON within a string.
fn embedded(value: &Value) -> Result<Value> {
    Ok(match value {
        Value::String(text) => serde_json::from_str(text)?,
        other => other.clone(),
    })
}

/// A text, or a list of lines.
fn stdin(input: &Value) -> String {
    match input {
        Value::Array(lines) => lines
            .iter()
            .map(|line| line.as_str().map_or_else(|| line.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join("\n"),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tests_may_be_json_in_a_string_and_inputs_lists_of_lines() {
        let row = json!({
            "problem_id": 7,
            "input_output": r#"{"inputs": [["1", "2 3"], "4\n"], "outputs": ["", ""]}"#,
            "solutions": ["a", "b"],
        });
        let stdins = vec!["1\n2 3".to_owned(), "4\n".to_owned()];
        assert_eq!(solutions(&row, 1).unwrap(), [Job::new("apps 7/0", "a", stdins)]);
    }

    #[test]
    fn problems_that_call_a_function_are_passed_over() {
        let row = json!({
            "problem_id": 7, "input_output": {"fn_name": "f", "inputs": [[1]]}, "solutions": ["a"],
        });
        assert_eq!(solutions(&row, 1).unwrap(), []);
    }
}
