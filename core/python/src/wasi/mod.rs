//! A WASI preview 1 without files, network, clock or entropy: all that a guest sees is in [`Guest`].
//!
//! `memory` reads and writes the guest's memory, `errno` names its errors, `streams` are standard input and output and
//! the harness's channel, `library` the one file, `clock` virtual time, `process` the rest. What WASI has and this has not
//! is in `absent`.

mod absent;
mod clock;
mod errno;
mod library;
mod memory;
mod process;
mod streams;

pub(crate) use library::Handles;
pub(crate) use streams::{Capped, Channel, Stdin};

use wasmtime::{Caller, Engine, Linker};

use crate::PythonError;
use crate::guest::Guest;

/// Name of the import module.
const WASI: &str = "wasi_snapshot_preview1";

/// All that a guest may import.
pub(crate) fn linker(engine: &Engine) -> Result<Linker<Guest>, PythonError> {
    let mut linker = Linker::new(engine);
    let added = streams::add(&mut linker)
        .and_then(|()| library::add(&mut linker))
        .and_then(|()| clock::add(&mut linker))
        .and_then(|()| process::add(&mut linker))
        .and_then(|()| absent::add(&mut linker));
    added.map_err(|error| PythonError::Engine {
        what: format!("{error:#}"),
    })?;
    Ok(linker)
}

/// Takes fuel for what the host does in the guest's name: 1 per byte.
fn charge(caller: &mut Caller<'_, Guest>, bytes: u32) -> wasmtime::Result<()> {
    let left = caller.get_fuel()?;
    caller.set_fuel(left.saturating_sub(u64::from(bytes)))
}
