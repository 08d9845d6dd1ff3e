//! Programs that other graders judged, judged by apps-unit-tests: how often they agree, and each case where they don't.

mod rows;
mod table;

use std::fs;
use std::io::BufRead as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, exports, process, say, setup};

use rows::Labelled;

/// What `restem score` says of a labelled program.
struct Judged {
    labelled: Labelled,
    /// Whether it passes; None for a fault.
    passes: Option<bool>,
    /// Why not, in the verdict's words.
    note: String,
}

/// Judges every labelled program whose tests are in the data with the plugin's default configuration, and prints the
/// table and the disagreements.
///
/// # Errors
/// When the data is missing, a build fails, or `restem score` does.
pub(crate) fn run(workspace: &Workspace, cache: &Cache) -> Result<()> {
    let rows = rows::all(workspace)?;
    artifacts::build_cli(workspace)?;
    artifacts::build_plugins(workspace, cache)?;
    setup::python(workspace, cache)?;
    let scratch = workspace.target().join("bench").join("python");
    fs::create_dir_all(&scratch)?;
    let (input, output) = (scratch.join("labelled.jsonl"), scratch.join("labelled.out.jsonl"));
    let lines: String = rows.iter().map(|row| format!("{}\n", row.row)).collect();
    fs::write(&input, lines).with_context(|| format!("cannot write {}", input.display()))?;
    say::step("bench", format!("judging {} labelled programs", rows.len()));
    process::run(
        Command::new(workspace.restem())
            .args(["score", "--plugin", "apps-unit-tests", "--grant", "python"])
            // Faults have a column of their own.
            .args(["--max-fault-rate", "1"])
            .arg("--input")
            .arg(&input)
            .arg("--out")
            .arg(&output)
            .envs(exports::of_home(workspace)),
    )?;
    let judged = join(rows, &output)?;
    say::data(table::agreement(&judged));
    say::data(String::new());
    say::data(table::disagreements(&judged));
    Ok(())
}

/// Verdicts come in the order of the rows.
fn join(rows: Vec<Labelled>, verdicts: &Path) -> Result<Vec<Judged>> {
    let verdicts: Vec<Value> = fs::read(verdicts)?
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<_>>()?;
    ensure!(
        rows.len() == verdicts.len(),
        "{} rows, but {} verdicts",
        rows.len(),
        verdicts.len()
    );
    rows.into_iter()
        .zip(verdicts)
        .map(|(labelled, verdict)| {
            ensure!(labelled.row["id"] == verdict["id"], "verdicts in another order");
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Ok(match verdict["reward"].as_f64() {
                Some(reward) => Judged {
                    labelled,
                    passes: Some(reward >= 1.0),
                    note: text(&verdict["note"]),
                },
                None => Judged {
                    labelled,
                    passes: None,
                    note: text(&verdict["fault"]["message"]),
                },
            })
        })
        .collect()
}
