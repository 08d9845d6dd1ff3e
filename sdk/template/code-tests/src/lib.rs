//! A completion is right when its program prints what the problem's tests expect.
//!
//! A problem carries its tests: `"metadata": {"tests": [{"input": "1 2\n", "output": "3\n"}]}`. Programs run in restem's
//! Python sandbox, a fresh interpreter per test. What is expected stays here: a program never sees it.

mod extract;
mod outcome;

use restem_sdk::prelude::*;
use restem_sdk::python::{Limits, Program};
use restem_sdk::serde_json;

/// What a program may use in one test.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Config {
    /// Seconds of restem's reference machine. They are counted in instructions, so that every machine agrees.
    pub seconds: f64,
    /// MiB of memory. The interpreter itself takes about 50.
    pub memory_mib: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            seconds: 4.0,
            memory_mib: 256,
        }
    }
}

/// Standard input of a program, and the standard output that is expected.
#[derive(Debug, Deserialize)]
struct Test {
    input: String,
    output: String,
}

/// The plugin.
#[derive(Debug)]
pub struct MyReward {
    limits: Limits,
}

impl Reward for MyReward {
    type Config = Config;

    fn open(config: Config) -> Result<Self, ConfigError> {
        if !(config.seconds > 0.0 && config.seconds <= 1000.0) {
            return Err(ConfigError::new("`seconds`: more than 0, at most 1000"));
        }
        if !(64..=4096).contains(&config.memory_mib) {
            return Err(ConfigError::new("`memory_mib`: from 64 to 4096"));
        }
        let limits = Limits::default().with_seconds(config.seconds);
        Ok(Self {
            limits: limits.with_memory_bytes(config.memory_mib << 20),
        })
    }

    // Tests are read once for all completions of a problem.
    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
        let tests = tests_of(task)?;
        Ok(Checker::new(move |completion| {
            Ok(self.judge(&tests, completion))
        }))
    }

    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
        self.prepare(task)?.score(completion)
    }
}

impl MyReward {
    /// Whatever a program does is a score: a loop, a crash and a wrong answer are all worth 0.
    fn judge(&self, tests: &[Test], completion: &str) -> Score {
        let program = match Program::compile(extract::program(completion), &self.limits) {
            Ok(program) => program,
            Err(failed) => {
                let why = outcome::words(&failed.outcome);
                return Score::when(false)
                    .with_note(format!("the program does not compile: {why}"));
            }
        };
        for (number, test) in (1..).zip(tests) {
            let ran = program.run(&test.input, &self.limits);
            let why = if !outcome::is_good(&ran.outcome) {
                outcome::words(&ran.outcome)
            } else if ran.stdout.trim_end() != test.output.trim_end() {
                format!("it printed {:?}", ran.stdout)
            } else {
                continue;
            };
            return Score::when(false)
                .with_note(format!("test {number} of {}: {why}", tests.len()));
        }
        Score::when(true).with_note(format!("passed {} tests", tests.len()))
    }
}

fn tests_of(task: &Task) -> Result<Vec<Test>, Fault> {
    let id = &task.id;
    let tests = task.metadata.get("tests").ok_or_else(|| {
        Fault::malformed_problem(format!("problem `{id}` has no `tests` in its metadata"))
    })?;
    let tests: Vec<Test> = serde_json::from_value(tests.clone())
        .map_err(|error| Fault::malformed_problem(format!("problem `{id}`, `tests`: {error}")))?;
    if tests.is_empty() {
        return Err(Fault::malformed_problem(format!(
            "problem `{id}` has an empty list of tests"
        )));
    }
    Ok(tests)
}

restem_sdk::export!(MyReward);

#[cfg(test)]
mod judged;
