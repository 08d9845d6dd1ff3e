//! The worker process: reads tasks from standard input, judges them, writes rows to standard output.

use std::io::{self, BufWriter, Read, Write};
use std::time::{Duration, Instant};

use restem_em::Flow;
use restem_python::Interpreter;
use wasmtime::component::Component;

use crate::api::RawTask;
use crate::epoch::EpochTicker;
use crate::program::Program;
use crate::protocol::{Batch, Compile, Compiled, Order, Start, Started, WireRow};
use crate::wasi::Directory;
use crate::{Plugin, RewardError, cache, engine, frame, sandbox};

/// The hidden subcommand that makes a program a worker.
pub const SUBCOMMAND: &str = "__reward-worker";

/// Rows are handed over when this much time has passed, even if there are few: the pool watches for signs of life.
const FLUSH_EVERY: Duration = Duration::from_millis(10);

/// A module of two empty functions: compiling it starts the compiler's threads, where it has any.
const TWO_FUNCTIONS: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x03\x02\0\0\x0a\x07\x02\x02\0\x0b\x02\0\x0b";

/// Runs this process as a worker, if its arguments say so.
///
/// A program that makes a [`crate::Pool`] calls this first thing in `main` and ends with the code that it returns.
#[must_use]
pub fn run_if_asked() -> Option<std::process::ExitCode> {
    (std::env::args_os().nth(1)? == SUBCOMMAND).then(main)
}

/// Runs this process as a worker until its standard input ends.
///
/// The exit code is a failure when the pipes broke; the pool sees that and says so.
#[must_use]
pub fn main() -> std::process::ExitCode {
    // The pool may go away at any time: then there is nobody left to tell.
    match serve(&mut io::stdin().lock(), &mut io::stdout().lock()) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(_) => std::process::ExitCode::FAILURE,
    }
}

fn serve(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut to = BufWriter::new(to);
    let start = match frame::read::<Order>(from)? {
        None => return Ok(()),
        Some(Order::Compile(order)) => {
            frame::write(&mut to, &compile(&order))?;
            return to.flush();
        }
        Some(Order::Judge(start)) => *start,
    };
    let plugin = match prepare(start) {
        Ok(plugin) => plugin,
        Err(error) => {
            frame::write(&mut to, &Started::Failed(error.to_string()))?;
            return to.flush();
        }
    };
    frame::write(&mut to, &Started::Ready)?;
    to.flush()?;
    while let Some(batch) = frame::read::<Batch>(from)? {
        judge(&plugin, &batch, &mut to)?;
        to.flush()?;
    }
    Ok(())
}

/// Compiles a component, shut in like a judge and with a limit of memory.
fn compile(order: &Compile) -> Compiled {
    let engine = match engine::engine(&order.limits) {
        Ok(engine) => engine,
        Err(error) => return Compiled::Failed(error.to_string()),
    };
    sandbox::before_compiling();
    sandbox::before_threads(&[]);
    // Its outcome does not matter: the threads that it starts do, since none can be started later.
    let _ = engine.precompile_module(TWO_FUNCTIONS);
    sandbox::after_threads(false);
    let code = Component::from_binary(&engine, &order.component).and_then(|component| component.serialize());
    match code {
        Ok(code) => Compiled::Code(code),
        Err(error) => Compiled::Failed(format!("{error:#}")),
    }
}

/// Makes the engine, maps the interpreter, opens what was granted, and shuts the process in; only then is the plugin's code mapped.
fn prepare(start: Start) -> Result<Plugin, RewardError> {
    let engine = engine::engine(&start.settings.limits)?;
    let python = match &start.settings.python_dir {
        Some(dir) => Some(Interpreter::open(dir)?),
        None => None,
    };
    let directories = start.settings.directories.iter().map(Directory::open);
    let directories = directories.collect::<Result<Vec<_>, _>>()?;
    sandbox::before_threads(&directories);
    let ticker = EpochTicker::start(&engine).map_err(|error| RewardError::Engine {
        what: format!("no thread for its clock: {error}"),
    })?;
    sandbox::after_threads(!directories.is_empty());
    let component = cache::from_parent(&engine, &start.code)?;
    let settings = start.settings;
    let program = Program::link(
        &settings.identity.name,
        engine,
        ticker,
        component,
        settings.limits.clone(),
        python,
    )?
    .with_directories(directories);
    Ok(Plugin { program, settings })
}

fn judge(plugin: &Plugin, batch: &Batch, to: &mut impl Write) -> io::Result<()> {
    let mut flushed = Instant::now();
    for task in batch {
        let raw = RawTask {
            id: &task.id,
            prompt: task.prompt.as_deref(),
            reference: task.reference.as_deref(),
            metadata: &task.metadata,
        };
        let completions = task
            .completions
            .iter()
            .map(|(k, completion)| (*k, completion.as_str()));
        let mut outcome = Ok(());
        plugin.score_raw(&raw, completions, &mut |_, verdict, fuel| {
            let row = WireRow {
                verdict: verdict.into(),
                fuel,
            };
            outcome = frame::write(to, &row).and_then(|()| {
                if flushed.elapsed() < FLUSH_EVERY {
                    return Ok(());
                }
                flushed = Instant::now();
                to.flush()
            });
            if outcome.is_ok() {
                Flow::Continue
            } else {
                Flow::Stop
            }
        });
        outcome?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_module_that_starts_threads_is_one() {
        let text = "(module (func) (func))";
        assert_eq!(super::TWO_FUNCTIONS, wat::parse_str(text).unwrap());
    }
}
