//! From a failed call to a fault that a person can act on.

use restem_em::{Fault, FaultClass};
use wasmtime::Trap;

use crate::guest_state::{GuestState, WallClockExceeded, hostcall_fuel};
use crate::printable::printable;
use crate::{LimitExceeded, Limits};

/// wasmtime's words when a guest hands over more than the host-call fuel allows; the error's type is private to it.
const TOO_MUCH_DATA: &str = "too much data is being copied between the host and the guest";

/// Characters of a foreign text that go into a message.
const TEXT_CHARS: usize = 2_000;

/// Which call failed: the first line of every message.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    /// ``plugin `name` (sha256 1a2b3c4d)``.
    pub(crate) plugin: &'a str,
    /// ``on problem `id`, completion 3``, ``while opening its session``, …
    pub(crate) at: &'a str,
    /// What the plugin may use.
    pub(crate) limits: &'a Limits,
}

impl Call<'_> {
    /// The fault of a call that ended in `error`, having used `fuel`.
    pub(crate) fn failed(&self, error: &wasmtime::Error, state: &GuestState, fuel: u64) -> Fault {
        if let Some(exceeded) = error.downcast_ref::<LimitExceeded>() {
            return self.exceeded(exceeded);
        }
        if error.downcast_ref::<WallClockExceeded>().is_some() {
            return self.wall_clock();
        }
        match error.downcast_ref::<Trap>() {
            Some(Trap::OutOfFuel) => self.out_of_fuel(fuel),
            Some(Trap::Interrupt) => self.wall_clock(),
            Some(Trap::StackOverflow) => self.stack_overflow(),
            Some(trap) => self.trapped(&trap.to_string(), state),
            None => self.unreadable(error),
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
        self.fault(
            FaultClass::InvalidResult,
            &format!("returned {what}"),
            "this is a bug of the plugin: report it to its author",
        )
    }

    /// The fault that the plugin itself reports.
    pub(crate) fn reported(&self, class: FaultClass, message: &str) -> Fault {
        Fault {
            class,
            message: format!("{} {}: {}", self.plugin, self.at, printable(message, TEXT_CHARS)),
        }
    }

    fn fault(&self, class: FaultClass, what: &str, rest: &str) -> Fault {
        let (plugin, at) = (self.plugin, self.at);
        Fault {
            class,
            message: format!("{plugin} {what} {at}\n  hint: {rest}"),
        }
    }

    fn exceeded(&self, exceeded: &LimitExceeded) -> Fault {
        let (plugin, at, name) = (self.plugin, self.at, exceeded.name);
        Fault {
            class: FaultClass::LimitExceeded,
            message: format!(
                "{plugin} hit a limit {at}\n  {exceeded}\n  hint: raise `limits.{name}` of this reward if the plugin is right to need it"
            ),
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

    fn trapped(&self, trap: &str, state: &GuestState) -> Fault {
        let hint = "this is a bug of the plugin: report it to its author";
        match &state.panicked {
            Some(panic) => {
                let (plugin, at) = (self.plugin, self.at);
                Fault {
                    class: FaultClass::Trap,
                    message: format!(
                        "{plugin} panicked {at}: {}\n  where: {}:{}\n  hint: {hint}",
                        panic.message, panic.file, panic.line
                    ),
                }
            }
            None => {
                let trap = trap.strip_prefix("wasm trap: ").unwrap_or(trap);
                self.fault(FaultClass::Trap, &format!("trapped ({trap})"), hint)
            }
        }
    }

    fn unreadable(&self, error: &wasmtime::Error) -> Fault {
        let root = error.root_cause().to_string();
        if root.contains(TOO_MUCH_DATA) {
            return self.exceeded(&LimitExceeded {
                name: "result_bytes",
                limit: self.limits.result_bytes,
                current: 0,
                requested: hostcall_fuel(self.limits) as u64 + 1,
            });
        }
        self.invalid_result(&format!("what can't be read ({})", printable(&root, TEXT_CHARS)))
    }
}
