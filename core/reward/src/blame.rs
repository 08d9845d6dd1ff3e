//! From a failed call to a fault that a person can act on.

use std::fmt;

use restem_em::{Fault, FaultClass};
use wasmtime::Trap;

use crate::guest_state::{GuestState, WallClockExceeded, hostcall_fuel};
use crate::printable::printable;
use crate::python::PythonTrouble;
use crate::wasi::WasiTrap;
use crate::{LimitExceeded, Limits};

/// wasmtime's words when a guest hands over more than the host-call fuel allows; the error's type is private to it.
const TOO_MUCH_DATA: &str = "too much data is being copied between the host and the guest";

/// wasmtime's words when a guest holds more handles than `resource_handles`; the error has no type.
const TOO_MANY_HANDLES: &str = "store handle limit exceeded";

const PLUGIN_BUG: &str = "this is a bug of the plugin: report it to its author";

/// Characters of a foreign text that go into a message.
const TEXT_CHARS: usize = 2_000;

/// Which call failed: the first line of every message.
///
/// Few calls fail, so the line is put together only then.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    /// ``plugin `name` (sha256 1a2b3c4d)``.
    pub(crate) plugin: &'a dyn fmt::Display,
    /// ``on problem `id`, completion 3``, ``while opening its session``, …
    pub(crate) at: &'a dyn fmt::Display,
    /// What the plugin may use.
    pub(crate) limits: &'a Limits,
}

