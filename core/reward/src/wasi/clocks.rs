//! `wasi:clocks`: a wall clock that stands still, and a monotonic one that moves when it is looked at or waited for.

use wasmtime::component::{ComponentType, Lower};

use super::Wasi;
use super::io::Pollable;
use super::serve::{LOOK_UP, Server};

/// Seconds since 1970 of the moment at which every guest lives; candidates' Python lives at the same.
const NOW: u64 = 1_700_000_000;

/// Nanoseconds between two looks at the monotonic clock: a guest that waits by looking comes to an end.
const TICK: u64 = 1_000;

#[derive(Debug, Clone, Copy, ComponentType, Lower)]
#[component(record)]
pub(super) struct Datetime {
    pub(super) seconds: u64,
    pub(super) nanoseconds: u32,
}

impl Wasi {
    fn look_at_the_clock(&mut self) -> u64 {
        self.clock = self.clock.saturating_add(TICK);
        self.clock
    }

    /// Waits until `instant`, which takes no time: the clock moves there.
    pub(super) fn wait_until(&mut self, instant: u64) {
        self.clock = self.clock.max(instant);
    }

    /// Whether the clock has come to `instant`.
    pub(super) const fn has_come(&self, instant: u64) -> bool {
        self.clock >= instant
    }
}

pub(super) fn serve(server: &mut Server<'_>) -> wasmtime::Result<()> {
    server.interface("wasi:clocks/wall-clock", |interface| {
        interface.answer("now", LOOK_UP, |_, (): ()| {
            Ok(Datetime {
                seconds: NOW,
                nanoseconds: 0,
            })
        })?;
        interface.answer("resolution", LOOK_UP, |_, (): ()| {
            Ok(Datetime {
                seconds: 1,
                nanoseconds: 0,
            })
        })
    })?;
    server.interface("wasi:clocks/monotonic-clock", |interface| {
        interface.answer("now", LOOK_UP, |caller, (): ()| {
            Ok(caller.wasi.look_at_the_clock())
        })?;
        interface.answer("resolution", LOOK_UP, |_, (): ()| Ok(TICK))?;
        interface.answer("subscribe-instant", LOOK_UP, |caller, (instant,): (u64,)| {
            caller.keep(Pollable(instant))
        })?;
        interface.answer("subscribe-duration", LOOK_UP, |caller, (duration,): (u64,)| {
            let instant = caller.wasi.clock.saturating_add(duration);
            caller.keep(Pollable(instant))
        })
    })
}
