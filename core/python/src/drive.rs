//! Runs wasm on a stack of its own and looks at the clock now and then.
//!
//! wasmtime's asynchronous calls run on a fiber, which suspends each time a certain amount of fuel is used. Here that is
//! how the wall-clock backstop gets its turn: nothing is concurrent, and the code pays for no second kind of check.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use wasmtime::{Engine, Store};

use crate::RunLimits;
use crate::guest::Guest;

/// Fuel between two looks at the clock: about 10 ms.
const LOOK: u64 = 100_000_000;

/// A store for this guest, with its limits.
pub(crate) fn store(engine: &Engine, guest: Guest, limits: &RunLimits) -> wasmtime::Result<Store<Guest>> {
    let mut store = Store::new(engine, guest);
    store.limiter(|guest| guest);
    store.set_fuel(limits.fuel)?;
    Ok(store)
}

/// Polls `call` until it is ready, or gives it up when `wall_clock` has passed.
pub(crate) fn until<T>(call: impl Future<Output = T>, wall_clock: Duration) -> Option<T> {
    let mut call = pin!(call);
    let mut context = Context::from_waker(Waker::noop());
    let start = Instant::now();
    loop {
        if let Poll::Ready(value) = call.as_mut().poll(&mut context) {
            return Some(value);
        }
        if start.elapsed() > wall_clock {
            return None;
        }
    }
}

/// Makes the calls of a store suspend every [`LOOK`] of fuel.
pub(crate) fn look_at_the_clock(store: &mut Store<Guest>) -> wasmtime::Result<()> {
    store.fuel_async_yield_interval(Some(LOOK))
}
