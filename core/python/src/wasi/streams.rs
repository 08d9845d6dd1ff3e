//! Standard input, output and error, and the harness's channel.

use wasmtime::{Caller, Linker};

use super::errno::{self, BADF, Errno, FAULT};
use super::memory::{Range, View, view};
use super::{WASI, library};
use crate::guest::Guest;
use crate::stop::Stop;

/// File descriptor of the harness's channel. A program may write to it too: what comes out is data and no verdict.
const CHANNEL: i32 = 1000;

/// Type of a stream that is no terminal and can't seek.
const SOCKET_STREAM: u8 = 6;
const REGULAR_FILE: u8 = 4;
const DIRECTORY: u8 = 3;

/// All rights there are: WASI's own are no part of the sandbox.
const ALL_RIGHTS: u64 = u64::MAX;

/// Standard input, read from the front.
#[derive(Default)]
pub(crate) struct Stdin {
    pub(crate) bytes: Vec<u8>,
    read: usize,
    closed: bool,
}

/// An output stream that ends the run when it is full.
pub(crate) struct Capped {
    pub(crate) bytes: Vec<u8>,
    limit: usize,
    closed: bool,
}

/// What the harness reads, and the last message that it wrote: one write is one message.
pub(crate) struct Channel {
    job: Vec<u8>,
    read: usize,
    limit: usize,
    pub(crate) message: Option<Vec<u8>>,
}

impl Capped {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            bytes: Vec::new(),
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            closed: false,
        }
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let room = self.limit - self.bytes.len();
        self.bytes.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if bytes.len() > room {
            return Err(Stop::OutputLimit);
        }
        Ok(())
    }
}

impl Channel {
    pub(crate) fn new(limit: u64) -> Self {
        Self {
            job: Vec::new(),
            read: 0,
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            message: None,
        }
    }

    /// Gives the harness a job, and forgets what it said before.
    pub(crate) fn give(&mut self, job: Vec<u8>) {
        self.job = job;
        self.read = 0;
        self.message = None;
    }

    /// Lets the harness say as much as it likes: what it compiled is bounded by its memory.
    pub(crate) fn without_limit(&mut self) {
        self.limit = usize::MAX;
    }
}

pub(super) fn add(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(WASI, "fd_read", fd_read)?;
    linker.func_wrap(WASI, "fd_write", fd_write)?;
    linker.func_wrap(WASI, "fd_fdstat_get", fd_fdstat_get)?;
    linker.func_wrap(WASI, "fd_filestat_get", fd_filestat_get)?;
    linker.func_wrap(WASI, "fd_close", fd_close)?;
    Ok(())
}

fn fd_read(
    mut caller: Caller<'_, Guest>,
    fd: i32,
    list: u32,
    count: u32,
    result: u32,
) -> wasmtime::Result<Errno> {
    if library::is_handle(fd) {
        return library::read(&mut caller, fd, list, count, result, None);
    }
    let read = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        let (source, read) = match fd {
            0 if !guest.stdin.closed => (&guest.stdin.bytes, &mut guest.stdin.read),
            CHANNEL => (&guest.channel.job, &mut guest.channel.read),
            _ => return Err(BADF),
        };
        let buffers = memory.buffers(list, count)?;
        let bytes = fill(&mut memory, buffers, &source[*read..]);
        *read += bytes;
        memory.set_u32(result, bytes as u32)
    };
    Ok(errno::from(read(&mut caller)))
}

/// Copies `source` into `buffers`, and returns how much of it there was room for.
pub(super) fn fill(memory: &mut View<'_>, buffers: Vec<Range>, source: &[u8]) -> usize {
    let mut done = 0;
    for buffer in buffers {
        let length = buffer.len().min(source.len() - done);
        memory
            .at_mut(buffer.start..buffer.start + length)
            .copy_from_slice(&source[done..done + length]);
        done += length;
    }
    done
}

fn fd_write(
    mut caller: Caller<'_, Guest>,
    fd: i32,
    list: u32,
    count: u32,
    result: u32,
) -> wasmtime::Result<Errno> {
    let written = write(&mut caller, fd, list, count)?;
    let set = |caller: &mut Caller<'_, Guest>| view(caller)?.0.set_u32(result, written?);
    let errno = errno::from(set(&mut caller));
    if fd == CHANNEL && caller.data().peer.is_some() {
        crate::check::forward(&mut caller)?;
    }
    Ok(errno)
}

