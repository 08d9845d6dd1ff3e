//! Tests in one instance, the program in another: what crosses are values.
//!
//! The tests' harness writes a request to its channel, which ends up in [`forward`]: the program's instance is given it as a
//! job, and its answer becomes what the tests' harness reads next. The program's instance lives as long as the check. Its
//! memory never holds anything of the tests but the arguments of its calls.

use std::time::Instant;

use wasmtime::Caller;

use crate::guest::Guest;
use crate::instance::{Ended, Instance};
use crate::report::{self, Said};
use crate::rooms::Purpose;
use crate::stop::Stop;
use crate::{Execution, Outcome, Program, RunLimits};

/// The program's instance, as the tests' store holds it.
pub(crate) struct Peer {
    instance: Instance,
    /// When the backstop of the whole check falls.
    deadline: Instant,
    /// Memory that both may have together.
    memory_bytes: u64,
}

impl Program {
    /// Runs `tests` in another instance, where each of `names` stands for what this program defines under that name.
    ///
    /// Calls, results, exceptions and changes of arguments cross by value. Objects of the program's own classes, its
    /// functions and its iterators stay where they are and are used through stand-ins; a stand-in equals no value of the
    /// tests, whatever its class says. A name that the program does not define is not defined in the tests either. The program's
    /// standard output is dropped. Limits count both instances together, `output_bytes` each.
    #[must_use]
    pub fn check(&self, tests: &Self, names: &[&str], limits: &RunLimits) -> Execution {
        let deadline = Instant::now() + limits.wall_clock;
        let _seated = self.interpreter().seats().take(2);
        let mut program = match Instance::new(self.interpreter(), Purpose::Run, limits) {
            Ok(instance) => instance,
            Err(outcome) => return Execution::never_ran(outcome),
        };
        let definitions = match self.begin(&mut program, names, limits) {
            Ok(definitions) => definitions,
            Err(outcome) => {
                let execution = report::conclude(outcome, None, program, limits);
                return Execution {
                    stdout: String::new(),
                    ..execution
                };
            }
        };
        let mut instance = match Instance::new(tests.interpreter(), Purpose::Run, limits) {
            Ok(instance) => instance,
            Err(outcome) => return Execution::never_ran(outcome),
        };
        let fuel = program.fuel_left();
        let peer = Peer {
            instance: program,
            deadline,
            memory_bytes: limits.memory_bytes,
        };
        if let Err(outcome) = give(&mut instance, peer, fuel) {
            return Execution::never_ran(outcome);
        }
        let head = format!("T{:016}", definitions.len());
        let left = deadline.saturating_duration_since(Instant::now());
        let ended = instance.call(&[head.as_bytes(), &definitions, tests.code()], left);
        report::execution(ended, instance, limits)
    }

    /// Runs the program in its instance, and returns what it defines under `names`.
    fn begin(&self, program: &mut Instance, names: &[&str], limits: &RunLimits) -> Result<Vec<u8>, Outcome> {
        program.store.data_mut().channel.without_limit();
        let names = serde_json::Value::from(names).to_string();
        let head = format!("S{:016}", names.len());
        let ended = program.call(
            &[head.as_bytes(), names.as_bytes(), self.code()],
            limits.wall_clock,
        );
        answer(ended, program)
    }
}

impl Peer {
    /// Most memory that the program's instance had.
    pub(crate) fn peak_memory(&self) -> u64 {
        self.instance.store.data().memory_use.peak
    }
}

/// Puts the program's instance into the tests' store, with what is left of the limits.
fn give(tests: &mut Instance, peer: Peer, fuel: u64) -> Result<(), Outcome> {
    tests.store.set_fuel(fuel).map_err(|error| Outcome::Host {
        what: format!("{error:#}"),
    })?;
    let guest = tests.store.data_mut();
    guest.channel.without_limit();
    guest.memory_use.limit = peer
        .memory_bytes
        .saturating_sub(peer.instance.store.data().memory_use.now);
    if guest.memory_use.now > guest.memory_use.limit {
        return Err(Outcome::OutOfMemory);
    }
    guest.peer = Some(Box::new(peer));
    Ok(())
}

/// What the program's harness answered, or how the program ended instead.
fn answer(ended: Ended, program: &mut Instance) -> Result<Vec<u8>, Outcome> {
    match ended {
        Ended::WallClock => Err(Outcome::WallClock),
        Ended::Stopped(error) => Err(report::stopped(error, program.store.data())),
        Ended::Returned => match report::said(program.store.data_mut()) {
            Said::Answered(answer) => Ok(answer),
            Said::Uncrossable(what) => Err(Outcome::Uncrossable { what }),
            Said::Otherwise(outcome) => Err(outcome),
            Said::Finished(_) | Said::Compiled(_) => Err(report::no_result()),
        },
    }
}

/// Acts on what the tests' harness wrote: a request is answered, a value that can't cross ends the check, and all else is
/// left for the end.
pub(crate) fn forward(caller: &mut Caller<'_, Guest>) -> wasmtime::Result<()> {
    let fuel = caller.get_fuel()?;
    let tests = caller.data_mut();
    let Some(mut request) = tests
        .channel
        .message
        .take_if(|message| matches!(message.first(), Some(b'Q' | b'U')))
    else {
        return Ok(());
    };
    let body = request.split_off(1);
    if request[0] == b'U' {
        let what = String::from_utf8_lossy(&body).into_owned();
        return Err(Stop::Ended(Outcome::Uncrossable { what }).into());
    }
    let Some(mut peer) = tests.peer.take() else {
        return Ok(());
    };
    let tests_memory = tests.memory_use.now;
    let program = &mut peer.instance;
    program.store.set_fuel(fuel)?;
    program.store.data_mut().memory_use.limit = peer.memory_bytes.saturating_sub(tests_memory);
    let ended = {
        let left = peer.deadline.saturating_duration_since(Instant::now());
        program.call(&[b"D", &body], left)
    };
    caller.set_fuel(program.fuel_left())?;
    let answer = answer(ended, program);
    let program_memory = program.store.data().memory_use;
    let tests = caller.data_mut();
    tests.memory_use.limit = peer.memory_bytes.saturating_sub(program_memory.now);
    tests.peer = Some(peer);
    let answer = answer.map_err(Stop::Ended)?;
    let mut framed = format!("{:016}", answer.len()).into_bytes();
    framed.extend(answer);
    tests.channel.give(framed);
    Ok(())
}
