//! What the host remembers about one store: what the guest has used, logged and said about its panic.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use wasmtime::component::ResourceTable;
use wasmtime::{Engine, ResourceLimiter, Store, UpdateDeadline};

use restem_python::Interpreter;

use crate::epoch::EPOCH;
use crate::printable::printable;
use crate::python::PythonHost;
use crate::wasi::{Directories, Wasi};
use crate::{LimitExceeded, Limits};

/// A guest's panic, as it told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Panicked {
    pub(crate) message: String,
    pub(crate) file: String,
    pub(crate) line: u32,
}

/// Characters of a panic message that are kept.
const PANIC_CHARS: usize = 2_000;

/// A call took longer than the wall-clock backstop allows.
#[derive(Debug, thiserror::Error)]
#[error("the wall-clock backstop")]
pub(crate) struct WallClockExceeded;

/// Bytes that a plugin may hand to one Python run: a source and its input.
const PYTHON_TEXT_BYTES: usize = 128 << 20;

/// What a log line counts at least, however short: each is a call into the host.
const LEAST_LINE: u64 = 64;

/// Log lines of a call that are kept for the message of its fault.
const LAST_LINES: usize = 5;

/// Characters of each.
const LINE_CHARS: usize = 200;

/// State of one store.
#[derive(Debug)]
pub(crate) struct GuestState {
    memory_used: u64,
    memory_limit: u64,
    table_used: u64,
    table_limit: u64,
    log_used: u64,
    log_limit: u64,
    /// The last lines that this call logged.
    last_lines: VecDeque<String>,
    wall_clock: Duration,
    armed_at: Instant,
    /// What the guest holds handles of: programs that it has compiled, streams, files.
    pub(crate) resources: ResourceTable,
    /// The nested sandbox, where it was granted.
    pub(crate) python: Option<PythonHost>,
    /// What stands in for a system, where the guest imports one.
    pub(crate) wasi: Wasi,
    /// The panic that preceded a trap.
    pub(crate) panicked: Option<Panicked>,
}

impl GuestState {
    /// A store that keeps to `limits`.
    pub(crate) fn store(engine: &Engine, limits: &Limits, python: Option<&Interpreter>) -> Store<Self> {
        let mut store = Store::new(
            engine,
            Self {
                memory_used: 0,
                memory_limit: limits.memory_bytes,
                table_used: 0,
                table_limit: limits.table_elements,
                log_used: 0,
                log_limit: limits.log_bytes,
                last_lines: VecDeque::new(),
                wall_clock: limits.effective_wall_clock(),
                armed_at: Instant::now(),
                resources: ResourceTable::new(),
                python: python.map(|interpreter| PythonHost::new(interpreter.clone(), limits)),
                wasi: Wasi::new(Directories::default()),
                panicked: None,
            },
        );
        store.limiter(|state| state);
        let carried = if python.is_some() { PYTHON_TEXT_BYTES } else { 0 };
        store.set_max_component_handles(limits.resource_handles as usize);
        store.set_hostcall_fuel(hostcall_fuel(limits).max(carried));
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|context| {
            let state = context.data();
            match state.wall_clock.checked_sub(state.armed_at.elapsed()) {
                Some(left) => Ok(UpdateDeadline::Continue(
                    (left.as_nanos() / EPOCH.as_nanos()) as u64 + 1,
                )),
                None => Err(WallClockExceeded.into()),
            }
        });
        store
    }

    /// Begins a call: the clock and what is counted per call start anew.
    pub(crate) fn begin_call(&mut self) {
        self.arm();
        self.wasi.begin_call();
        self.last_lines.clear();
        self.panicked = None;
        if let Some(python) = &mut self.python {
            python.restart();
        }
    }

    /// Fuel of this call's Python runs.
    pub(crate) fn python_fuel(&self) -> u64 {
        self.python.as_ref().map_or(0, PythonHost::fuel_used)
    }

    /// Starts the backstop again: before each call, and after each host call.
    pub(crate) fn arm(&mut self) {
        self.armed_at = Instant::now();
    }

    /// Counts a log line, and keeps it for a while.
    pub(crate) fn log(&mut self, level: &str, text: &str) -> Result<(), LimitExceeded> {
        self.count_log(text.len())?;
        let line = format!("{level}: {}", printable(text.trim_end(), LINE_CHARS));
        let line = line.trim_end().to_owned();
        if self.last_lines.back() == Some(&line) {
            return Ok(());
        }
        if self.last_lines.len() == LAST_LINES {
            self.last_lines.pop_front();
        }
        self.last_lines.push_back(line);
        Ok(())
    }

    /// Keeps what a guest says of its panic. The first time is free: it is expected to trap then.
    pub(crate) fn panic(&mut self, message: &str, file: &str, line: u32) -> Result<(), LimitExceeded> {
        if self.panicked.is_some() {
            self.count_log(message.len() + file.len())?;
        }
        self.panicked = Some(Panicked {
            message: printable(message, PANIC_CHARS),
            file: printable(file, PANIC_CHARS),
            line,
        });
        Ok(())
    }

    /// The last lines that the call at hand logged, oldest first.
    pub(crate) fn last_lines(&self) -> impl ExactSizeIterator<Item = &str> {
        self.last_lines.iter().map(String::as_str)
    }

    /// Counts bytes that the guest wants said.
    pub(crate) fn count_log(&mut self, bytes: usize) -> Result<(), LimitExceeded> {
        let bytes = (bytes as u64).max(LEAST_LINE);
        take("log_bytes", &mut self.log_used, self.log_limit, bytes)
    }
}