fn write(
    caller: &mut Caller<'_, Guest>,
    fd: i32,
    list: u32,
    count: u32,
) -> wasmtime::Result<Result<u32, Errno>> {
    let (memory, guest) = match view(caller) {
        Ok(both) => both,
        Err(errno) => return Ok(Err(errno)),
    };
    let buffers = match memory.buffers(list, count) {
        Ok(buffers) => buffers,
        Err(errno) => return Ok(Err(errno)),
    };
    let length: usize = buffers.iter().map(Range::len).sum();
    match fd {
        1 | 2 => {
            let stream = if fd == 1 {
                &mut guest.stdout
            } else {
                &mut guest.stderr
            };
            if stream.closed {
                return Ok(Err(BADF));
            }
            for buffer in buffers {
                stream.push(memory.at(buffer))?;
            }
        }
        CHANNEL => {
            if length > guest.channel.limit {
                return Err(Stop::OutputLimit.into());
            }
            let mut message = Vec::with_capacity(length);
            for buffer in buffers {
                message.extend_from_slice(memory.at(buffer));
            }
            guest.channel.message = Some(message);
        }
        _ => return Ok(Err(BADF)),
    }
    Ok(u32::try_from(length).map_err(|_| FAULT))
}

/// Type of an open file, and its size.
fn kind(guest: &Guest, fd: i32) -> Result<(u8, u64), Errno> {
    match fd {
        0 if !guest.stdin.closed => Ok((SOCKET_STREAM, guest.stdin.bytes.len() as u64)),
        1 if !guest.stdout.closed => Ok((SOCKET_STREAM, 0)),
        2 if !guest.stderr.closed => Ok((SOCKET_STREAM, 0)),
        CHANNEL => Ok((SOCKET_STREAM, guest.channel.job.len() as u64)),
        library::DIRECTORY_FD if guest.library.is_some() => Ok((DIRECTORY, 0)),
        _ => Ok((REGULAR_FILE, library::size(guest, fd)?)),
    }
}

fn fd_fdstat_get(mut caller: Caller<'_, Guest>, fd: i32, result: u32) -> Errno {
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        let (kind, _) = kind(guest, fd)?;
        let stat = memory.bytes_mut(result, 24)?;
        stat.fill(0);
        stat[0] = kind;
        stat[8..16].copy_from_slice(&ALL_RIGHTS.to_le_bytes());
        stat[16..24].copy_from_slice(&ALL_RIGHTS.to_le_bytes());
        Ok(())
    };
    errno::from(get(&mut caller))
}

fn fd_filestat_get(mut caller: Caller<'_, Guest>, fd: i32, result: u32) -> Errno {
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        let (kind, size) = kind(guest, fd)?;
        set_stat(&mut memory, result, kind, size)
    };
    errno::from(get(&mut caller))
}

/// Writes a `filestat`: one link, all times 0.
pub(super) fn set_stat(memory: &mut View<'_>, address: u32, kind: u8, size: u64) -> Result<(), Errno> {
    let stat = memory.bytes_mut(address, 64)?;
    stat.fill(0);
    stat[16] = kind;
    stat[24] = 1;
    stat[32..40].copy_from_slice(&size.to_le_bytes());
    Ok(())
}

/// `set_stat` of the library's file or of its directory.
pub(super) fn set_library_stat(memory: &mut View<'_>, address: u32, size: Option<u64>) -> Result<(), Errno> {
    match size {
        Some(size) => set_stat(memory, address, REGULAR_FILE, size),
        None => set_stat(memory, address, DIRECTORY, 0),
    }
}

fn fd_close(mut caller: Caller<'_, Guest>, fd: i32) -> Errno {
    let guest = caller.data_mut();
    let closed = match fd {
        0 => &mut guest.stdin.closed,
        1 => &mut guest.stdout.closed,
        2 => &mut guest.stderr.closed,
        _ => return errno::from(library::close(guest, fd)),
    };
    if std::mem::replace(closed, true) {
        return BADF;
    }
    errno::OK
}
