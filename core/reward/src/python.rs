//! The `python` capability: what a plugin asks of the nested sandbox, counted and bounded.
//!
//! Time is fuel: the fuel of every run counts against `python_fuel_per_task` of the call into the plugin that asked for
//! it. What is nobody's verdict (a limit of the user's, the wall clock, trouble of ours) ends that call as a fault.

use std::time::Duration;

use restem_python::{Execution, FUEL_PER_SECOND, Input, Interpreter, Outcome, Program, RunLimits};

use crate::{LimitExceeded, Limits};

/// Programs that a store may hold at once.
const PROGRAMS: u64 = 64;

/// What a run counts against the fuel limit beyond its own fuel, which may be none: entering an interpreter takes the reference
/// machine about as long as this much fuel.
const ENTRY_FUEL: u64 = 5_000_000;

/// The wall-clock backstop leaves a run this many times the duration of its fuel on the reference machine.
const WALL_CLOCK_FACTOR: u32 = 20;

/// No run is stopped by the clock before this.
const LEAST_WALL_CLOCK: Duration = Duration::from_secs(30);

/// Trouble that is no verdict on a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum PythonTrouble {
    /// The wall-clock backstop of a run.
    #[error("a Python run took longer than {} s", .0.as_secs_f64())]
    WallClock(Duration),
    /// Trouble of the host's own.
    #[error("{0}")]
    Host(String),
}

/// A store's access to the interpreter.
#[derive(Debug)]
pub(crate) struct PythonHost {
    interpreter: Interpreter,
    fuel_limit: u64,
    memory_limit: u64,
    output_limit: u64,
    fuel_used: u64,
    /// Runs and compilations of this call.
    entries: u64,
    programs: u64,
}

/// A limit that a plugin asks for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) fuel: u64,
    pub(crate) memory_bytes: u64,
    pub(crate) output_bytes: u64,
}

impl PythonHost {
    pub(crate) fn new(interpreter: Interpreter, limits: &Limits) -> Self {
        Self {
            interpreter,
            fuel_limit: limits.python_fuel_per_task,
            memory_limit: limits.python_memory_bytes,
            output_limit: limits.python_output_bytes,
            fuel_used: 0,
            entries: 0,
            programs: 0,
        }
    }

    /// Python fuel used since the last [`PythonHost::restart`].
    pub(crate) const fn fuel_used(&self) -> u64 {
        self.fuel_used
    }

    /// Begins a new call into the plugin.
    pub(crate) const fn restart(&mut self) {
        self.fuel_used = 0;
        self.entries = 0;
    }

    /// Compiles a program; the inner error is how that failed.
    pub(crate) fn compile(
        &mut self,
        source: &str,
        asked: Asked,
    ) -> wasmtime::Result<Result<Program, Execution>> {
        if self.programs == PROGRAMS {
            return Err(LimitExceeded {
                name: "python programs",
                limit: PROGRAMS,
                current: PROGRAMS,
                requested: 1,
            }
            .into());
        }
        let limits = self.bounds(asked)?;
        match Program::compile(&self.interpreter, source, &limits) {
            Ok(program) => {
                self.fuel_used = self.fuel_used.saturating_add(program.compile_fuel());
                self.programs += 1;
                Ok(Ok(program))
            }
            Err(failed) => Ok(Err(self.settle(failed, asked, &limits)?)),
        }
    }

    /// Forgets a program.
    pub(crate) const fn drop_program(&mut self) {
        self.programs = self.programs.saturating_sub(1);
    }

    /// Runs a program.
    pub(crate) fn run(
        &mut self,
        program: &Program,
        input: Input<'_>,
        asked: Asked,
    ) -> wasmtime::Result<Execution> {
        let limits = self.bounds(asked)?;
        self.settle(program.run(input, &limits), asked, &limits)
    }

    /// Runs tests against a program.
    pub(crate) fn check(
        &mut self,
        program: &Program,
        tests: &Program,
        names: &[&str],
        asked: Asked,
    ) -> wasmtime::Result<Execution> {
        let limits = self.bounds(asked)?;
        self.settle(program.check(tests, names, &limits), asked, &limits)
    }

    /// The limits of a run, which is counted: fuel is what the call has left, if that is less than what was asked for.
    fn bounds(&mut self, asked: Asked) -> Result<RunLimits, LimitExceeded> {
        let within = |name, limit, requested| {
            if requested <= limit {
                Ok(requested)
            } else {
                Err(LimitExceeded {
                    name,
                    limit,
                    current: 0,
                    requested,
                })
            }
        };
        let left = self.fuel_limit.saturating_sub(self.spent());
        if left == 0 {
            return Err(self.out_of_fuel(asked.fuel));
        }
        self.entries += 1;
        let fuel = asked.fuel.min(left);
        let nominal = Duration::from_secs_f64(fuel as f64 / FUEL_PER_SECOND as f64);
        Ok(RunLimits::default()
            .with_fuel(fuel)
            .with_memory_bytes(within(
                "python_memory_bytes",
                self.memory_limit,
                asked.memory_bytes,
            )?)
            .with_output_bytes(within(
                "python_output_bytes",
                self.output_limit,
                asked.output_bytes,
            )?)
            .with_wall_clock(nominal.saturating_mul(WALL_CLOCK_FACTOR).max(LEAST_WALL_CLOCK)))
    }

    /// Counts a run, and takes out what is no verdict on the program.
    fn settle(
        &mut self,
        execution: Execution,
        asked: Asked,
        limits: &RunLimits,
    ) -> wasmtime::Result<Execution> {
        let before = self.fuel_used;
        self.fuel_used = before.saturating_add(execution.fuel).min(self.fuel_limit);
        match &execution.outcome {
            Outcome::WallClock => Err(PythonTrouble::WallClock(limits.wall_clock).into()),
            Outcome::Host { what } => Err(PythonTrouble::Host(what.clone()).into()),
            Outcome::OutOfFuel if limits.fuel < asked.fuel => {
                self.fuel_used = before;
                Err(self.out_of_fuel(asked.fuel).into())
            }
            _ => Ok(execution),
        }
    }

    /// Fuel of the runs so far, with what entering them took.
    const fn spent(&self) -> u64 {
        self.fuel_used
            .saturating_add(self.entries.saturating_mul(ENTRY_FUEL))
    }

    fn out_of_fuel(&self, requested: u64) -> LimitExceeded {
        LimitExceeded {
            name: "python_fuel_per_task",
            limit: self.fuel_limit,
            current: self.spent().min(self.fuel_limit),
            requested,
        }
    }
}
