//! A compiled plugin and its engine, ready to be entered.

use std::fmt;

use restem_python::Interpreter;
use wasmtime::component::Component;
use wasmtime::{Engine, Store};

use crate::api::{Api, ApiVersion, Guest};
use crate::epoch::EpochTicker;
use crate::guest_state::GuestState;
use crate::wasi::{Directories, Directory, Wasi};
use crate::{Limits, RewardError, inspect};

/// A compiled plugin: instances of it are made from here.
pub(crate) struct Program {
    engine: Engine,
    component: Component,
    api: Box<dyn Api>,
    /// Its API version.
    pub(crate) version: ApiVersion,
    /// What it imports.
    pub(crate) imports: Vec<String>,
    limits: Limits,
    python: Option<Interpreter>,
    directories: Directories,
    _ticker: EpochTicker,
}

impl Program {
    /// Links `component` after looking at its imports and exports. `ticker` must belong to `engine`; `python` is there
    /// when the capability was asked for and granted.
    pub(crate) fn link(
        label: &str,
        engine: Engine,
        ticker: EpochTicker,
        component: Component,
        limits: Limits,
        python: Option<Interpreter>,
    ) -> Result<Self, RewardError> {
        let linked = python.is_some();
        Self::link_with(label, engine, ticker, component, limits, python, linked)
    }

    /// Links `component` to be described: what it imports is there, and traps when it is used.
    pub(crate) fn for_probe(
        label: &str,
        engine: Engine,
        ticker: EpochTicker,
        component: Component,
        limits: Limits,
    ) -> Result<Self, RewardError> {
        Self::link_with(label, engine, ticker, component, limits, None, true)
    }

    fn link_with(
        label: &str,
        engine: Engine,
        ticker: EpochTicker,
        component: Component,
        limits: Limits,
        python: Option<Interpreter>,
        link_python: bool,
    ) -> Result<Self, RewardError> {
        let imports = inspect::imports(label, &engine, &component)?;
        let version = inspect::api_version(label, &engine, &component)?;
        let api =
            version
                .link(&engine, &component, link_python)
                .map_err(|error| RewardError::NotAPlugin {
                    plugin: label.to_owned(),
                    what: format!(
                        "its types are not those of the reward API {}: {error:#}",
                        version.name()
                    ),
                })?;
        Ok(Self {
            engine,
            component,
            api,
            version,
            imports,
            limits,
            python,
            directories: Directories::default(),
            _ticker: ticker,
        })
    }

    /// With directories for its guests to read.
    pub(crate) fn with_directories(mut self, directories: Vec<Directory>) -> Self {
        self.directories = directories.into();
        self
    }

    /// The native code, for a worker process of this program.
    pub(crate) fn code(&self) -> Result<Vec<u8>, RewardError> {
        self.component.serialize().map_err(|error| RewardError::Engine {
            what: format!("{error:#}"),
        })
    }

    /// An instance in a store of its own.
    pub(crate) fn enter(&self) -> Entered {
        let mut store = GuestState::store(&self.engine, &self.limits, self.python.as_ref());
        if !self.directories.is_empty() {
            store.data_mut().wasi = Wasi::new(self.directories.clone());
        }
        Entered {
            store,
            guest: None,
            fuel: self.limits.fuel_per_task,
        }
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Program")
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// A store and the instance in it.
pub(crate) struct Entered {
    store: Store<GuestState>,
    guest: Option<Box<dyn Guest>>,
    fuel: u64,
}

/// How a call ended, with the fuel it used.
pub(crate) struct Ended<T> {
    pub(crate) result: wasmtime::Result<T>,
    /// The plugin's own.
    pub(crate) fuel: u64,
    /// Of the Python runs that it asked for.
    pub(crate) python_fuel: u64,
}

impl Entered {
    /// Makes one call with fuel and clock set anew. After an error the store must be dropped.
    pub(crate) fn call<T>(
        &mut self,
        program: &Program,
        call: impl FnOnce(&mut dyn Guest, &mut Store<GuestState>) -> wasmtime::Result<T>,
    ) -> Ended<T> {
        self.store.data_mut().begin_call();
        let result = self.store.set_fuel(self.fuel).and_then(|()| {
            let guest = match &mut self.guest {
                Some(guest) => guest,
                none => none.insert(program.api.instantiate(&mut self.store)?),
            };
            call(&mut **guest, &mut self.store)
        });
        let left = self.store.get_fuel().unwrap_or(0);
        Ended {
            result,
            fuel: self.fuel.saturating_sub(left),
            python_fuel: self.state().python_fuel(),
        }
    }

    pub(crate) fn state(&self) -> &GuestState {
        self.store.data()
    }
}
