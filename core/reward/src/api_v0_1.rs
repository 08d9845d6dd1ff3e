//! `restem:reward@0.1.0`.

use wasmtime::component::{Component, HasSelf, Linker, ResourceAny};
use wasmtime::{Engine, Store};

use restem_em::RewardKind;

use crate::api::{Api, Guest, RawFault, RawFaultClass, RawInfo, RawScore, RawTask};
use crate::guest_state::GuestState;
use crate::sealing::when_sealed;
use crate::wasi;
use bindings::exports::restem::reward::scorer;
use bindings::restem::reward::host::{self, Level};
use bindings::restem::reward::python;
use bindings::{RewardPlugin, RewardPluginPre};

pub(crate) mod bindings {
    wasmtime::component::bindgen!({
        path: "../../sdk/reward/wit/v0.1",
        world: "reward-plugin",
        imports: { default: trappable },
        with: { "restem:reward/python.program": restem_python::Program },
    });
}

/// A component of this version with its imports resolved.
pub(crate) struct Linked(RewardPluginPre<GuestState>);

impl Linked {
    /// Resolves the imports; without `python` a component that imports it does not link.
    pub(crate) fn new(engine: &Engine, component: &Component, python: bool) -> wasmtime::Result<Self> {
        let mut linker = Linker::new(engine);
        host::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut GuestState| state)?;
        if python {
            python::add_to_linker::<_, HasSelf<_>>(&mut linker, |state: &mut GuestState| state)?;
        }
        wasi::add_to_linker(&mut linker, engine, component)?;
        Ok(Self(RewardPluginPre::new(linker.instantiate_pre(component)?)?))
    }
}

impl host::Host for GuestState {
    fn log(&mut self, level: Level, text: String) -> wasmtime::Result<()> {
        self.arm();
        let level = match level {
            Level::Debug => "debug",
            Level::Info => "info",
            Level::Warn => "warn",
            Level::Error => "error",
        };
        Ok(GuestState::log(self, level, &text)?)
    }

    fn panicked(&mut self, message: String, file: String, line: u32) -> wasmtime::Result<()> {
        self.arm();
        Ok(self.panic(&message, &file, line)?)
    }
}

impl Api for Linked {
    fn instantiate(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Box<dyn Guest>> {
        Ok(Box::new(Instance {
            plugin: when_sealed(|| self.0.instantiate(&mut *store))?,
            session: None,
            checker: None,
        }))
    }
}

struct Instance {
    plugin: RewardPlugin,
    session: Option<ResourceAny>,
    checker: Option<ResourceAny>,
}

impl Guest for Instance {
    fn describe(&mut self, store: &mut Store<GuestState>) -> wasmtime::Result<RawInfo> {
        let info = self.plugin.restem_reward_scorer().call_describe(store)?;
        Ok(RawInfo {
            name: info.name,
            version: info.version,
            kind: match info.kind {
                scorer::Kind::Binary => RewardKind::Binary,
                scorer::Kind::Graded => RewardKind::Graded,
            },
            min: info.min,
            max: info.max,
            config_schema: info.config_schema,
        })
    }

    fn open(&mut self, store: &mut Store<GuestState>, config: &str) -> wasmtime::Result<Result<(), String>> {
        let scorer = self.plugin.restem_reward_scorer();
        match scorer.session().call_open(store, config)? {
            Ok(session) => {
                self.session = Some(session);
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(error.message)),
        }
    }

    fn prepare(
        &mut self,
        store: &mut Store<GuestState>,
        task: &RawTask<'_>,
    ) -> wasmtime::Result<Result<(), RawFault>> {
        let session = self
            .session
            .ok_or_else(|| wasmtime::format_err!("no session is open"))?;
        let scorer = self.plugin.restem_reward_scorer();
        let task = scorer::Task {
            id: task.id.to_owned(),
            prompt: task.prompt.map(str::to_owned),
            reference: task.reference.map(str::to_owned),
            metadata: task.metadata.to_owned(),
        };
        match scorer.session().call_prepare(store, session, &task)? {
            Ok(checker) => {
                self.checker = Some(checker);
                Ok(Ok(()))
            }
            Err(fault) => Ok(Err(raw_fault(fault))),
        }
    }

    fn score(
        &mut self,
        store: &mut Store<GuestState>,
        completion: &str,
    ) -> wasmtime::Result<Result<RawScore, RawFault>> {
        let checker = self
            .checker
            .ok_or_else(|| wasmtime::format_err!("no problem is prepared"))?;
        let scorer = self.plugin.restem_reward_scorer();
        let result = scorer.checker().call_score(store, checker, completion)?;
        Ok(result
            .map(|score| RawScore {
                value: score.value,
                answer: score.answer,
                note: score.note,
                parts: score.parts,
            })
            .map_err(raw_fault))
    }
}

fn raw_fault(fault: scorer::Fault) -> RawFault {
    RawFault {
        class: match fault.class {
            scorer::FaultClass::MalformedProblem => RawFaultClass::MalformedProblem,
            scorer::FaultClass::Internal => RawFaultClass::Internal,
        },
        message: fault.message,
    }
}
