//! `wasi:io`: streams of bytes, and waiting that takes no time.

use std::sync::Arc;

use wasmtime::component::{ComponentType, Lower, Resource};

use super::WasiTrap;
use super::error_code::ErrorCode;
use super::files::OpenFile;
use super::serve::{Caller, Interface, LOOK_UP, Server};

/// Bytes that one call reads, or may be told to write.
pub(super) const CHUNK: u64 = 1 << 16;

/// Where a guest reads from.
#[derive(Debug)]
pub(super) enum InputStream {
    /// Nothing: standard input.
    Empty,
    /// A file, from `offset` on.
    File { file: Arc<OpenFile>, offset: u64 },
}

/// Where a guest writes to.
#[derive(Debug)]
pub(super) struct OutputStream(pub(super) Channel);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    Output,
    Error,
}

/// The instant at which something is ready: streams are from the beginning.
#[derive(Debug)]
pub(super) struct Pollable(pub(super) u64);

/// What went wrong with a stream.
#[derive(Debug)]
pub(super) struct StreamTrouble(pub(super) ErrorCode);

#[derive(ComponentType, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    LastOperationFailed(Resource<StreamTrouble>),
    #[component(name = "closed")]
    Closed,
}

pub(super) fn serve(server: &mut Server<'_>) -> wasmtime::Result<()> {
    server.interface("wasi:io/error", |interface| {
        interface.resource::<StreamTrouble>("error")?;
        interface.answer(
            "[method]error.to-debug-string",
            LOOK_UP,
            |caller, (this,): (Resource<StreamTrouble>,)| {
                let StreamTrouble(code) = caller.resources.get(&this)?;
                Ok(format!("{code:?}"))
            },
        )
    })?;
    server.interface("wasi:io/poll", poll)?;
    server.interface("wasi:io/streams", |interface| {
        interface.resource::<InputStream>("input-stream")?;
        interface.resource::<OutputStream>("output-stream")?;
        input(interface)?;
        output(interface)
    })
}

fn poll(interface: &mut Interface<'_, '_>) -> wasmtime::Result<()> {
    interface.resource::<Pollable>("pollable")?;
    interface.answer(
        "[method]pollable.ready",
        LOOK_UP,
        |caller, (this,): (Resource<Pollable>,)| {
            let &Pollable(instant) = caller.resources.get(&this)?;
            Ok(caller.wasi.has_come(instant))
        },
    )?;
    interface.act(
        "[method]pollable.block",
        LOOK_UP,
        |caller, (this,): (Resource<Pollable>,)| {
            let &Pollable(instant) = caller.resources.get(&this)?;
            caller.wasi.wait_until(instant);
            Ok(())
        },
    )?;
    interface.answer(
        "poll",
        LOOK_UP,
        |caller, (pollables,): (Vec<Resource<Pollable>>,)| {
            caller.charge(pollables.len() as u64 * LOOK_UP)?;
            let instants = pollables
                .iter()
                .map(|pollable| Ok(caller.resources.get(pollable)?.0))
                .collect::<wasmtime::Result<Vec<_>>>()?;
            let &first = instants.iter().min().ok_or(WasiTrap::WaitedForNothing)?;
            caller.wasi.wait_until(first);
            let ready = (0..)
                .zip(instants)
                .filter(|&(_, instant)| caller.wasi.has_come(instant));
            Ok(ready.map(|(index, _)| index).collect::<Vec<u32>>())
        },
    )
}

fn input(interface: &mut Interface<'_, '_>) -> wasmtime::Result<()> {
    for function in ["[method]input-stream.read", "[method]input-stream.blocking-read"] {
        interface.answer(
            function,
            LOOK_UP,
            |caller, (this, length): (Resource<InputStream>, u64)| read(caller, &this, length),
        )?;
    }
    for function in ["[method]input-stream.skip", "[method]input-stream.blocking-skip"] {
        interface.answer(
            function,
            LOOK_UP,
            |caller, (this, length): (Resource<InputStream>, u64)| {
                let read = read(caller, &this, length)?;
                Ok(read.map(|bytes| bytes.len() as u64))
            },
        )?;
    }
    interface.answer(
        "[method]input-stream.subscribe",
        LOOK_UP,
        |caller, (_this,): (Resource<InputStream>,)| caller.keep(Pollable(0)),
    )
}

fn read(
    caller: &mut Caller<'_>,
    this: &Resource<InputStream>,
    length: u64,
) -> wasmtime::Result<Result<Vec<u8>, StreamError>> {
    let InputStream::File { file, offset } = caller.resources.get(this)? else {
        return Ok(Err(StreamError::Closed));
    };
    let (file, from) = (file.clone(), *offset);
    Ok(match file.read(caller, length, from)? {
        Ok(bytes) if bytes.is_empty() && length > 0 => Err(StreamError::Closed),
        Ok(bytes) => {
            if let InputStream::File { offset, .. } = caller.resources.get_mut(this)? {
                *offset = from.saturating_add(bytes.len() as u64);
            }
            Ok(bytes)
        }
        Err(code) => Err(StreamError::LastOperationFailed(
            caller.keep(StreamTrouble(code))?,
        )),
    })
}

/// What a call that writes answers: it always succeeds, or the guest has ended.
type Written = Result<(), StreamError>;

fn output(interface: &mut Interface<'_, '_>) -> wasmtime::Result<()> {
    interface.answer(
        "[method]output-stream.check-write",
        LOOK_UP,
        |_, (_this,): (Resource<OutputStream>,)| Ok(Ok::<u64, StreamError>(CHUNK)),
    )?;
    for function in [
        "[method]output-stream.write",
        "[method]output-stream.blocking-write-and-flush",
    ] {
        interface.answer(
            function,
            LOOK_UP,
            |caller, (this, bytes): (Resource<OutputStream>, Vec<u8>)| {
                let &OutputStream(channel) = caller.resources.get(&this)?;
                caller.count_log(bytes.len())?;
                if channel == Channel::Error {
                    caller.wasi.hear(&bytes);
                }
                Ok(Written::Ok(()))
            },
        )?;
    }
    for function in [
        "[method]output-stream.write-zeroes",
        "[method]output-stream.blocking-write-zeroes-and-flush",
    ] {
        interface.answer(
            function,
            LOOK_UP,
            |caller, (_this, length): (Resource<OutputStream>, u64)| {
                caller.count_log(usize::try_from(length).unwrap_or(usize::MAX))?;
                Ok(Written::Ok(()))
            },
        )?;
    }
    for function in [
        "[method]output-stream.flush",
        "[method]output-stream.blocking-flush",
    ] {
        interface.answer(function, LOOK_UP, |_, (_this,): (Resource<OutputStream>,)| {
            Ok(Written::Ok(()))
        })?;
    }
    interface.answer(
        "[method]output-stream.subscribe",
        LOOK_UP,
        |caller, (_this,): (Resource<OutputStream>,)| caller.keep(Pollable(0)),
    )
}
