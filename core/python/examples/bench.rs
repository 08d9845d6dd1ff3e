//! Runs tests in fresh instances, one after the other in this one process, and says how long each took: one side of
//! `cargo xtask bench python`, which starts one such process per core.
//!
//! `RESTEM_PYTHON_CACHE=DIR bench once|each JOBS.jsonl`: `once` compiles each program before the clock, `each` within
//! every test.
//!
//! A job has `id`, `source`, `stdins`, `repeats` and may have `fuel`. Prints `ready`, waits for a byte, then prints for each test
//! the job's `id`, the number of its `test`, `nanoseconds`, `ok` (finished, or exited with status 0), `digest` (sha256 of its standard
//! output), `outcome`, `fuel`; at the end `elapsed_nanoseconds` of all tests.
#![expect(
    clippy::result_large_err,
    reason = "how a program failed to compile is looked at once per program"
)]
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::time::Instant;

use restem_python::{CACHE_VARIABLE, Execution, Input, Interpreter, Outcome, Program, RunLimits};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[derive(Deserialize)]
struct Job {
    id: String,
    source: String,
    stdins: Vec<String>,
    repeats: usize,
    fuel: Option<u64>,
}

/// 200 s of the reference machine: no test of a benchmark is to end by it.
const FUEL: u64 = 200 * restem_python::FUEL_PER_SECOND;

impl Job {
    fn limits(&self) -> RunLimits {
        RunLimits::default().with_fuel(self.fuel.unwrap_or(FUEL))
    }

    fn compile(&self, interpreter: &Interpreter) -> Result<Program, Execution> {
        Program::compile(interpreter, &self.source, &self.limits())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let cache = std::env::var_os(CACHE_VARIABLE).ok_or("RESTEM_PYTHON_CACHE names no directory")?;
    let mut arguments = std::env::args().skip(1);
    let mode = arguments.next().ok_or("usage: bench once|each JOBS.jsonl")?;
    let compiled_before = match mode.as_str() {
        "once" => true,
        "each" => false,
        other => return Err(format!("`{other}` is neither `once` nor `each`").into()),
    };
    let jobs = arguments.next().ok_or("usage: bench once|each JOBS.jsonl")?;
    let jobs = BufReader::new(File::open(jobs)?)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<Vec<Job>, Box<dyn Error>>>()?;
    let interpreter = Interpreter::open(Path::new(&cache))?;
    let programs: Vec<_> = jobs
        .iter()
        .map(|job| compiled_before.then(|| job.compile(&interpreter)))
        .collect();

    println!("ready");
    std::io::stdin().read_exact(&mut [0])?;
    let repeats = jobs.iter().map(|job| job.repeats).max().unwrap_or_default();
    let mut rows = Vec::new();
    let began = Instant::now();
    for repeat in 0..repeats {
        for (job, program) in jobs.iter().zip(&programs) {
            if repeat >= job.repeats {
                continue;
            }
            for (test, stdin) in job.stdins.iter().enumerate() {
                let started = Instant::now();
                let execution = match program {
                    Some(Ok(program)) => program.run(Input::Stdin(stdin), &job.limits()),
                    // What is no Python fails in every test anew, as it does on other sides.
                    Some(Err(_)) | None => match job.compile(&interpreter) {
                        Ok(program) => program.run(Input::Stdin(stdin), &job.limits()),
                        Err(failed) => failed,
                    },
                };
                rows.push((&job.id, test, started.elapsed().as_nanos(), execution));
            }
        }
    }
    let elapsed = began.elapsed().as_nanos();
    for (id, test, nanoseconds, execution) in rows {
        println!("{}", row(id, test, u64::try_from(nanoseconds)?, &execution));
    }
    println!("{}", json!({"elapsed_nanoseconds": u64::try_from(elapsed)?}));
    Ok(())
}

fn row(id: &str, test: usize, nanoseconds: u64, execution: &Execution) -> Value {
    json!({
        "id": id,
        "test": test,
        "nanoseconds": nanoseconds,
        "ok": matches!(execution.outcome, Outcome::Finished | Outcome::Exit { code: 0 }),
        "digest": hex(&Sha256::digest(&execution.stdout)),
        "outcome": format!("{:?}", execution.outcome),
        "fuel": execution.fuel,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
