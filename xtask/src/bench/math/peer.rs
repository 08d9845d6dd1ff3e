//! Math-Verify, the grader that ours is measured against: installed once, run in a process that can be killed.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::cache::Cache;
use crate::python::{self, Python};
use crate::{process, say};

use super::row::Row;
use super::settings::Peer;
use super::verdict::{Outcome, Verdict};

/// The release that is measured; its own requirements are pinned by what it asks for.
pub(crate) const VERSION: &str = "0.9.0";

const PACKAGE: &str = "math-verify";

/// The judging loop, written out where Python can find it.
const SCRIPT: &str = include_str!("math_verify.py");

/// Math-Verify gives itself 5 s for each of three steps, by an alarm that waits for long multiplications to end.
const LONGEST: Duration = Duration::from_secs(20);

/// Importing SymPy takes seconds.
const LONGEST_START: Duration = Duration::from_secs(120);

/// Installs Math-Verify in the cache, unless it is there.
///
/// # Errors
/// When there is no Python, or pip fails.
pub(crate) fn install(cache: &Cache) -> Result<Python> {
    let name = format!("{PACKAGE}-{VERSION}");
    let python = Python::at(cache.entry(&name).join("bin").join("python"));
    // The distribution and the package are spelt differently: only pip knows the version.
    let pinned = format!("{PACKAGE}=={VERSION}");
    let has_it = |python: &Python| {
        process::capture(python.command().args(["-m", "pip", "freeze"]))
            .is_ok_and(|listed| listed.lines().any(|line| line == pinned))
    };
    if has_it(&python) {
        return Ok(python);
    }
    say::step("bench", format!("installing {pinned} into the cache"));
    let outer = python::required_for("Math-Verify")?;
    // In place, not by rename: a virtual environment holds its own path.
    process::run(
        outer
            .command()
            .args(["-m", "venv", "--clear"])
            .arg(cache.entry(&name)),
    )?;
    process::run(
        python
            .command()
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .arg(&pinned),
    )
    .with_context(|| format!("pip could not install {pinned}: is the package index reachable?"))?;
    Ok(python)
}

/// Judges every row, in order. A row that takes longer than Math-Verify's own limits is not accepted.
///
/// # Errors
/// When Python does not start, or dies of anything but a row that takes too long.
pub(crate) fn judge(python: &Python, rows: &[Row], scratch: &Path) -> Result<Vec<Verdict>> {
    let script = scratch.join("math_verify_rows.py");
    std::fs::write(&script, SCRIPT)?;
    let mut judge = Judge::start(python, &script)?;
    let mut verdicts = Vec::with_capacity(rows.len());
    for row in rows {
        let verdict = match judge.row(row)? {
            Some(verdict) => verdict,
            None => {
                say::step(
                    "bench",
                    format!(
                        "Math-Verify did not end within {} s on {}",
                        LONGEST.as_secs(),
                        row.id
                    ),
                );
                judge = Judge::start(python, &script)?;
                Verdict {
                    outcome: Outcome::Undecided,
                    rule: "did not end".to_owned(),
                    nanoseconds: u64::try_from(LONGEST.as_nanos())?,
                    ..Verdict::default()
                }
            }
        };
        verdicts.push(verdict);
    }
    Ok(verdicts)
}

/// A running Python, killed when dropped.
struct Judge {
    child: Child,
    input: ChildStdin,
    output: Receiver<String>,
}

impl Judge {
    fn start(python: &Python, script: &PathBuf) -> Result<Self> {
        let mut child = python
            .command()
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start Python")?;
        let input = child.stdin.take().context("Python has no standard input")?;
        let lines = BufReader::new(child.stdout.take().context("Python has no standard output")?);
        let (sender, output) = channel();
        // Ends with the pipe, when the child does.
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let judge = Self { child, input, output };
        match judge.output.recv_timeout(LONGEST_START) {
            Ok(_) => Ok(judge),
            Err(error) => bail!("Math-Verify does not start: {error}"),
        }
    }

    /// None when it takes too long.
    fn row(&mut self, row: &Row) -> Result<Option<Verdict>> {
        let Peer {
            targets,
            float_rounding,
        } = row.settings.theirs;
        let asked = json!({
            "gold": row.gold, "output": row.output, "targets": targets, "float_rounding": float_rounding,
        });
        writeln!(self.input, "{asked}").with_context(|| format!("Math-Verify died before {}", row.id))?;
        match self.output.recv_timeout(LONGEST) {
            Ok(line) => Ok(Some(read(&serde_json::from_str(&line)?)?)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => bail!("Math-Verify died on {}", row.id),
        }
    }
}

impl Drop for Judge {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(line: &Value) -> Result<Verdict> {
    let flag = |name: &str| {
        line[name]
            .as_bool()
            .with_context(|| format!("no `{name}` in {line}"))
    };
    Ok(Verdict {
        outcome: if flag("equal")? {
            Outcome::Equal
        } else if !flag("gold_read")? {
            Outcome::BadReference
        } else if flag("answer_found")? {
            Outcome::Different
        } else {
            Outcome::NoAnswer
        },
        found: line["answer"].as_str().map(str::to_owned),
        nanoseconds: line["nanoseconds"].as_u64().context("no time")?,
        ..Verdict::default()
    })
}
