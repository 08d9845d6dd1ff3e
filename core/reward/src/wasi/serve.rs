//! Functions of the host, each of which costs its caller fuel.
//!
//! Fuel bounds a call however many functions of the host it asks for, and at the same point on every machine. The clock
//! that guards against slow machines is not started again here: none of these functions waits.

use std::collections::BTreeSet;
use std::ops::{Deref, DerefMut};

use wasmtime::component::{
    ComponentNamedList, ComponentType, Lift, Linker, LinkerInstance, Lower, Resource, ResourceType, Val,
};
use wasmtime::{AsContextMut, StoreContextMut, Trap};

use super::WasiTrap;
use crate::LimitExceeded;
use crate::guest_state::GuestState;

/// Fuel of a call that only looks something up: more than it takes, so that a flood of calls is dearer than any other loop.
pub(super) const LOOK_UP: u64 = 500;

/// Handles (streams, files, timers) that a store may hold at once.
const HANDLES: usize = 1_000;

/// The version under which all of 0.2 is linked; the linker matches by semver.
const VERSION: &str = "0.2.0";

/// Defines functions in a linker, and knows which of those that are wanted are still missing.
pub(super) struct Server<'l> {
    linker: &'l mut Linker<GuestState>,
    missing: BTreeSet<(String, String)>,
}

impl<'l> Server<'l> {
    pub(super) fn new(linker: &'l mut Linker<GuestState>, wanted: BTreeSet<(String, String)>) -> Self {
        Self {
            linker,
            missing: wanted,
        }
    }

    /// Defines functions of one interface.
    pub(super) fn interface(
        &mut self,
        name: &'static str,
        define: impl FnOnce(&mut Interface<'_, '_>) -> wasmtime::Result<()>,
    ) -> wasmtime::Result<()> {
        let instance = self.linker.instance(&format!("{name}@{VERSION}"))?;
        define(&mut Interface {
            instance,
            name,
            missing: &mut self.missing,
        })
    }

    /// Defines the functions that are wanted and not served: calling one is the end of the call.
    pub(super) fn trap_the_rest(self) -> wasmtime::Result<()> {
        for (interface, function) in self.missing {
            let mut instance = self.linker.instance(&format!("{interface}@{VERSION}"))?;
            if !function.is_empty() {
                let name = format!("{interface}.{function}");
                instance.func_new(&function, move |_, _, _, _| {
                    Err(WasiTrap::Unserved(name.clone()).into())
                })?;
            }
        }
        Ok(())
    }
}

/// An interface that is being defined.
pub(super) struct Interface<'l, 'm> {
    instance: LinkerInstance<'l, GuestState>,
    name: &'static str,
    missing: &'m mut BTreeSet<(String, String)>,
}

impl Interface<'_, '_> {
    /// A function with a result. `fuel` is what it costs at least; [`Caller::charge`] takes more.
    pub(super) fn answer<P, R>(
        &mut self,
        function: &str,
        fuel: u64,
        answer: impl Fn(&mut Caller<'_>, P) -> wasmtime::Result<R> + Send + Sync + 'static,
    ) -> wasmtime::Result<()>
    where
        P: ComponentNamedList + Lift + 'static,
        R: ComponentType + Lower + 'static,
    {
        self.found(function);
        self.instance.func_wrap(function, move |store, parameters: P| {
            let mut caller = Caller(store);
            caller.charge(fuel)?;
            Ok((answer(&mut caller, parameters)?,))
        })
    }

    /// A function without a result.
    pub(super) fn act<P>(
        &mut self,
        function: &str,
        fuel: u64,
        act: impl Fn(&mut Caller<'_>, P) -> wasmtime::Result<()> + Send + Sync + 'static,
    ) -> wasmtime::Result<()>
    where
        P: ComponentNamedList + Lift + 'static,
    {
        self.found(function);
        self.instance.func_wrap(function, move |store, parameters: P| {
            let mut caller = Caller(store);
            caller.charge(fuel)?;
            act(&mut caller, parameters)
        })
    }

    /// A function that always answers with this error, whatever it is asked.
    pub(super) fn refuse(&mut self, function: &str, error: &'static str) -> wasmtime::Result<()> {
        self.found(function);
        self.instance
            .func_new(function, move |store, _, parameters, results| {
                let mut caller = Caller(store);
                caller.charge(LOOK_UP)?;
                for parameter in parameters {
                    // A borrowed handle must be given back.
                    if let Val::Resource(handle) = parameter {
                        handle.resource_drop(caller.0.as_context_mut())?;
                    }
                }
                results[0] = Val::Result(Err(Some(Box::new(Val::Enum(error.to_owned())))));
                Ok(())
            })
    }

    /// A resource whose values are in the store's table.
    pub(super) fn resource<T: Send + 'static>(&mut self, name: &str) -> wasmtime::Result<()> {
        self.instance
            .resource(name, ResourceType::host::<T>(), |mut store, rep| {
                store.data_mut().resources.delete(Resource::<T>::new_own(rep))?;
                Ok(())
            })
    }

    fn found(&mut self, function: &str) {
        self.missing.remove(&(self.name.to_owned(), function.to_owned()));
    }
}

/// The store of the guest that calls.
pub(super) struct Caller<'s>(StoreContextMut<'s, GuestState>);

impl Caller<'_> {
    /// Takes fuel from the guest; where there is too little of it, the call into the plugin ends.
    pub(super) fn charge(&mut self, fuel: u64) -> wasmtime::Result<()> {
        let left = self.0.get_fuel()?.checked_sub(fuel);
        self.0.set_fuel(left.unwrap_or(0))?;
        match left {
            Some(_) => Ok(()),
            None => Err(Trap::OutOfFuel.into()),
        }
    }

    /// Keeps a value for the guest, which holds its handle.
    pub(super) fn keep<T: Send + 'static>(&mut self, value: T) -> wasmtime::Result<Resource<T>> {
        self.resources.set_max_capacity(HANDLES);
        self.resources.push(value).map_err(|_| {
            LimitExceeded {
                name: "open handles",
                limit: HANDLES as u64,
                current: HANDLES as u64,
                requested: 1,
            }
            .into()
        })
    }
}

impl Deref for Caller<'_> {
    type Target = GuestState;

    fn deref(&self) -> &GuestState {
        self.0.data()
    }
}

impl DerefMut for Caller<'_> {
    fn deref_mut(&mut self) -> &mut GuestState {
        self.0.data_mut()
    }
}
