//! `cargo xtask bench math`: math-equivalence beside Math-Verify, on the same rows in one run.
//!
//! Both sides run one row after the other in one process: ours natively (`judge_rows`) and in WebAssembly (`time_rows`),
//! then Math-Verify in a Python of its own.

mod disagreements;
mod gold;
mod judged;
mod peer;
mod reading;
mod row;
mod settings;
mod table;
mod tally;
mod verdict;

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::Value;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{artifacts, process, say};

use judged::Judged;
use reading::Reading;
use row::Row;
use verdict::Verdict;

const PLUGIN: &str = "math-equivalence";

/// What is measured and where it goes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// At most so many rows of each data set, evenly spread
    #[arg(long, value_name = "N")]
    rows: Option<usize>,
    /// Write the tables there as well
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Also list, for people to read, every row where our verdict is not the label's
    #[arg(long, value_name = "DIR")]
    disagreements: Option<PathBuf>,
    /// Without Math-Verify
    #[arg(long)]
    alone: bool,
}

/// Judges the rows on every side and prints the tables.
///
/// # Errors
/// When the data is missing, a build or a side fails, or our two builds give different verdicts.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, options: &Options) -> Result<()> {
    let rows = row::rows(workspace, options.rows)?;
    let scratch = workspace.target().join("bench").join("math");
    fs::create_dir_all(&scratch)?;
    let file = scratch.join("rows.jsonl");
    write_rows(&file, &rows)?;

    artifacts::build_plugins(workspace, cache)?;
    let native = ours(
        super::example(workspace, PLUGIN, "judge_rows").arg(&file),
        &scratch.join("native.jsonl"),
        &rows,
        Verdict::from_native,
    )?;
    let wasm = ours(
        super::example(workspace, "restem-reward", "time_rows")
            .arg(workspace.plugin(PLUGIN))
            .arg(&file),
        &scratch.join("wasm.jsonl"),
        &rows,
        Verdict::from_wasm,
    )?;
    let peer = if options.alone {
        vec![None; rows.len()]
    } else {
        let python = peer::install(cache)?;
        say::step("bench", format!("Math-Verify judges {} rows", rows.len()));
        peer::judge(&python, &rows, &scratch)?
            .into_iter()
            .map(Some)
            .collect()
    };
    let judged = join(rows, native, wasm, peer)?;

    let reading = Reading::from_file(
        &workspace
            .root()
            .join("plugins")
            .join(PLUGIN)
            .join("disagreements.md"),
    )?;
    if let Some(folder) = &options.disagreements {
        let progress = disagreements::write(folder, &judged, &reading)?;
        say::step(
            "bench",
            format!(
                "{} disagreements have no class in disagreements.md, {} classified rows agree by now: see {}",
                progress.unread,
                progress.settled,
                folder.display()
            ),
        );
    }
    let tables = table::all(&judged, &reading);
    if let Some(path) = &options.out {
        fs::write(path, format!("{tables}\n")).with_context(|| format!("cannot write {}", path.display()))?;
    }
    say::data(tables);
    Ok(())
}

fn write_rows(path: &Path, rows: &[Row]) -> Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    for row in rows {
        writeln!(file, "{}", row.to_json()?)?;
    }
    Ok(file.flush()?)
}

/// Runs one of our programs, which writes a line for each row.
fn ours(
    command: &mut std::process::Command,
    output: &Path,
    rows: &[Row],
    read: fn(&Value) -> Result<Verdict>,
) -> Result<Vec<Verdict>> {
    process::run(command.stdout(File::create(output)?))?;
    let text = fs::read_to_string(output)?;
    let mut verdicts = Vec::with_capacity(rows.len());
    for (line, row) in text.lines().zip(rows) {
        let line: Value = serde_json::from_str(line)?;
        if line["id"] != row.id.as_str() {
            bail!("the verdict on {} is about {}", row.id, line["id"]);
        }
        verdicts.push(read(&line)?);
    }
    if verdicts.len() != rows.len() {
        bail!("{} verdicts on {} rows", verdicts.len(), rows.len());
    }
    Ok(verdicts)
}

fn join(
    rows: Vec<Row>,
    native: Vec<Verdict>,
    wasm: Vec<Verdict>,
    peer: Vec<Option<Verdict>>,
) -> Result<Vec<Judged>> {
    let mut judged = Vec::with_capacity(rows.len());
    for (((row, native), wasm), peer) in rows.into_iter().zip(native).zip(wasm).zip(peer) {
        if native.accepts() != wasm.accepts() {
            bail!(
                "{} is {} natively and {} in WebAssembly",
                row.id,
                native.outcome.name(),
                wasm.outcome.name()
            );
        }
        judged.push(Judged {
            row,
            native,
            wasm,
            peer,
        });
    }
    Ok(judged)
}
