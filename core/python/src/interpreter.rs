//! The installed interpreter, mapped and ready to be entered.

use std::path::Path;
use std::sync::Arc;

use wasmtime::{Engine, InstancePre, Module};

use crate::cache::{self, CODE, Record};
use crate::guest::{Guest, Library};
use crate::install::open_library;
use crate::page_map::PageMap;
use crate::reset::Origin;
use crate::rooms::Rooms;
use crate::seats::Seats;
use crate::source::MODULE;
use crate::{PythonError, engine, rewrite, wasi};

/// Environment variable that says where the installed interpreter is: what the tests of this crate that need one read.
pub const CACHE_VARIABLE: &str = "RESTEM_PYTHON_CACHE";

/// A compiled Python interpreter. Cheap to clone; up to four runs at once, more wait for their turn.
///
/// For speed use one process per core: the threads of one process share its address space, which every run changes.
#[derive(Clone)]
pub struct Interpreter(Arc<Mapped>);

struct Mapped {
    engine: Engine,
    pre: InstancePre<Guest>,
    library: Library,
    record: Record,
    /// Names of the exports that are mutable globals.
    globals: Vec<String>,
    /// What instances are put back from, where the kernel tells what they wrote.
    origin: Option<(Origin, PageMap)>,
    seats: Seats,
    rooms: Rooms,
}

/// What a verdict rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// sha256 of the snapshot's WebAssembly module: interpreter, harness and their state.
    pub snapshot_sha256: String,
    /// sha256 of the interpreter as it came.
    pub module_sha256: String,
    /// Version of Python, such as `3.15.0`.
    pub python: String,
}

impl std::fmt::Display for Identity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "CPython {}, snapshot sha256 {}",
            self.python, self.snapshot_sha256
        )
    }
}

impl Interpreter {
    /// Maps the compiled interpreter from `cache`, in about 10 ms.
    ///
    /// # Errors
    /// [`PythonError::NotInstalled`] when it isn't there, [`PythonError::Cache`] when the directory is not this user's
    /// alone, [`PythonError::Engine`] when wasmtime refuses it.
    pub fn open(cache: &Path) -> Result<Self, PythonError> {
        let not_installed = || PythonError::NotInstalled {
            cache: cache.to_owned(),
        };
        if !cache.exists() {
            return Err(not_installed());
        }
        cache::check_own(cache)?;
        let (engine, page_map) = engine::for_runs()?;
        let path = cache::entry_path(cache, &engine);
        let record = cache::record(&path).ok_or_else(not_installed)?;
        let module = map(&engine, &path.join(CODE))?;
        let pre = wasi::linker(&engine)?
            .instantiate_pre(&module)
            .map_err(|error| PythonError::Engine {
                what: format!("{error:#}"),
            })?;
        let library = open_library(&path)?;
        let globals = module.exports().map(|export| export.name().to_owned());
        let globals = globals
            .filter(|name| rewrite::global_index(name).is_some())
            .collect();
        let origin = page_map.and_then(|page_map| Some((Origin::new(&engine, &pre)?, page_map)));
        Ok(Self(Arc::new(Mapped {
            engine,
            pre,
            library,
            record,
            globals,
            origin,
            seats: Seats::new(engine::STORES),
            rooms: Rooms::new(),
        })))
    }

    /// What a verdict rests on.
    #[must_use]
    pub fn identity(&self) -> Identity {
        Identity {
            snapshot_sha256: self.0.record.snapshot_sha256.clone(),
            module_sha256: MODULE.sha256.to_owned(),
            python: self.0.record.python.clone(),
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(crate) fn pre(&self) -> &InstancePre<Guest> {
        &self.0.pre
    }

    pub(crate) fn library(&self) -> Library {
        self.0.library.clone()
    }

    pub(crate) fn record(&self) -> &Record {
        &self.0.record
    }

    pub(crate) fn globals(&self) -> &[String] {
        &self.0.globals
    }

    /// What instances are put back from, where they are.
    pub(crate) fn origin(&self) -> Option<(&Origin, &PageMap)> {
        self.0
            .origin
            .as_ref()
            .map(|(origin, page_map)| (origin, page_map))
    }

    pub(crate) fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    pub(crate) fn seats(&self) -> &Seats {
        &self.0.seats
    }
}

impl std::fmt::Debug for Interpreter {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_tuple("Interpreter")
            .field(&self.identity())
            .finish()
    }
}

#[expect(unsafe_code, reason = "wasmtime trusts compiled code")]
fn map(engine: &Engine, path: &Path) -> Result<Module, PythonError> {
    // SAFETY: `install` wrote this file, into a directory that only this user may enter (`cache::check_own` has just proved
    // it), under a name that stands for this wasmtime with these settings, and renamed it there whole; nothing writes to it
    // afterwards. `a_cache_that_others_may_enter_is_refused` and `other_settings_have_another_entry` test this.
    unsafe { Module::deserialize_file(engine, path) }.map_err(|error| PythonError::Engine {
        what: format!("`{}` can't be mapped: {error:#}", path.display()),
    })
}
