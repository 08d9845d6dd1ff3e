//! How a run ended: from what the harness said, what a host function stopped, or the trap.

use serde::Deserialize;
use wasmtime::Trap;

use crate::guest::Guest;
use crate::instance::{Ended, Instance};
use crate::stop::Stop;
use crate::{Execution, Outcome, RunLimits};

/// Type name of the outcome of a program that made the harness say nothing readable.
const NO_RESULT: &str = "NoResult";

/// What the harness's last message says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It came to its end, perhaps with a value.
    Finished(Option<String>),
    /// The code of a compiled program.
    Compiled(Vec<u8>),
    /// An answer to a request of a check.
    Answered(Vec<u8>),
    /// A value in a check that can't cross. Only a check may end so: it is no verdict.
    Uncrossable(String),
    /// Anything else.
    Otherwise(Outcome),
}

/// Reads the message of a harness that returned.
pub(crate) fn said(guest: &mut Guest) -> Said {
    let refused = guest.memory_use.refused;
    let Some(mut message) = guest.channel.message.take().filter(|message| !message.is_empty()) else {
        return Said::Otherwise(if refused {
            Outcome::OutOfMemory
        } else {
            no_result()
        });
    };
    let body = message.split_off(1);
    match message[0] {
        b'F' if body.is_empty() => Said::Finished(None),
        b'F' => match String::from_utf8(body) {
            Ok(value) if serde_json::from_str::<serde::de::IgnoredAny>(&value).is_ok() => {
                Said::Finished(Some(value))
            }
            _ => Said::Otherwise(no_result()),
        },
        b'C' => Said::Compiled(body),
        b'A' => Said::Answered(body),
        b'U' => Said::Uncrossable(String::from_utf8_lossy(&body).into_owned()),
        kind => Said::Otherwise(otherwise(kind, &body).unwrap_or_else(no_result)),
    }
}

fn otherwise(kind: u8, body: &[u8]) -> Option<Outcome> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Exception {
        type_name: String,
        message: String,
        line: Option<u32>,
    }
    match kind {
        b'M' => Some(Outcome::OutOfMemory),
        b'X' => {
            let code = std::str::from_utf8(body).ok()?.parse().ok()?;
            Some(Outcome::Exit { code })
        }
        b'E' => {
            let exception: Exception = serde_json::from_slice(body).ok()?;
            Some(Outcome::Exception {
                type_name: exception.type_name,
                message: exception.message,
                line: exception.line,
            })
        }
        _ => None,
    }
}

/// The outcome of a program that made the harness say nothing readable.
pub(crate) fn no_result() -> Outcome {
    Outcome::Exception {
        type_name: NO_RESULT.to_owned(),
        message: "the program ended without a readable result: it tampered with the interpreter's harness"
            .to_owned(),
        line: None,
    }
}

/// What an error of a call says about the program.
pub(crate) fn stopped(error: wasmtime::Error, guest: &Guest) -> Outcome {
    let error = match error.downcast::<Stop>() {
        Ok(Stop::Exit(code)) => return Outcome::Exit { code },
        Ok(Stop::OutputLimit) => return Outcome::OutputLimit,
        Ok(Stop::Ended(outcome)) => return outcome,
        Err(error) => error,
    };
    match error.downcast_ref::<Trap>() {
        Some(Trap::OutOfFuel) => Outcome::OutOfFuel,
        Some(Trap::StackOverflow) => Outcome::StackOverflow,
        // Whoever gives up after memory was refused gives up for want of memory.
        _ if guest.memory_use.refused => Outcome::OutOfMemory,
        Some(trap) => Outcome::abort(format!("the interpreter gave up: {trap}")),
        None if error.is::<wasmtime::ThrownException>() => {
            Outcome::abort("the interpreter gave up: an exception of its own that it did not catch")
        }
        None => Outcome::Host {
            what: format!("{error:#}"),
        },
    }
}

/// The end of a run that was not to compile.
pub(crate) fn execution(ended: Ended, instance: Instance, limits: &RunLimits) -> Execution {
    let (outcome, value) = match ended {
        Ended::WallClock => (Outcome::WallClock, None),
        Ended::Stopped(error) => (stopped(error, instance.store.data()), None),
        Ended::Returned => {
            let mut instance = instance;
            return match said(instance.store.data_mut()) {
                Said::Finished(value) => conclude(Outcome::Finished, value, instance, limits),
                Said::Otherwise(outcome) => conclude(outcome, None, instance, limits),
                Said::Compiled(_) | Said::Answered(_) | Said::Uncrossable(_) => {
                    conclude(no_result(), None, instance, limits)
                }
            };
        }
    };
    conclude(outcome, value, instance, limits)
}

/// An execution with what the instance left.
pub(crate) fn conclude(
    outcome: Outcome,
    value: Option<String>,
    mut instance: Instance,
    limits: &RunLimits,
) -> Execution {
    let fuel = limits.fuel.saturating_sub(instance.fuel_left());
    let guest = instance.store.data_mut();
    Execution {
        outcome,
        stdout: text(std::mem::take(&mut guest.stdout.bytes)),
        stderr: text(std::mem::take(&mut guest.stderr.bytes)),
        value,
        fuel,
        peak_memory: guest.memory_use.peak + guest.peer.as_ref().map_or(0, |peer| peer.peak_memory()),
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
