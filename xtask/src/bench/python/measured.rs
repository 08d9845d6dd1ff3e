//! One run of a side, in one process or several at once.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines, Write as _};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::job::{self, Job};
use super::row::Row;
use super::side::{Side, Sides};
use super::statistics;

/// What several processes that ran at once measured.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    /// Every test of every process.
    pub(crate) rows: Vec<Row>,
    /// Seconds until the last process was through.
    pub(crate) seconds: f64,
}

/// A test: the program's name and the number of its standard input.
pub(crate) type Test = (String, usize);

impl Sides {
    /// Runs a process of `side` for each list of jobs, all at once. None when this machine doesn't have that side.
    ///
    /// # Errors
    /// When a process fails or leaves out tests.
    pub(crate) fn measure(&self, side: Side, shares: &[&[Job]]) -> Result<Option<Measured>> {
        let mut workers = Vec::new();
        for (number, jobs) in shares.iter().enumerate() {
            let path = self.scratch.join(format!("jobs-{number}.jsonl"));
            job::write(&path, *jobs)?;
            let Some(mut command) = self.command(side) else {
                return Ok(None);
            };
            command.arg(path);
            workers.push(Worker::start(&mut command).with_context(|| side.name())?);
        }
        for worker in &mut workers {
            worker.wait_until_ready().with_context(|| side.name())?;
        }
        for worker in &mut workers {
            worker.go()?;
        }
        let mut measured = Measured::default();
        for (worker, jobs) in workers.into_iter().zip(shares) {
            let tests: usize = jobs.iter().map(|job| job.stdins.len() * job.repeats).sum();
            let (rows, seconds) = worker.finish().with_context(|| side.name())?;
            if rows.len() != tests {
                bail!("{}: {} results of {tests} tests", side.name(), rows.len());
            }
            measured.rows.extend(rows);
            measured.seconds = measured.seconds.max(seconds);
        }
        Ok(Some(measured))
    }
}

impl Measured {
    /// Tests per second, of all processes together.
    pub(crate) fn per_second(&self) -> f64 {
        self.rows.len() as f64 / self.seconds
    }

    /// Wall times in milliseconds.
    pub(crate) fn milliseconds(&self) -> Vec<f64> {
        self.rows.iter().map(|row| row.nanoseconds as f64 / 1e6).collect()
    }

    /// A figure of each test from those of its repeats.
    pub(crate) fn per_test(&self, figure: fn(&Row) -> f64, of: fn(&[f64]) -> f64) -> BTreeMap<Test, f64> {
        let mut values: BTreeMap<Test, Vec<f64>> = BTreeMap::new();
        for row in &self.rows {
            let test = (row.id.clone(), row.test);
            values.entry(test).or_default().push(figure(row));
        }
        values
            .into_iter()
            .map(|(test, values)| (test, of(&values)))
            .collect()
    }

    /// CPU time in milliseconds of each test (median of its repeats), by a side that measures that.
    pub(crate) fn cpu_milliseconds(&self) -> BTreeMap<Test, f64> {
        self.per_test(
            |row| row.cpu_nanoseconds.unwrap_or_default() as f64 / 1e6,
            statistics::median,
        )
    }

    /// Tests that end differently here than in `other`.
    pub(crate) fn disagreements(&self, other: &Self) -> Vec<Test> {
        let firsts = other.firsts();
        let differ = |row: &&Row| {
            firsts
                .get(&(row.id.clone(), row.test))
                .is_some_and(|known| !known.agrees_with(row))
        };
        let mut tests: Vec<_> = self
            .rows
            .iter()
            .filter(differ)
            .map(|row| (row.id.clone(), row.test))
            .collect();
        tests.sort();
        tests.dedup();
        tests
    }

    /// The first row of each test.
    pub(crate) fn firsts(&self) -> BTreeMap<Test, &Row> {
        let mut firsts = BTreeMap::new();
        for row in &self.rows {
            firsts.entry((row.id.clone(), row.test)).or_insert(row);
        }
        firsts
    }
}

/// A running process, killed when dropped before its end.
struct Worker {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Worker {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start it")?;
        let lines = BufReader::new(child.stdout.take().context("no standard output")?).lines();
        Ok(Self { child, lines })
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        match self.lines.next() {
            Some(line) if line.as_deref().is_ok_and(|line| line == "ready") => Ok(()),
            other => bail!("it does not get ready: {other:?}"),
        }
    }

    fn go(&mut self) -> Result<()> {
        let mut stdin = self.child.stdin.take().context("no standard input")?;
        Ok(stdin.write_all(b"\n")?)
    }

    /// The rows and the seconds that they took.
    fn finish(mut self) -> Result<(Vec<Row>, f64)> {
        let mut rows = Vec::new();
        let mut elapsed = None;
        for line in &mut self.lines {
            let line: Value = serde_json::from_str(&line?)?;
            match line["elapsed_nanoseconds"].as_u64() {
                Some(nanoseconds) => elapsed = Some(nanoseconds as f64 / 1e9),
                None => rows.push(Row::read(&line)?),
            }
        }
        let status = self.child.wait()?;
        if !status.success() {
            bail!("it failed: {status}");
        }
        Ok((rows, elapsed.context("it does not say how long it took")?))
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It has mostly ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
