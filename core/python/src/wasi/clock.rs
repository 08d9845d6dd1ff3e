//! Virtual time: fuel, plus what the guest slept. The same program sees the same times in every run.

use wasmtime::{Caller, Linker};

use super::WASI;
use super::errno::{self, Errno, FAULT, INVAL};
use super::memory::view;
use crate::guest::Guest;
use crate::limits::FUEL_PER_SECOND;

/// When every run begins, in nanoseconds since 1970: 14 November 2023, 22:13:20 UTC.
const START: u64 = 1_700_000_000_000_000_000;

/// Nanoseconds between two looks at the clock, at least.
const TICK: u64 = 1_000;

/// Fuel of a nanosecond.
const FUEL_PER_NANOSECOND: u64 = FUEL_PER_SECOND / 1_000_000_000;

/// Longest sleeps together, in nanoseconds: a century, so that sums stay far from the end of the numbers.
const LONGEST_SLEEP: u64 = 100 * 365 * 86_400 * 1_000_000_000;

/// Bytes of a subscription and of an event.
const SUBSCRIPTION: u32 = 48;
const EVENT: u32 = 32;

/// Flag of a subscription whose timeout is a time and no duration.
const ABSOLUTE: u8 = 1;

pub(super) fn add(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(
        WASI,
        "clock_res_get",
        |mut caller: Caller<'_, Guest>, _clock: i32, result: u32| {
            errno::from(view(&mut caller).and_then(|(mut memory, _)| memory.set_u64(result, TICK)))
        },
    )?;
    linker.func_wrap(WASI, "clock_time_get", clock_time_get)?;
    linker.func_wrap(WASI, "poll_oneoff", poll_oneoff)?;
    Ok(())
}

fn clock_time_get(
    mut caller: Caller<'_, Guest>,
    _clock: i32,
    _precision: i64,
    result: u32,
) -> wasmtime::Result<Errno> {
    caller.data_mut().clock_skew += TICK;
    let now = now(&mut caller)?;
    Ok(errno::from(
        view(&mut caller).and_then(|(mut memory, _)| memory.set_u64(result, now)),
    ))
}

/// Nanoseconds since 1970.
fn now(caller: &mut Caller<'_, Guest>) -> wasmtime::Result<u64> {
    let left = caller.get_fuel()?;
    let guest = caller.data();
    Ok(START + guest.fuel.saturating_sub(left) / FUEL_PER_NANOSECOND + guest.clock_skew)
}

/// Sleeping: the first subscription is ready at once, and the clock moves by its timeout.
fn poll_oneoff(
    mut caller: Caller<'_, Guest>,
    subscriptions: u32,
    events: u32,
    count: u32,
    result: u32,
) -> wasmtime::Result<Errno> {
    let now = now(&mut caller)?;
    let poll = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        if count == 0 {
            return Err(INVAL);
        }
        let (mut memory, guest) = view(caller)?;
        memory.bytes(subscriptions, SUBSCRIPTION)?;
        let user_data = memory.u64(subscriptions)?;
        let kind = memory.bytes(subscriptions + 8, 1)?[0];
        if kind == 0 {
            let timeout = memory.u64(subscriptions.checked_add(24).ok_or(FAULT)?)?;
            let flags = memory.bytes(subscriptions.checked_add(40).ok_or(FAULT)?, 1)?[0];
            let timeout = if flags & ABSOLUTE != 0 {
                timeout.saturating_sub(now)
            } else {
                timeout
            };
            guest.clock_skew = (guest.clock_skew + timeout.min(LONGEST_SLEEP)).min(LONGEST_SLEEP);
        }
        memory.bytes_mut(events, EVENT)?.fill(0);
        memory.set_u64(events, user_data)?;
        memory.bytes_mut(events + 10, 1)?[0] = kind;
        memory.set_u32(result, 1)
    };
    Ok(errno::from(poll(&mut caller)))
}
