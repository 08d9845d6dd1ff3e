//! Arguments, environment, entropy and exit.

use wasmtime::{Caller, Linker};

use super::errno::{self, Errno, FAULT};
use super::memory::view;
use super::{WASI, charge};
use crate::guest::Guest;
use crate::stop::Stop;

pub(super) fn add(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    linker.func_wrap(WASI, "args_get", args_get)?;
    linker.func_wrap(WASI, "args_sizes_get", args_sizes_get)?;
    linker.func_wrap(WASI, "environ_get", |_: u32, _: u32| errno::OK)?;
    linker.func_wrap(
        WASI,
        "environ_sizes_get",
        |mut caller: Caller<'_, Guest>, count: u32, size: u32| {
            errno::from(set_pair(&mut caller, (count, 0), (size, 0)))
        },
    )?;
    linker.func_wrap(WASI, "random_get", random_get)?;
    linker.func_wrap(WASI, "sched_yield", || errno::OK)?;
    linker.func_wrap(WASI, "proc_exit", |status: i32| -> wasmtime::Result<()> {
        Err(Stop::Exit(status).into())
    })?;
    Ok(())
}

fn set_pair(caller: &mut Caller<'_, Guest>, first: (u32, u32), second: (u32, u32)) -> Result<(), Errno> {
    let (mut memory, _) = view(caller)?;
    memory.set_u32(first.0, first.1)?;
    memory.set_u32(second.0, second.1)
}

fn args_sizes_get(mut caller: Caller<'_, Guest>, count: u32, size: u32) -> Errno {
    let arguments = &caller.data().arguments;
    let number = arguments.len() as u32;
    let bytes = arguments.iter().map(|argument| argument.len() as u32 + 1).sum();
    errno::from(set_pair(&mut caller, (count, number), (size, bytes)))
}

fn args_get(mut caller: Caller<'_, Guest>, pointers: u32, buffer: u32) -> Errno {
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        let (mut pointer, mut start) = (pointers, buffer);
        for argument in &guest.arguments {
            memory.set_u32(pointer, start)?;
            let length = argument.len() as u32;
            let place = memory.bytes_mut(start, length + 1)?;
            place[..argument.len()].copy_from_slice(argument);
            place[argument.len()] = 0;
            pointer = pointer.checked_add(4).ok_or(FAULT)?;
            start = start.checked_add(length + 1).ok_or(FAULT)?;
        }
        Ok(())
    };
    errno::from(get(&mut caller))
}

fn random_get(mut caller: Caller<'_, Guest>, buffer: u32, length: u32) -> wasmtime::Result<Errno> {
    charge(&mut caller, length)?;
    let get = |caller: &mut Caller<'_, Guest>| -> Result<(), Errno> {
        let (mut memory, guest) = view(caller)?;
        for chunk in memory.bytes_mut(buffer, length)?.chunks_mut(8) {
            chunk.copy_from_slice(&guest.next_random().to_le_bytes()[..chunk.len()]);
        }
        Ok(())
    };
    Ok(errno::from(get(&mut caller)))
}
