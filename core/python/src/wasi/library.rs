//! The one file: the zipped standard library, read-only, in a directory of its own.

use std::os::unix::fs::FileExt;

use wasmtime::{Caller, Linker};

use super::errno::{self, BADF, Errno, FAULT, INVAL, IO, NFILE, NOENT, ROFS, SPIPE};
use super::memory::view;
use super::streams::set_library_stat;
use super::{WASI, charge};
use crate::guest::Guest;

/// Where the interpreter looks for its library.
const DIRECTORY: &[u8] = b"/usr/local/lib";

/// Name of the library there.
const FILE: &[u8] = b"python315.zip";

/// Descriptor of the directory: WASI's first one after the standard three.
pub(super) const DIRECTORY_FD: i32 = 3;

/// Descriptor of the first open file.
const FIRST: i32 = 4;

/// Files that may be open at once.
const MOST: usize = 64;

/// What `path_open` may be asked for and would change the file.
const CREATE: i32 = 1;
const TRUNCATE: i32 = 8;
const WRITE: i64 = 1 << 6;

/// Bytes read from the file at a time.
const CHUNK: usize = 64 << 10;

/// Positions in the open files.
#[derive(Default)]
pub(crate) struct Handles(Vec<Option<u64>>);

impl Handles {
    fn position(&mut self, fd: i32) -> Result<&mut u64, Errno> {
        let index = usize::try_from(fd - FIRST).map_err(|_| BADF)?;
        self.0.get_mut(index).and_then(Option::as_mut).ok_or(BADF)
    }

    fn open(&mut self) -> Result<i32, Errno> {
        let index = match self.0.iter().position(Option::is_none) {
            Some(index) => index,
            None if self.0.len() < MOST => {
                self.0.push(None);
                self.0.len() - 1
            }
            None => return Err(NFILE),
        };
        self.0[index] = Some(0);
        Ok(FIRST + index as i32)
    }
}

/// Whether a descriptor could be an open file.
pub(super) fn is_handle(fd: i32) -> bool {
    (FIRST..FIRST + MOST as i32).contains(&fd)
}

/// Size of an open file.
pub(super) fn size(guest: &Guest, fd: i32) -> Result<u64, Errno> {
    let index = usize::try_from(fd - FIRST).map_err(|_| BADF)?;
    match (guest.handles.0.get(index), &guest.library) {
        (Some(Some(_)), Some(library)) => Ok(library.size),
        _ => Err(BADF),
    }
}

pub(super) fn close(guest: &mut Guest, fd: i32) -> Result<(), Errno> {
    guest.handles.position(fd)?;
    guest.handles.0[(fd - FIRST) as usize] = None;
    Ok(())
}

pub(super) fn add(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(WASI, "fd_pread", fd_pread)?;
    linker.func_wrap(WASI, "fd_seek", fd_seek)?;
    linker.func_wrap(
        WASI,
        "fd_tell",
        |mut caller: Caller<'_, Guest>, fd: i32, result: u32| fd_seek_to(&mut caller, fd, 0, 1, result),
    )?;
    linker.func_wrap(WASI, "fd_prestat_get", fd_prestat_get)?;
    linker.func_wrap(WASI, "fd_prestat_dir_name", fd_prestat_dir_name)?;
    linker.func_wrap(WASI, "path_filestat_get", path_filestat_get)?;
    linker.func_wrap(WASI, "path_open", path_open)?;
    Ok(())
}

