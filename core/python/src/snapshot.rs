//! Captures a live interpreter.
//!
//! The interpreter is started with the harness as its program. The harness imports the usual modules, warms itself up, says
//! where its function `entry` is, and calls `os._exit`. That ends the WebAssembly call in a host function, so that the
//! memory still holds the interpreter as it was: a module with that memory and those globals is one that has already
//! started.

use std::collections::BTreeMap;
use std::time::Duration;

use wasmtime::{Engine, Instance, Module, Store, Val};

use crate::entry::Entry;
use crate::guest::{Guest, Library};
use crate::image::{GlobalValue, Image};
use crate::stop::Stop;
use crate::{PythonError, RunLimits, c_stack, drive, harness, rewrite, wasi};

/// Status with which the harness says that all went well.
const READY: i32 = 77;

/// The interpreter's own start takes 6 G of fuel and 60 MB.
const LIMITS: RunLimits = RunLimits {
    fuel: 1 << 50,
    memory_bytes: 1 << 30,
    output_bytes: 1 << 20,
    wall_clock: Duration::from_secs(600),
};

/// A captured interpreter.
pub(crate) struct Snapshot {
    /// A WebAssembly module that has started.
    pub(crate) module: Vec<u8>,
    /// The way into it.
    pub(crate) entry: Entry,
    /// Version of Python.
    pub(crate) python: String,
}

/// Starts `module`, compiled from `exported`, and captures it.
pub(crate) fn take(
    engine: &Engine,
    module: &Module,
    exported: &[u8],
    library: Library,
) -> Result<Snapshot, PythonError> {
    let mut guest = Guest::new(&LIMITS, Some(library));
    guest.arguments = harness::command_line();
    let mut store = drive::store(engine, guest, &LIMITS).map_err(engine_error)?;
    let instance = wasi::linker(engine)?
        .instantiate(&mut store, module)
        .map_err(engine_error)?;
    drive::look_at_the_clock(&mut store).map_err(engine_error)?;
    let (object, python) = start(&mut store, &instance)?;
    let mut image = capture(&mut store, &instance, module)?;
    c_stack::widen(&mut image)?;
    let entry = Entry::find(&image, object)?;
    let module = rewrite::with_image(exported, &image)?;
    Ok(Snapshot {
        module,
        entry,
        python,
    })
}

/// Runs the interpreter until the harness exits, and returns where its `entry` is and the version of Python.
fn start(store: &mut Store<Guest>, instance: &Instance) -> Result<(u32, String), PythonError> {
    // A reactor is initialised and then run, a command does both in `_start`.
    let names: &[&str] = match instance.get_func(&mut *store, "_start") {
        Some(_) => &["_start"],
        None => &["_initialize", "run"],
    };
    for name in names {
        let function = instance
            .get_func(&mut *store, name)
            .ok_or_else(|| PythonError::Module {
                what: format!("it exports neither `_start` nor `{name}`"),
            })?;
        let mut results = vec![Val::I32(0); function.ty(&*store).results().len()];
        let call = function.call_async(&mut *store, &[], &mut results);
        match drive::until(call, LIMITS.wall_clock) {
            Some(Ok(())) => {}
            Some(Err(error)) if matches!(error.downcast_ref(), Some(Stop::Exit(READY))) => {
                return ready(store.data());
            }
            Some(Err(error)) => return Err(preload_error(store.data(), &format!("{error:#}"))),
            None => return Err(preload_error(store.data(), "it took more than ten minutes")),
        }
    }
    Err(preload_error(store.data(), "it ended without an exit"))
}

fn ready(guest: &Guest) -> Result<(u32, String), PythonError> {
    let message = guest.channel.message.as_deref().unwrap_or_default();
    std::str::from_utf8(message)
        .ok()
        .and_then(|text| text.split_once(' '))
        .and_then(|(address, version)| Some((address.parse().ok()?, version.to_owned())))
        .ok_or_else(|| preload_error(guest, "it did not say where its entry is"))
}

fn capture(store: &mut Store<Guest>, instance: &Instance, module: &Module) -> Result<Image, PythonError> {
    let memory = instance
        .get_memory(&mut *store, "memory")
        .ok_or_else(|| PythonError::Module {
            what: "it exports no `memory`".to_owned(),
        })?;
    let memory = memory.data(&*store).to_vec();
    let mut globals = BTreeMap::new();
    for export in module.exports() {
        let Some(index) = rewrite::global_index(export.name()) else {
            continue;
        };
        if let Some(global) = instance.get_global(&mut *store, export.name()) {
            let value = match global.get(&mut *store) {
                Val::I32(value) => GlobalValue::I32(value),
                Val::I64(value) => GlobalValue::I64(value),
                Val::F32(bits) => GlobalValue::F32(bits),
                Val::F64(bits) => GlobalValue::F64(bits),
                _ => {
                    return Err(PythonError::Module {
                        what: format!("its global {index} is not a number"),
                    });
                }
            };
            globals.insert(index, value);
        }
    }
    Ok(Image { memory, globals })
}

fn preload_error(guest: &Guest, how: &str) -> PythonError {
    let text = [&guest.stdout.bytes, &guest.stderr.bytes].map(|bytes| String::from_utf8_lossy(bytes));
    PythonError::Preload {
        what: format!("{how}\n{}{}", text[0], text[1]),
    }
}

fn engine_error(error: wasmtime::Error) -> PythonError {
    PythonError::Engine {
        what: format!("{error:#}"),
    }
}