/// Bytes that one host call or result may carry. Above `result_bytes`, so that our own check can name the exact size.
pub(crate) const fn hostcall_fuel(limits: &Limits) -> usize {
    let bytes = if limits.result_bytes > limits.log_bytes {
        limits.result_bytes
    } else {
        limits.log_bytes
    };
    4 * bytes as usize
}

fn take(name: &'static str, used: &mut u64, limit: u64, more: u64) -> Result<(), LimitExceeded> {
    let sum = used.saturating_add(more);
    if sum > limit {
        return Err(LimitExceeded {
            name,
            limit,
            current: *used,
            requested: more,
        });
    }
    *used = sum;
    Ok(())
}

impl ResourceLimiter for GuestState {
    // An error traps at once and with its numbers; `Ok(false)` would leave the guest to abort in its own words.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let more = desired.saturating_sub(current) as u64;
        take("memory_bytes", &mut self.memory_used, self.memory_limit, more)?;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let more = desired.saturating_sub(current) as u64;
        take("table_elements", &mut self.table_used, self.table_limit, more)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::{Instance, Module};

    use super::*;
    use crate::epoch::EpochTicker;

    /// A guest that loops with more fuel than its limits say, as if each unit took very long.
    fn loop_for_ever(wall_clock: Duration) -> wasmtime::Error {
        let limits = Limits::default()
            .with_fuel_per_task(10_000)
            .with_wall_clock(wall_clock);
        let engine = crate::engine::engine(&limits).unwrap();
        let _ticker = EpochTicker::start(&engine).unwrap();
        let text = wat::parse_str(r#"(module (func (export "f") (loop (br 0))))"#).unwrap();
        let module = Module::new(&engine, text).unwrap();
        let mut store = GuestState::store(&engine, &limits, None);
        store.set_fuel(u64::MAX / 2).unwrap();
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        let function = instance.get_typed_func::<(), ()>(&mut store, "f").unwrap();
        store.data_mut().arm();
        function.call(&mut store, ()).unwrap_err()
    }

    #[test]
    fn a_call_that_outlives_the_backstop_is_ended_and_named() {
        let begun = Instant::now();
        let error = loop_for_ever(Duration::from_millis(100));
        assert!(error.downcast_ref::<WallClockExceeded>().is_some(), "{error:#}");
        assert!(begun.elapsed() >= Duration::from_millis(100));
    }
}
