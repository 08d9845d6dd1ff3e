//! A plugin with its configuration, in this process.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use restem_em::{Digest, VerifierIdentity};
use restem_python::Interpreter;
use serde::{Deserialize, Serialize};

use crate::api::Guest;
use crate::blame::Call;
use crate::epoch::EpochTicker;
use crate::program::{Entered, Program};
use crate::wasi::Directory;
use crate::{
    Capability, DirectoryGrant, Isolation, Limits, Manifest, PluginInfo, PluginOptions, RewardError, access,
    canonical_json::canonical, engine, inspect, load,
};

/// A plugin with its configuration, ready to judge in this process.
///
/// The pool ([`crate::Pool`]) is faster and a second wall; this is for tests, inspection and single rows.
#[derive(Debug)]
pub struct Plugin {
    pub(crate) program: Program,
    pub(crate) settings: Settings,
}

/// Everything about a plugin in use but its code: what a worker is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Settings {
    pub(crate) identity: VerifierIdentity,
    pub(crate) info: PluginInfo,
    pub(crate) config: String,
    pub(crate) limits: Limits,
    pub(crate) isolation: Isolation,
    /// Where the worker finds the interpreter, where Python was granted.
    pub(crate) python_dir: Option<PathBuf>,
    /// The directories that it may read, as absolute paths.
    pub(crate) directories: Vec<DirectoryGrant>,
}

impl Plugin {
    /// Reads a `.wasm` file: see [`Plugin::from_bytes`].
    ///
    /// # Errors
    /// [`RewardError::Read`], [`RewardError::TooLarge`], and those of [`Plugin::from_bytes`].
    pub fn from_file(path: impl AsRef<Path>, options: &PluginOptions) -> Result<Self, RewardError> {
        let path = path.as_ref();
        let bytes = load::read(path, options.limits.component_bytes)?;
        let label = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Self::load(&label, &bytes, options, Manifest::beside(path)?)
    }

    /// Validates, compiles and inspects a plugin, asks what it is, and opens a session once to check its configuration.
    ///
    /// Bytes have no manifest, so that they get no capability: see [`Plugin::from_file`].
    ///
    /// `label` names the bytes in errors. They are a component, or a core module with a component-type section.
    ///
    /// # Errors
    /// [`RewardError`]: each variant says what is wrong with the file, the plugin, its configuration or the limits.
    pub fn from_bytes(label: &str, bytes: &[u8], options: &PluginOptions) -> Result<Self, RewardError> {
        Self::load(label, bytes, options, None)
    }

    fn load(
        label: &str,
        bytes: &[u8],
        options: &PluginOptions,
        manifest: Option<(PathBuf, Manifest)>,
    ) -> Result<Self, RewardError> {
        let engine = engine::engine(&options.limits)?;
        let ticker = EpochTicker::start(&engine).map_err(|error| RewardError::Engine {
            what: format!("no thread for its clock: {error}"),
        })?;
        let (_, component) = load::compiled(label, bytes, &engine, options)?;
        let wanted = access::check(
            label,
            &inspect::imports(label, &engine, &component)?,
            manifest.as_ref(),
            options,
        )?;
        let python_dir = options
            .python_dir
            .clone()
            .filter(|_| wanted.capabilities.contains(&Capability::Python));
        let python = match &python_dir {
            Some(dir) => Some(Interpreter::open(dir)?),
            None => None,
        };
        let interpreter = python.as_ref().map(|python| python.identity().to_string());
        let directories = wanted
            .directories
            .iter()
            .map(Directory::open)
            .collect::<Result<Vec<_>, _>>()?;
        let digests = directories
            .iter()
            .map(|directory| Ok((directory.name().to_owned(), directory.digest()?)))
            .collect::<Result<BTreeMap<_, _>, RewardError>>()?;
        let granted = directories.iter().map(Directory::grant).collect();
        let program = Program::link(label, engine, ticker, component, options.limits.clone(), python)?
            .with_directories(directories);
        let sha256 = Digest::of(bytes);
        let info = describe(label, &sha256, &program, options)?;
        let config = if options.config.is_null() {
            String::new()
        } else {
            canonical(&options.config)
        };
        let identity = VerifierIdentity {
            name: info.name.clone(),
            version: info.version.clone(),
            sha256,
            config: Digest::of(&config),
            api: program.version.name().to_owned(),
            kind: info.kind,
            interpreter,
            members: BTreeMap::new(),
            directories: digests,
        };
        let settings = Settings {
            identity,
            info,
            config,
            limits: options.limits.clone(),
            isolation: options.isolation,
            python_dir,
            directories: granted,
        };
        let plugin = Self { program, settings };
        plugin.open_once()?;
        Ok(plugin)
    }

    /// The name, version and digests that go into every verdict row.
    #[must_use]
    pub fn identity(&self) -> &VerifierIdentity {
        &self.settings.identity
    }

    /// What the plugin says about itself.
    #[must_use]
    pub fn info(&self) -> &PluginInfo {
        &self.settings.info
    }

    /// The capabilities that the plugin imports: all that it could ever reach.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.program.imports
    }

    fn open_once(&self) -> Result<(), RewardError> {
        let name = Name(&self.settings.identity);
        let mut entered = self.program.enter();
        let opened = attempt(
            &name,
            "while opening its session",
            &self.settings.limits,
            &self.program,
            &mut entered,
            |guest, store| guest.open(store, &self.settings.config),
        )?;
        opened.map_err(|message| RewardError::Config {
            plugin: self.settings.identity.name.clone(),
            message: crate::printable::printable(&message, 2_000),
        })
    }
}

/// How messages name a plugin in use.
pub(crate) struct Name<'a>(pub(crate) &'a VerifierIdentity);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(identity) = self;
        write!(
            f,
            "plugin `{}` (sha256 {})",
            identity.name,
            identity.sha256.short()
        )
    }
}

/// Asks a program what it is, and checks the answer.
pub(crate) fn describe(
    label: &str,
    sha256: &Digest,
    program: &Program,
    options: &PluginOptions,
) -> Result<PluginInfo, RewardError> {
    let name = format!("plugin file `{label}` (sha256 {})", sha256.short());
    let mut entered = program.enter();
    let raw = attempt(
        &name,
        "while describing itself",
        &options.limits,
        program,
        &mut entered,
        |guest, store| guest.describe(store),
    )?;
    PluginInfo::check(label, raw, &options.config)
}

/// One call before any problem is at hand: its failure makes the plugin unusable.
fn attempt<T>(
    plugin: &dyn fmt::Display,
    at: &str,
    limits: &Limits,
    program: &Program,
    entered: &mut Entered,
    call: impl FnOnce(&mut dyn Guest, &mut wasmtime::Store<crate::guest_state::GuestState>) -> wasmtime::Result<T>,
) -> Result<T, RewardError> {
    let ended = entered.call(program, call);
    ended.result.map_err(|error| {
        let blame = Call {
            plugin,
            at: &at,
            limits,
        };
        RewardError::Failed {
            message: blame.failed(&error, entered.state(), ended.fuel).message,
        }
    })
}
