//! A fresh copy of the live interpreter, entered once or, in a check, call by call.

use std::ops::{Deref, DerefMut};
use std::time::Duration;

use wasmtime::{ResourceLimiter as _, Store, TypedFunc};

use crate::guest::Guest;
use crate::reset::Trace;
use crate::rooms::Purpose;
use crate::{Interpreter, Outcome, RunLimits, drive, resident};

/// Vectorcall: `(callable, arguments, their number, keyword names)` to a result, or 0 with an exception set.
type Vectorcall = TypedFunc<(u32, u32, u32, u32), u32>;

/// An instance for one use: made new, or put back to what a new one is.
pub(crate) struct Instance {
    /// There until it is dropped.
    live: Option<Live>,
    purpose: Purpose,
    interpreter: Interpreter,
}

/// An instance in its store.
pub(crate) struct Live {
    pub(crate) store: Store<Guest>,
    enter: Vectorcall,
    trace: Trace,
    /// Whether every call so far came to its end.
    returned: bool,
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
    /// A fresh instance. The caller has a seat.
    ///
    /// # Errors
    /// The outcome of a run that could not begin.
    pub(crate) fn new(
        interpreter: &Interpreter,
        purpose: Purpose,
        limits: &RunLimits,
    ) -> Result<Self, Outcome> {
        let live = interpreter.rooms().enter(purpose);
        // From here on its drop leaves the room.
        let mut instance = Self {
            live,
            purpose,
            interpreter: interpreter.clone(),
        };
        match &mut instance.live {
            Some(live) => live.renew(interpreter, limits)?,
            None => instance.live = Some(Live::new(interpreter, limits)?),
        }
        if let (Some(live), Some((origin, _))) = (&mut instance.live, interpreter.origin()) {
            live.trace.begin(origin);
        }
        Ok(instance)
    }

    /// Gives the harness a job and lets it work.
    pub(crate) fn call(&mut self, job: &[&[u8]], wall_clock: Duration) -> Ended {
        let length: usize = job.iter().map(|part| part.len()).sum();
        let mut framed = format!("{length:016}").into_bytes();
        framed.extend(job.iter().copied().flatten());
        let entry = self.interpreter.record().entry.object;
        let live = &mut **self;
        let returned = std::mem::replace(&mut live.returned, false);
        live.store.data_mut().channel.give(framed);
        let call = live.enter.call_async(&mut live.store, (entry, 0, 0, 0));
        let ended = match drive::until(call, wall_clock) {
            Some(Ok(_)) => Ended::Returned,
            Some(Err(error)) => Ended::Stopped(error),
            None => Ended::WallClock,
        };
        live.returned = returned && matches!(ended, Ended::Returned);
        ended
    }

    /// Fuel that is left.
    pub(crate) fn fuel_left(&self) -> u64 {
        self.store.get_fuel().unwrap_or(0)
    }
}

impl Deref for Instance {
    type Target = Live;

    fn deref(&self) -> &Live {
        self.live.as_ref().expect("it is there until it is dropped")
    }
}

impl DerefMut for Instance {
    fn deref_mut(&mut self) -> &mut Live {
        self.live.as_mut().expect("it is there until it is dropped")
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let kept = self.live.take().and_then(|live| live.put_back(&self.interpreter));
        self.interpreter.rooms().leave(self.purpose, kept);
    }
}

impl Live {
    fn new(interpreter: &Interpreter, limits: &RunLimits) -> Result<Self, Outcome> {
        let guest = Guest::new(limits, Some(interpreter.library()));
        let mut store = drive::store(interpreter.engine(), guest, limits).map_err(host)?;
        let instance = match interpreter.pre().instantiate(&mut store) {
            Ok(instance) => instance,
            Err(_) if store.data().memory_use.refused => return Err(Outcome::OutOfMemory),
            Err(error) => return Err(host(error)),
        };
        drive::look_at_the_clock(&mut store).map_err(host)?;
        let slot = interpreter.record().entry.slot;
        let enter = instance
            .get_table(&mut store, crate::rewrite::TABLE)
            .and_then(|table| table.get(&mut store, u64::from(slot)))
            .and_then(|element| element.as_func().flatten().copied())
            .ok_or_else(|| Outcome::Host {
                what: format!("the snapshot has no function {slot}"),
            })?
            .typed(&store)
            .map_err(host)?;
        let globals = interpreter.globals().iter();
        let globals = globals
            .filter_map(|name| instance.get_global(&mut store, name))
            .collect();
        let memory = instance
            .get_memory(&mut store, crate::rewrite::MEMORY)
            .ok_or_else(|| Outcome::Host {
                what: "the snapshot exports no memory".to_owned(),
            })?;
        store.data_mut().memory = Some(memory);
        Ok(Self {
            trace: Trace::new(&mut store, memory, globals),
            store,
            enter,
            returned: true,
        })
    }

    /// Begins another use of an instance that was put back, as if it were new.
    fn renew(&mut self, interpreter: &Interpreter, limits: &RunLimits) -> Result<(), Outcome> {
        let bytes = self.trace.memory().data_size(&self.store);
        let guest = self.store.data_mut();
        *guest = Guest::new(limits, Some(interpreter.library()));
        guest.memory = Some(self.trace.memory());
        if !guest.memory_growing(0, bytes, None).map_err(host)? {
            return Err(Outcome::OutOfMemory);
        }
        self.store.set_fuel(limits.fuel).map_err(host)
    }

    /// Where it is not as it was in the beginning, as [`Trace::first_difference`] says.
    #[cfg(test)]
    pub(crate) fn first_difference(&mut self, origin: &crate::reset::Origin) -> Option<usize> {
        self.trace.first_difference(&mut self.store, origin)
    }

    /// The instance as it began, for its next use; or nothing, where it is cheaper or safer to make a new one.
    fn put_back(mut self, interpreter: &Interpreter) -> Option<Self> {
        // What a run left, such as the other instance of a check, is given up before anybody waits for it.
        let last = std::mem::replace(self.store.data_mut(), Guest::new(&RunLimits::default(), None));
        drop(last);
        let (origin, page_map) = interpreter.origin()?;
        if self.returned && self.trace.undo(&mut self.store, origin, page_map).is_some() {
            return Some(self);
        }
        resident::settle(page_map, self.trace.memory().data_mut(&mut self.store));
        None
    }
}

fn host(error: wasmtime::Error) -> Outcome {
    Outcome::Host {
        what: format!("{error:#}"),
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
                let mut instance = Instance::new(&interpreter, Purpose::Run, &limits).unwrap();
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
