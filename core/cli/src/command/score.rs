//! `restem score`: rows in, verdicts out.

use std::collections::{BTreeMap, VecDeque};
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use anyhow::Context as _;
use restem_data::keep_digits;
use restem_em::{Fault, FaultClass, Flow, ProblemId, Verdict, VerdictRow, VerifierIdentity, VerifyTask};
use restem_reward::{Isolation, Item, LOCK_FILE, Limits};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::args::{IsolationArg, ScoreArgs};
use crate::config::{Config, Layers, RewardSection};
use crate::judge_items::judge_items;
use crate::numbers::{duration, grouped};
use crate::reward;
use crate::settings::{setting, settings};

/// Too many faults.
const FAULTS: u8 = 3;

/// Bytes of a line: a longer one is a fault, not a reason to fill the memory.
const MAX_LINE: u64 = 64 << 20;

/// An input row.
#[derive(Debug, Deserialize)]
struct InputRow {
    id: Value,
    #[serde(default)]
    prompt: Option<String>,
    #[serde(default)]
    reference: Option<Value>,
    #[serde(default)]
    metadata: Map<String, Value>,
    #[serde(default)]
    completion: Option<String>,
    #[serde(default)]
    completions: Option<Vec<String>>,
}

/// An output line; the field order is the documented one.
#[derive(Debug, Serialize)]
struct OutputRow<'a> {
    id: &'a str,
    index: u32,
    status: &'static str,
    reward: Option<f64>,
    answer: Option<&'a str>,
    note: Option<&'a str>,
    parts: Map<String, Value>,
    fault: Option<&'a Fault>,
    fuel: u64,
    plugin: PluginName<'a>,
}

#[derive(Debug, Serialize)]
struct PluginName<'a> {
    name: &'a str,
    version: &'a str,
    sha256: restem_em::Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    interpreter: Option<&'a str>,
    /// Digests of the directories that it may read.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    directories: &'a BTreeMap<String, restem_em::Digest>,
    /// The parts of a combination.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parts: BTreeMap<&'a str, PluginName<'a>>,
}

impl<'a> PluginName<'a> {
    fn of(identity: &'a VerifierIdentity) -> Self {
        Self {
            name: &identity.name,
            version: &identity.version,
            sha256: identity.sha256,
            interpreter: identity.interpreter.as_deref(),
            directories: &identity.directories,
            parts: identity
                .members
                .iter()
                .map(|(part, identity)| (part.as_str(), Self::of(identity)))
                .collect(),
        }
    }
}

#[derive(Debug, Default)]
struct Tally {
    rows: u64,
    faults: u64,
    reward: f64,
    first_fault: Option<String>,
}

pub(crate) fn score(args: &ScoreArgs) -> anyhow::Result<ExitCode> {
    let mut judge = reward::open(&rewards(args)?)?;
    let identity = judge.verifier().identity().clone();
    let input: Box<dyn BufRead + Send> = match &args.input {
        None => Box::new(BufReader::new(std::io::stdin())),
        Some(path) => {
            let file =
                File::open(path).with_context(|| format!("the input {} can't be read", path.display()))?;
            Box::new(BufReader::new(file))
        }
    };
    let mut output: Box<dyn Write> = match &args.out {
        None => Box::new(BufWriter::new(std::io::stdout())),
        Some(path) => {
            let file = File::create(path).with_context(|| format!("{} can't be written", path.display()))?;
            Box::new(BufWriter::new(file))
        }
    };
    let begun = Instant::now();
    let mut tally = Tally::default();
    let mut failed: Option<std::io::Error> = None;
    let unreadable = Arc::new(Mutex::new(None));
    let items = Items {
        input,
        line: 0,
        ready: VecDeque::new(),
        unreadable: Arc::clone(&unreadable),
    };
    judge_items(&mut judge, items, &mut |row| {
        tally.add(&row);
        match write_row(&mut output, &row, &identity) {
            Ok(()) => Flow::Continue,
            Err(error) => {
                failed = Some(error);
                Flow::Stop
            }
        }
    })?;
    if let Some(error) = failed.or_else(|| output.flush().err()) {
        // A reader that has seen enough (`| head`) is no failure.
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            return Ok(ExitCode::SUCCESS);
        }
        return Err(error).context("the verdicts can't be written");
    }
    if let Some(error) = unreadable.lock().ok().and_then(|mut slot| slot.take()) {
        return Err(error).with_context(|| format!("the input can't be read beyond row {}", tally.rows));
    }
    if !args.quiet {
        tally.tell(&identity, begun)?;
    }
    tally.exit(args.max_fault_rate)
}

