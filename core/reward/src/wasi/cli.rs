//! `wasi:cli`: no environment, no arguments, no terminal; standard input is empty and what is written counts as log.

use wasmtime::component::Resource;

use super::WasiTrap;
use super::io::{Channel, InputStream, OutputStream};
use super::serve::{LOOK_UP, Server};

/// A terminal, of which there are none.
#[derive(Debug)]
enum Terminal {}

pub(super) fn serve(server: &mut Server<'_>) -> wasmtime::Result<()> {
    server.interface("wasi:cli/environment", |interface| {
        interface.answer("get-environment", LOOK_UP, |_, (): ()| {
            Ok(Vec::<(String, String)>::new())
        })?;
        interface.answer("get-arguments", LOOK_UP, |_, (): ()| Ok(Vec::<String>::new()))?;
        interface.answer("initial-cwd", LOOK_UP, |_, (): ()| Ok(None::<String>))
    })?;
    server.interface("wasi:cli/exit", |interface| {
        interface.act("exit", LOOK_UP, |_, (_status,): (Result<(), ()>,)| {
            Err(WasiTrap::Exit.into())
        })
    })?;
    server.interface("wasi:cli/stdin", |interface| {
        interface.answer("get-stdin", LOOK_UP, |caller, (): ()| {
            caller.keep(InputStream::Empty)
        })
    })?;
    server.interface("wasi:cli/stdout", |interface| {
        interface.answer("get-stdout", LOOK_UP, |caller, (): ()| {
            caller.keep(OutputStream(Channel::Output))
        })
    })?;
    server.interface("wasi:cli/stderr", |interface| {
        interface.answer("get-stderr", LOOK_UP, |caller, (): ()| {
            caller.keep(OutputStream(Channel::Error))
        })
    })?;
    server.interface("wasi:cli/terminal-input", |interface| {
        interface.resource::<Terminal>("terminal-input")
    })?;
    server.interface("wasi:cli/terminal-output", |interface| {
        interface.resource::<Terminal>("terminal-output")
    })?;
    for (name, function) in [
        ("wasi:cli/terminal-stdin", "get-terminal-stdin"),
        ("wasi:cli/terminal-stdout", "get-terminal-stdout"),
        ("wasi:cli/terminal-stderr", "get-terminal-stderr"),
    ] {
        server.interface(name, |interface| {
            interface.answer(function, LOOK_UP, |_, (): ()| Ok(None::<Resource<Terminal>>))
        })?;
    }
    Ok(())
}
