//! WASI 0.2 for guests whose toolchains can't do without it: deterministic, and empty but for granted directories.
//!
//! No environment, no arguments, an empty standard input; what is written counts as log. The wall clock stands still, the
//! monotonic clock is virtual and nothing ever waits; random bytes come from a fixed seed, anew in each store; every
//! socket is refused. So none of this is a capability. Directories are, and are in `directory`; `files` reads them.
//!
//! A host of our own, not wasmtime-wasi: that one sleeps, reads real metadata and wants an asynchronous runtime, so that
//! little more than its types would be left after all was replaced. Each call here costs the guest fuel (`serve`), so that
//! a flood of them ends like any other loop. Functions that WASI has and this has not trap with their name.

mod cli;
mod clocks;
mod directory;
mod error_code;
mod files;
mod io;
mod listing;
mod random;
mod serve;
mod sockets;
mod trap;

use std::collections::BTreeSet;
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};

use crate::guest_state::GuestState;

pub(crate) use directory::{Directories, Directory};
pub(crate) use trap::WasiTrap;

/// Bytes of standard error that a message may show.
const LAST_WORDS: usize = 2_000;

/// Files and directories that a guest may hold open at once.
const OPEN_FILES: usize = 16;

/// The interfaces that guests may import.
const INTERFACES: [&str; 27] = [
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:cli/stderr",
    "wasi:cli/terminal-input",
    "wasi:cli/terminal-output",
    "wasi:cli/terminal-stdin",
    "wasi:cli/terminal-stdout",
    "wasi:cli/terminal-stderr",
    "wasi:clocks/monotonic-clock",
    "wasi:clocks/wall-clock",
    "wasi:filesystem/preopens",
    "wasi:filesystem/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    "wasi:random/insecure",
    "wasi:random/insecure-seed",
    "wasi:random/random",
    "wasi:sockets/instance-network",
    "wasi:sockets/ip-name-lookup",
    "wasi:sockets/network",
    "wasi:sockets/tcp",
    "wasi:sockets/tcp-create-socket",
    "wasi:sockets/udp",
    "wasi:sockets/udp-create-socket",
];

/// What a store remembers for its guest.
#[derive(Debug)]
pub(crate) struct Wasi {
    /// Nanoseconds of the monotonic clock.
    clock: u64,
    /// State of the generator of random numbers.
    random: u64,
    directories: Directories,
    /// One clone for each open file, so that they can be counted.
    seats: Option<Arc<()>>,
    /// The end of what was written to standard error since the call began.
    last_words: Vec<u8>,
}

impl Wasi {
    pub(crate) fn new(directories: Directories) -> Self {
        Self {
            clock: 0,
            random: random::SEED,
            directories,
            seats: None,
            last_words: Vec::new(),
        }
    }

    /// Begins a call: what was said during the last one says nothing about this one.
    pub(crate) fn begin_call(&mut self) {
        self.last_words.clear();
    }

    /// The end of what the guest wrote to standard error during this call.
    pub(crate) fn last_words(&self) -> Option<String> {
        let text = String::from_utf8_lossy(&self.last_words);
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn hear(&mut self, text: &[u8]) {
        self.last_words
            .extend_from_slice(&text[text.len().saturating_sub(LAST_WORDS)..]);
        let too_many = self.last_words.len().saturating_sub(LAST_WORDS);
        self.last_words.drain(..too_many);
    }
}

/// Whether the import `name` is one of WASI's that a guest may have.
pub(crate) fn is_offered(name: &str) -> bool {
    name.split_once('@')
        .is_some_and(|(interface, version)| INTERFACES.contains(&interface) && is_served_version(version))
}

/// Whether the import `name` could show a guest a file.
pub(crate) fn shows_files(name: &str) -> bool {
    name.starts_with("wasi:filesystem/preopens@")
}

/// 0.2 in all its releases, which only add functions.
fn is_served_version(version: &str) -> bool {
    semver::Version::parse(version)
        .is_ok_and(|version| version.major == 0 && version.minor == 2 && version.pre.is_empty())
}

/// Links what `component` imports of WASI, if anything.
pub(crate) fn add_to_linker(
    linker: &mut Linker<GuestState>,
    engine: &Engine,
    component: &Component,
) -> wasmtime::Result<()> {
    let wanted = wanted(engine, component);
    if wanted.is_empty() {
        return Ok(());
    }
    let mut server = serve::Server::new(linker, wanted);
    cli::serve(&mut server)?;
    clocks::serve(&mut server)?;
    files::serve(&mut server)?;
    io::serve(&mut server)?;
    random::serve(&mut server)?;
    sockets::serve(&mut server)?;
    server.trap_the_rest()
}

/// Interface and name of each function of WASI that `component` imports.
fn wanted(engine: &Engine, component: &Component) -> BTreeSet<(String, String)> {
    let mut wanted = BTreeSet::new();
    for (name, item) in component.component_type().imports(engine) {
        let (Some((interface, _)), ComponentItem::ComponentInstance(instance)) =
            (name.split_once('@'), &item.ty)
        else {
            continue;
        };
        if !is_offered(name) {
            continue;
        }
        for (function, item) in instance.exports(engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                wanted.insert((interface.to_owned(), function.to_owned()));
            }
        }
        // An interface of types alone is wanted, too.
        wanted.insert((interface.to_owned(), String::new()));
    }
    wanted
}