/// What is to judge: the tables of `--config-file`, or one that the flags describe.
fn rewards(args: &ScoreArgs) -> anyhow::Result<Config> {
    let Some(path) = &args.config_file else {
        return Ok(Config {
            reward: vec![section(args)?],
            ..Config::default()
        });
    };
    let mut config = Layers::default()
        .file(path)?
        .environment(std::env::vars())?
        .resolve()?
        .config;
    if args.workers > 0 {
        config
            .reward
            .iter_mut()
            .for_each(|reward| reward.workers = args.workers);
    }
    Ok(config)
}

fn section(args: &ScoreArgs) -> anyhow::Result<RewardSection> {
    let mut limits = serde_json::to_value(Limits::default())?;
    for pair in &args.limit {
        let (key, value) = setting(pair, "--limit")?;
        limits[key.as_str()] = value;
    }
    Ok(RewardSection {
        plugin: args.plugin.clone().unwrap_or_default(),
        config: settings(&args.config, "--config")?,
        grant: args.grant.clone(),
        limits: serde_json::from_value(limits).map_err(|error| anyhow::anyhow!("--limit: {error}"))?,
        isolation: match args.isolation {
            IsolationArg::Task => Isolation::Task,
            IsolationArg::Completion => Isolation::Completion,
        },
        workers: args.workers,
        lock: Some(PathBuf::from(LOCK_FILE)),
        ..RewardSection::default()
    })
}

/// Reads rows as items; a line that can't be read is a fault in its place.
struct Items {
    input: Box<dyn BufRead + Send>,
    line: u64,
    ready: VecDeque<Item>,
    unreadable: Arc<Mutex<Option<std::io::Error>>>,
}

impl Iterator for Items {
    type Item = Item;

    fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.ready.pop_front() {
                return Some(item);
            }
            let mut line = Vec::new();
            match std::io::Read::take(&mut self.input, MAX_LINE).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {
                    self.line += 1;
                    if line.len() as u64 == MAX_LINE && line.last() != Some(&b'\n') {
                        self.skip_rest_of_line();
                        let limit =
                            format!("longer than {MAX_LINE} bytes; split its completions over several rows");
                        self.ready.push_back(self.fault(limit));
                    } else if !line.iter().all(u8::is_ascii_whitespace) {
                        let item = self.item(&line);
                        self.ready.push_back(item);
                    }
                }
                Err(error) => {
                    if let Ok(mut slot) = self.unreadable.lock() {
                        *slot = Some(error);
                    }
                    return None;
                }
            }
        }
    }
}

impl Items {
    fn skip_rest_of_line(&mut self) {
        loop {
            let Ok(buffer) = self.input.fill_buf() else { return };
            let (used, done) = match buffer.iter().position(|byte| *byte == b'\n') {
                Some(at) => (at + 1, true),
                None => (buffer.len(), buffer.is_empty()),
            };
            self.input.consume(used);
            if done {
                return;
            }
        }
    }

    fn item(&self, line: &[u8]) -> Item {
        let task = match std::str::from_utf8(line) {
            Ok(text) => row(text),
            Err(error) => Err(no_row(&format!("byte {} is not UTF-8", error.valid_up_to() + 1))),
        };
        match task {
            Ok(task) => Item::Judge(task),
            Err(message) => self.fault(message),
        }
    }

    fn fault(&self, message: String) -> Item {
        Item::Known(VerdictRow {
            problem: ProblemId::new(format!("line {}", self.line)),
            k: 0,
            verdict: Verdict::fault(
                FaultClass::MalformedInput,
                format!("line {}: {message}", self.line),
            ),
            fuel: 0,
        })
    }
}

/// The task of an input line, or what is wrong with the line.
pub(super) fn row(line: &str) -> Result<VerifyTask, String> {
    serde_json::from_str::<InputRow>(&keep_digits(line))
        .map_err(|error| no_row(&error.to_string()))
        .and_then(task)
}

fn no_row(why: &str) -> String {
    format!("not a row ({why}); a row has `id` and `completion` or `completions`")
}

fn task(row: InputRow) -> Result<VerifyTask, String> {
    let text = |value: Value, field: &str| match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(format!("`{field}` is {other}: text or a number is expected")),
    };
    let completions = match (row.completion, row.completions) {
        (Some(one), None) => vec![one],
        (None, Some(several)) => several,
        (None, None) => return Err("neither `completion` nor `completions`".to_owned()),
        (Some(_), Some(_)) => return Err("both `completion` and `completions`: give one of them".to_owned()),
    };
    let reference = match row.reference {
        None | Some(Value::Null) => None,
        Some(value) => Some(text(value, "reference")?),
    };
    Ok(VerifyTask {
        problem: ProblemId::new(text(row.id, "id")?),
        prompt: row.prompt,
        reference,
        metadata: row.metadata,
        completions: (0..).zip(completions).collect(),
    })
}