/// Reads from an open file, at `at` or at its position, which then moves.
pub(super) fn read(
    caller: &mut Caller<'_, Guest>,
    fd: i32,
    list: u32,
    count: u32,
    result: u32,
    at: Option<u64>,
) -> wasmtime::Result<Errno> {
    let read = |caller: &mut Caller<'_, Guest>| -> Result<u32, Errno> {
        let (mut memory, guest) = view(caller)?;
        let library = guest.library.clone().ok_or(BADF)?;
        let position = guest.handles.position(fd)?;
        let start = at.unwrap_or(*position);
        let mut offset = start;
        for buffer in memory.buffers(list, count)? {
            for chunk in memory.at_mut(buffer).chunks_mut(CHUNK) {
                let length = library.size.saturating_sub(offset).min(chunk.len() as u64);
                let chunk = &mut chunk[..length as usize];
                library.file.read_exact_at(chunk, offset).map_err(|_| IO)?;
                offset += length;
            }
        }
        if at.is_none() {
            *position = offset;
        }
        let bytes = (offset - start) as u32;
        memory.set_u32(result, bytes)?;
        Ok(bytes)
    };
    match read(caller) {
        Ok(bytes) => {
            charge(caller, bytes)?;
            Ok(errno::OK)
        }
        Err(errno) => Ok(errno),
    }
}

fn fd_pread(
    mut caller: Caller<'_, Guest>,
    fd: i32,
    list: u32,
    count: u32,
    offset: u64,
    result: u32,
) -> wasmtime::Result<Errno> {
    read(&mut caller, fd, list, count, result, Some(offset))
}

fn fd_seek(mut caller: Caller<'_, Guest>, fd: i32, offset: i64, whence: i32, result: u32) -> Errno {
    fd_seek_to(&mut caller, fd, offset, whence, result)
}

fn fd_seek_to(caller: &mut Caller<'_, Guest>, fd: i32, offset: i64, whence: i32, result: u32) -> Errno {
    let seek = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        if !is_handle(fd) {
            return Err(SPIPE);
        }
        let size = size(guest, fd)?;
        let position = guest.handles.position(fd)?;
        let base = match whence {
            0 => 0,
            1 => *position,
            2 => size,
            _ => return Err(INVAL),
        };
        *position = base.checked_add_signed(offset).ok_or(INVAL)?;
        memory.set_u64(result, *position)
    };
    errno::from(seek(caller))
}

fn fd_prestat_get(mut caller: Caller<'_, Guest>, fd: i32, result: u32) -> Errno {
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        if fd != DIRECTORY_FD || guest.library.is_none() {
            return Err(BADF);
        }
        memory.set_u32(result, 0)?;
        memory.set_u32(result.checked_add(4).ok_or(FAULT)?, DIRECTORY.len() as u32)
    };
    errno::from(get(&mut caller))
}

fn fd_prestat_dir_name(mut caller: Caller<'_, Guest>, fd: i32, name: u32, length: u32) -> Errno {
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        if fd != DIRECTORY_FD || guest.library.is_none() {
            return Err(BADF);
        }
        if (length as usize) < DIRECTORY.len() {
            return Err(INVAL);
        }
        memory
            .bytes_mut(name, DIRECTORY.len() as u32)?
            .copy_from_slice(DIRECTORY);
        Ok(())
    };
    errno::from(get(&mut caller))
}

fn path_filestat_get(
    mut caller: Caller<'_, Guest>,
    fd: i32,
    _flags: i32,
    path: u32,
    length: u32,
    result: u32,
) -> Errno {
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        let library = guest
            .library
            .as_ref()
            .filter(|_| fd == DIRECTORY_FD)
            .ok_or(BADF)?;
        let size = match memory.bytes(path, length)? {
            FILE => Some(library.size),
            b"" | b"." => None,
            _ => return Err(NOENT),
        };
        set_library_stat(&mut memory, result, size)
    };
    errno::from(get(&mut caller))
}

#[expect(clippy::too_many_arguments, reason = "WASI has it so")]
fn path_open(
    mut caller: Caller<'_, Guest>,
    fd: i32,
    _lookup: i32,
    path: u32,
    length: u32,
    how: i32,
    rights: i64,
    _inherited: i64,
    _flags: i32,
    result: u32,
) -> Errno {
    let open = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        if fd != DIRECTORY_FD || guest.library.is_none() {
            return Err(BADF);
        }
        if memory.bytes(path, length)? != FILE {
            return Err(NOENT);
        }
        if how & (CREATE | TRUNCATE) != 0 || rights & WRITE != 0 {
            return Err(ROFS);
        }
        memory.set_u32(result, guest.handles.open()?.cast_unsigned())
    };
    errno::from(open(&mut caller))
}
