//! A fresh copy of the live interpreter, entered once or, in a check, call by call.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::{Store, TypedFunc};

use crate::guest::Guest;
use crate::resident::PageMap;
use crate::{Interpreter, Outcome, RunLimits, drive};

/// Vectorcall: `(callable, arguments, their number, keyword names)` to a result, or 0 with an exception set.
type Vectorcall = TypedFunc<(u32, u32, u32, u32), u32>;

/// An instance in its store.
pub(crate) struct Instance {
    pub(crate) store: Store<Guest>,
    enter: Vectorcall,
    entry: u32,
    page_map: Option<Arc<PageMap>>,
}

/// How a call of the harness's entry ended, before it is interpreted.
pub(crate) enum Ended {
    /// It returned, normally or with an exception of the harness's own.
    Returned,
    /// A trap, or a host function that stopped it.
    Stopped(wasmtime::Error),
    /// The backstop.
    WallClock,
}

impl Instance {
    /// A fresh instance.
    ///
    /// # Errors
    /// The outcome of a run that could not begin.
    pub(crate) fn new(interpreter: &Interpreter, limits: &RunLimits) -> Result<Self, Outcome> {
        let guest = Guest::new(limits, Some(interpreter.library()));
        let host = |error: wasmtime::Error| Outcome::Host {
            what: format!("{error:#}"),
        };
        let mut store = drive::store(interpreter.engine(), guest, limits).map_err(host)?;
        let instance = match interpreter.pre().instantiate(&mut store) {
            Ok(instance) => instance,
            Err(_) if store.data().memory_use.refused => return Err(Outcome::OutOfMemory),
            Err(error) => return Err(host(error)),
        };
        drive::look_at_the_clock(&mut store).map_err(host)?;
        let entry = interpreter.record().entry;
        let enter = instance
            .get_table(&mut store, crate::rewrite::TABLE)
            .and_then(|table| table.get(&mut store, u64::from(entry.slot)))
            .and_then(|element| element.as_func().flatten().copied())
            .ok_or_else(|| Outcome::Host {
                what: format!("the snapshot has no function {}", entry.slot),
            })?
            .typed(&store)
            .map_err(host)?;
        Ok(Self {
            store,
            enter,
            entry: entry.object,
            page_map: interpreter.page_map(),
        })
    }

    /// Gives the harness a job and lets it work.
    pub(crate) fn call(&mut self, job: &[&[u8]], wall_clock: Duration) -> Ended {
        let length: usize = job.iter().map(|part| part.len()).sum();
        let mut framed = format!("{length:016}").into_bytes();
        framed.extend(job.iter().copied().flatten());
        self.store.data_mut().channel.give(framed);
        let call = self.enter.call_async(&mut self.store, (self.entry, 0, 0, 0));
        match drive::until(call, wall_clock) {
            Some(Ok(_)) => Ended::Returned,
            Some(Err(error)) => Ended::Stopped(error),
            None => Ended::WallClock,
        }
    }

    /// Fuel that is left.
    pub(crate) fn fuel_left(&self) -> u64 {
        self.store.get_fuel().unwrap_or(0)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        if let (Some(page_map), Some(memory)) = (&self.page_map, self.store.data().memory) {
            page_map.settle(memory.data_mut(&mut self.store));
        }
    }
}

#[cfg(test)]
mod with_python {
    use super::*;
    use crate::{CACHE_VARIABLE, Program};

    const WORK: &str = "x = {}\nfor i in range(300000):\n    x[i % 1000] = str(i)\nprint(len(x))";

    fn interpreter() -> Interpreter {
        let cache = std::env::var_os(CACHE_VARIABLE)
            .unwrap_or_else(|| panic!("set {CACHE_VARIABLE} to the cache of an installed interpreter"));
        Interpreter::open(cache.as_ref()).unwrap()
    }

    #[test]
    #[ignore = "needs the interpreter that `restem python install` makes"]
    fn fuel_is_the_same_however_often_the_clock_is_looked_at() {
        let interpreter = interpreter();
        for fuel in [RunLimits::default().fuel, 200_000_000] {
            let limits = RunLimits::default().with_fuel(fuel);
            let program = Program::compile(&interpreter, WORK, &RunLimits::default()).unwrap();
            let left = |interval| {
                let mut instance = Instance::new(&interpreter, &limits).unwrap();
                instance.store.fuel_async_yield_interval(interval).unwrap();
                let ended = instance.call(&[b"R", program.code()], limits.wall_clock);
                (matches!(ended, Ended::Returned), instance.fuel_left())
            };
            let without = left(None);
            for interval in [1_000, 99_991, 1_000_000, 100_000_000] {
                assert_eq!(left(Some(interval)), without, "every {interval} of {fuel}");
            }
        }
    }
}