fn write_row(output: &mut dyn Write, row: &VerdictRow, identity: &VerifierIdentity) -> std::io::Result<()> {
    let (score, fault) = match &row.verdict {
        Verdict::Scored(score) => (Some(score), None),
        Verdict::Fault { fault } => (None, Some(fault)),
    };
    let parts = score.map(|score| &score.parts[..]).unwrap_or_default();
    let line = OutputRow {
        id: row.problem.as_str(),
        index: row.k,
        status: if fault.is_some() { "fault" } else { "scored" },
        reward: score.map(|score| score.reward),
        answer: score.and_then(|score| score.answer.as_deref()),
        note: score.and_then(|score| score.note.as_deref()),
        parts: parts
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(*value)))
            .collect(),
        fault,
        fuel: row.fuel,
        plugin: PluginName::of(identity),
    };
    serde_json::to_writer(&mut *output, &line)?;
    output.write_all(b"\n")
}

impl Tally {
    fn add(&mut self, row: &VerdictRow) {
        self.rows += 1;
        match &row.verdict {
            Verdict::Scored(score) => self.reward += score.reward,
            Verdict::Fault { fault } => {
                self.faults += 1;
                self.first_fault
                    .get_or_insert_with(|| format!("`{}`, completion {}: {fault}", row.problem, row.k));
            }
        }
    }

    fn tell(&self, identity: &VerifierIdentity, begun: Instant) -> std::io::Result<()> {
        let took = begun.elapsed();
        let scored = self.rows - self.faults;
        writeln!(
            std::io::stderr(),
            "{} {} (sha256 {}): {} rows scored, mean reward {:.4}, {} faults, in {}, {:.0} rows/s",
            identity.name,
            identity.version,
            identity.sha256.short(),
            grouped(scored),
            self.reward / scored.max(1) as f64,
            grouped(self.faults),
            duration(took),
            self.rows as f64 / took.as_secs_f64().max(1e-9),
        )
    }

    fn exit(&self, max_fault_rate: f64) -> anyhow::Result<ExitCode> {
        let Some(first) = self
            .first_fault
            .as_ref()
            .filter(|_| self.faults as f64 > max_fault_rate * self.rows as f64)
        else {
            return Ok(ExitCode::SUCCESS);
        };
        writeln!(
            std::io::stderr(),
            "error: {} of {} rows are faults, above --max-fault-rate {max_fault_rate}\n  first: {first}\n  hint: every row \
             was written; look at those with \"status\":\"fault\"",
            self.faults,
            self.rows
        )?;
        Ok(ExitCode::from(FAULTS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Item> {
        let input = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        Items {
            input,
            line: 0,
            ready: VecDeque::new(),
            unreadable: Arc::default(),
        }
        .collect()
    }

    fn message(item: &Item) -> String {
        match item {
            Item::Known(VerdictRow {
                verdict: Verdict::Fault { fault },
                ..
            }) => fault.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn bad_lines_are_faults_in_their_place() {
        let items = read(
            "{\"id\": 1, \"completion\": \"a\"}\nnonsense\n\n{\"id\": \"x\"}\n{\"id\": [], \"completions\": [\"a\"]}\n\
             {\"id\": \"y\", \"completions\": [\"a\", \"b\"], \"reference\": 7}\n",
        );
        assert_eq!(items.len(), 5);
        insta::assert_snapshot!(message(&items[1]), @"malformed_input: line 2: not a row (expected ident at line 1 column 2); a row has `id` and `completion` or `completions`");
        insta::assert_snapshot!(message(&items[2]), @"malformed_input: line 4: neither `completion` nor `completions`");
        insta::assert_snapshot!(message(&items[3]), @"malformed_input: line 5: `id` is []: text or a number is expected");
        match &items[4] {
            Item::Judge(task) => {
                assert_eq!(task.completions.len(), 2);
                assert_eq!(task.reference.as_deref(), Some("7"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn no_digit_of_an_integer_is_lost() {
        let items = read(
            "{\"id\": 1, \"reference\": 123456789012345678901234567890, \"completion\": \"a\",
             \"metadata\": {\"level\": 3, \"tests\": [123456789012345678901234567890]}}"
                .replace('\n', " ")
                .as_str(),
        );
        match &items[..] {
            [Item::Judge(task)] => {
                assert_eq!(task.reference.as_deref(), Some("123456789012345678901234567890"));
                assert_eq!(task.metadata["level"], 3);
                assert_eq!(task.metadata["tests"], "[123456789012345678901234567890]");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_line_that_is_not_utf_8_is_a_fault_that_says_where() {
        let input = Box::new(std::io::Cursor::new(b"{\"id\": \"\xff\"}\n".to_vec()));
        let items = Items {
            input,
            line: 0,
            ready: VecDeque::new(),
            unreadable: Arc::default(),
        };
        let messages: Vec<_> = items.map(|item| message(&item)).collect();
        insta::assert_snapshot!(messages.join("\n"), @"malformed_input: line 1: not a row (byte 9 is not UTF-8); a row has `id` and `completion` or `completions`");
    }
}