impl Call<'_> {
    /// The fault of a call that ended in `error`, having used `fuel`.
    ///
    /// Of what the call logged, the last lines are told.
    pub(crate) fn failed(&self, error: &wasmtime::Error, state: &GuestState, fuel: u64) -> Fault {
        let mut fault = self.cause(error, state, fuel);
        let lines: Vec<&str> = state.last_lines().collect();
        if !lines.is_empty() {
            let at = fault.message.rfind("\n  hint: ").unwrap_or(fault.message.len());
            let said = format!("\n  it logged last:\n  | {}", lines.join("\n  | "));
            fault.message.insert_str(at, &said);
        }
        fault
    }

    fn cause(&self, error: &wasmtime::Error, state: &GuestState, fuel: u64) -> Fault {
        if let Some(exceeded) = error.downcast_ref::<LimitExceeded>() {
            return self.exceeded(exceeded);
        }
        if error.downcast_ref::<WallClockExceeded>().is_some() {
            return self.wall_clock();
        }
        if let Some(trouble) = error.downcast_ref::<PythonTrouble>() {
            return self.python(trouble);
        }
        if let Some(trap) = error.downcast_ref::<WasiTrap>() {
            return self.trapped(&trap.to_string(), state);
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => self.out_of_fuel(fuel),
            Some(Trap::Interrupt) => self.wall_clock(),
            Some(Trap::StackOverflow) => self.stack_overflow(),
            Some(trap) => self.trapped(&trap.to_string(), state),
            None => self.foul(error),
        }
    }

    /// The fault of a result that holds more than `result_bytes`.
    pub(crate) fn result_too_large(&self, bytes: u64) -> Fault {
        self.exceeded(&LimitExceeded {
            name: "result_bytes",
            limit: self.limits.result_bytes,
            current: 0,
            requested: bytes,
        })
    }

    /// The fault of a result that is no score.
    pub(crate) fn invalid_result(&self, what: &str) -> Fault {
        let (plugin, at) = (self.plugin, self.at);
        Fault {
            class: FaultClass::InvalidResult,
            message: format!("{plugin} gave no verdict {at} but {what}\n  hint: {PLUGIN_BUG}"),
        }
    }

    /// The fault that the plugin itself reports.
    pub(crate) fn reported(&self, class: FaultClass, message: &str) -> Fault {
        Fault {
            class,
            message: format!("{} {}: {}", self.plugin, self.at, printable(message, TEXT_CHARS)),
        }
    }

    fn exceeded(&self, exceeded: &LimitExceeded) -> Fault {
        let (plugin, at, name) = (self.plugin, self.at, exceeded.name);
        // The names of settings have no blanks; other limits are the host's own.
        let hint = if name.contains(' ') {
            PLUGIN_BUG.to_owned()
        } else {
            format!("raise `limits.{name}` of this reward if the plugin is right to need it")
        };
        Fault {
            class: FaultClass::LimitExceeded,
            message: format!("{plugin} hit a limit {at}\n  {exceeded}\n  hint: {hint}"),
        }
    }

    fn out_of_fuel(&self, used: u64) -> Fault {
        let (plugin, at, limit) = (self.plugin, self.at, self.limits.fuel_per_task);
        Fault {
            class: FaultClass::OutOfFuel,
            message: format!(
                "{plugin} ran out of fuel {at}\n  limit: fuel_per_task = {limit}, used {used}\n  hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it"
            ),
        }
    }

    fn stack_overflow(&self) -> Fault {
        let (plugin, at, limit) = (self.plugin, self.at, self.limits.wasm_stack_bytes);
        Fault {
            class: FaultClass::LimitExceeded,
            message: format!(
                "{plugin} overflowed its stack {at}\n  limit: wasm_stack_bytes = {limit}\n  hint: raise `limits.wasm_stack_bytes` of this reward, or let the plugin recurse less"
            ),
        }
    }

    fn wall_clock(&self) -> Fault {
        let (plugin, at, limit) = (self.plugin, self.at, self.limits.effective_wall_clock());
        Fault {
            class: FaultClass::WallClock,
            message: format!(
                "{plugin} met the wall-clock backstop {at}\n  limit: wall_clock = {} s\n  hint: the machine was too busy, not the plugin wrong: score this row again",
                limit.as_secs_f64()
            ),
        }
    }

    fn python(&self, trouble: &PythonTrouble) -> Fault {
        let (plugin, at) = (self.plugin, self.at);
        let (class, hint) = match trouble {
            PythonTrouble::WallClock(_) => (
                FaultClass::WallClock,
                "the machine was too busy, not the program wrong: score this row again",
            ),
            PythonTrouble::Host(_) => (
                FaultClass::Host,
                "run `restem python doctor`; if it finds nothing, this is a bug of restem",
            ),
        };
        Fault {
            class,
            message: format!("{plugin} could not run Python {at}: {trouble}\n  hint: {hint}"),
        }
    }

    fn trapped(&self, trap: &str, state: &GuestState) -> Fault {
        let (plugin, at) = (self.plugin, self.at);
        let message = match &state.panicked {
            Some(panic) => {
                let (text, file, line) = (&panic.message, &panic.file, panic.line);
                format!("{plugin} panicked {at}: {text}\n  where: {file}:{line}\n  hint: {PLUGIN_BUG}")
            }
            None => {
                let trap = trap.strip_prefix("wasm trap: ").unwrap_or(trap);
                let said = state.wasi.last_words().map_or_else(String::new, |text| {
                    format!("\n  on standard error:\n  | {}", printable(&text, TEXT_CHARS))
                });
                format!("{plugin} trapped {at}: {trap}{said}\n  hint: {PLUGIN_BUG}")
            }
        };
        Fault {
            class: FaultClass::Trap,
            message,
        }
    }

    /// The fault of a call that wasmtime itself refused to go on with.
    fn foul(&self, error: &wasmtime::Error) -> Fault {
        let root = error.root_cause().to_string();
        if root.contains(TOO_MUCH_DATA) {
            return self.exceeded(&LimitExceeded {
                name: "result_bytes",
                limit: self.limits.result_bytes,
                current: 0,
                requested: hostcall_fuel(self.limits) as u64 + 1,
            });
        }
        if root.contains(TOO_MANY_HANDLES) {
            let limit = self.limits.resource_handles;
            return self.exceeded(&LimitExceeded {
                name: "resource_handles",
                limit,
                current: limit,
                requested: 1,
            });
        }
        let (plugin, at) = (self.plugin, self.at);
        Fault {
            class: FaultClass::InvalidResult,
            message: format!(
                "{plugin} broke the rules of the component model {at}: {}\n  hint: {PLUGIN_BUG}",
                printable(&root, TEXT_CHARS)
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blame(error: wasmtime::Error) -> String {
        let limits = Limits::default();
        let engine = crate::engine::engine(&limits).unwrap();
        let store = GuestState::store(&engine, &limits, None);
        let call = Call {
            plugin: &"plugin `p` (sha256 1a2b3c4d)",
            at: &"on problem `q`, completion 0",
            limits: &limits,
        };
        call.failed(&error, store.data(), 0).to_string()
    }

    #[test]
    fn the_backstop_is_blamed_on_the_machine() {
        insta::assert_snapshot!(blame(WallClockExceeded.into()), @r"
        wall_clock: plugin `p` (sha256 1a2b3c4d) met the wall-clock backstop on problem `q`, completion 0
          limit: wall_clock = 30 s
          hint: the machine was too busy, not the plugin wrong: score this row again
        ");
    }

    #[test]
    fn a_slow_python_run_is_blamed_on_the_machine() {
        let trouble = PythonTrouble::WallClock(std::time::Duration::from_secs(80));
        insta::assert_snapshot!(blame(trouble.into()), @r"
        wall_clock: plugin `p` (sha256 1a2b3c4d) could not run Python on problem `q`, completion 0: a Python run took longer than 80 s
          hint: the machine was too busy, not the program wrong: score this row again
        ");
    }

    #[test]
    fn more_data_than_a_host_call_may_carry_is_a_limit() {
        let error = wasmtime::format_err!("{TOO_MUCH_DATA}: fuel allocated for hostcalls has been exhausted");
        insta::assert_snapshot!(blame(error), @r"
        limit_exceeded: plugin `p` (sha256 1a2b3c4d) hit a limit on problem `q`, completion 0
          limit: result_bytes = 262144, used 0, asked for 1048577 more
          hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
        ");
    }
}
