//! The versions of the plugin API, behind one pair of traits: a new version is a new module, not a branch here.

use semver::Version;
use wasmtime::component::Component;
use wasmtime::{Engine, Store};

use restem_em::RewardKind;

use crate::guest_state::GuestState;
use crate::{Capability, api_v0_1, wasi};

/// What a plugin may import, for messages.
pub(crate) const OFFERED: &str = "`restem:reward/host`, `restem:reward/python` and WASI 0.2 without HTTP";

/// The interface that every plugin may import.
const HOST: &str = "restem:reward/host";

/// A frozen version of `sdk/reward/wit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ApiVersion {
    /// `wit/v0.1`.
    V0_1,
}

impl ApiVersion {
    /// Every version that the host speaks.
    pub(crate) const ALL: [Self; 1] = [Self::V0_1];

    /// The version as in the WIT package.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V0_1 => "0.1.0",
        }
    }

    /// The version that serves a component built for `version`: the same one up to compatible changes.
    pub(crate) fn serving(version: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|api| compatible(version, api.name()))
    }

    /// Links a component of this version, with Python where it was granted, and with WASI where it is imported.
    pub(crate) fn link(
        self,
        engine: &Engine,
        component: &Component,
        python: bool,
    ) -> wasmtime::Result<Box<dyn Api>> {
        match self {
            Self::V0_1 => Ok(Box::new(api_v0_1::Linked::new(engine, component, python)?)),
        }
    }
}

/// Whether the host offers the import `name`, to some plugins at least.
pub(crate) fn is_offered(name: &str) -> bool {
    let ours = name.split_once('@').is_some_and(|(interface, version)| {
        (interface == HOST || Capability::of_import(name).is_some()) && ApiVersion::serving(version).is_some()
    });
    ours || wasi::is_offered(name)
}

/// Whether a component built for `wanted` runs on `offered`, by the rules of semver.
fn compatible(wanted: &str, offered: &str) -> bool {
    match (Version::parse(wanted), Version::parse(offered)) {
        (Ok(wanted), Ok(offered)) => {
            wanted.pre.is_empty()
                && wanted.major == offered.major
                && (wanted.major != 0 || wanted.minor == offered.minor)
                && wanted <= offered
        }
        _ => false,
    }
}

/// A linked component of some version.
pub(crate) trait Api: Send + Sync {
    /// A new instance in `store`.
    fn instantiate(&self, store: &mut Store<GuestState>) -> wasmtime::Result<Box<dyn Guest>>;
}

/// An instance. Each method is one call into the guest; an outer error is a trap, after which the store is dead.
pub(crate) trait Guest {
    /// What the plugin is.
    fn describe(&mut self, store: &mut Store<GuestState>) -> wasmtime::Result<RawInfo>;

    /// Opens the session; the inner error is the plugin's refusal of its configuration.
    fn open(&mut self, store: &mut Store<GuestState>, config: &str) -> wasmtime::Result<Result<(), String>>;

    /// Prepares a problem in the open session.
    fn prepare(
        &mut self,
        store: &mut Store<GuestState>,
        task: &RawTask<'_>,
    ) -> wasmtime::Result<Result<(), RawFault>>;

    /// Scores a completion of the prepared problem.
    fn score(
        &mut self,
        store: &mut Store<GuestState>,
        completion: &str,
    ) -> wasmtime::Result<Result<RawScore, RawFault>>;
}

/// What a guest says about itself, unchecked.
#[derive(Debug)]
pub(crate) struct RawInfo {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) kind: RewardKind,
    pub(crate) min: f64,
    pub(crate) max: f64,
    pub(crate) config_schema: String,
}

/// A problem on its way into a guest.
#[derive(Debug)]
pub(crate) struct RawTask<'a> {
    pub(crate) id: &'a str,
    pub(crate) prompt: Option<&'a str>,
    pub(crate) reference: Option<&'a str>,
    /// A JSON object.
    pub(crate) metadata: &'a str,
}

/// Whose failure a guest reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RawFaultClass {
    MalformedProblem,
    Internal,
}

/// A guest's fault.
#[derive(Debug)]
pub(crate) struct RawFault {
    pub(crate) class: RawFaultClass,
    pub(crate) message: String,
}

/// A guest's score, unchecked.
#[derive(Debug)]
pub(crate) struct RawScore {
    pub(crate) value: f64,
    pub(crate) answer: Option<String>,
    pub(crate) note: Option<String>,
    pub(crate) parts: Vec<(String, f64)>,
}

#[cfg(test)]
mod tests {
    use super::compatible;

    #[test]
    fn versions_are_compatible_as_semver_says() {
        assert!(compatible("0.1.0", "0.1.0"));
        assert!(compatible("0.1.0", "0.1.3"));
        assert!(!compatible("0.1.4", "0.1.3"));
        assert!(!compatible("0.2.0", "0.1.3"));
        assert!(!compatible("0.1.0-rc1", "0.1.3"));
        assert!(!compatible("nonsense", "0.1.3"));
    }
}
