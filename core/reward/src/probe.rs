//! A plugin file looked at before anybody trusts it: nothing is granted, and it judges nothing.

use std::path::{Path, PathBuf};

use restem_em::Digest;
use wasmtime::component::Component;

use crate::api::{self, ApiVersion};
use crate::epoch::EpochTicker;
use crate::plugin::describe;
use crate::program::Program;
use crate::{Capability, Manifest, PluginInfo, PluginOptions, RewardError, engine, inspect, load};

/// What can be known of a plugin without granting it anything.
///
/// Its `describe` runs once, in this process, under the limits; what it imports is linked, but a capability that it uses
/// there traps.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// The file.
    pub path: PathBuf,
    /// Digest of the file's bytes: what verdict rows carry.
    pub sha256: Digest,
    /// Size of the file.
    pub file_bytes: u64,
    /// Size of the component in it; larger than the file where that is a core module.
    pub component_bytes: u64,
    /// What kind of file it is.
    pub format: Format,
    /// Imported interfaces, in order.
    pub imports: Vec<String>,
    /// Exported interfaces, in order.
    pub exports: Vec<String>,
    /// The API version that serves it, such as `0.1.0`.
    pub api: &'static str,
    /// What it says about itself.
    pub info: PluginInfo,
    /// The manifest beside it.
    pub manifest: Option<(PathBuf, Manifest)>,
}

/// What a plugin file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A component.
    Component,
    /// A core module with a component-type section, which the host encodes.
    CoreModule,
}

impl Probe {
    /// Reads, validates, compiles and describes the plugin in `path`. Of `options`, the limits and the cache count.
    ///
    /// # Errors
    /// [`RewardError`]: the first reason why no user could run it.
    pub fn of_file(path: impl AsRef<Path>, options: &PluginOptions) -> Result<Self, RewardError> {
        let path = path.as_ref();
        let bytes = load::read(path, options.limits.component_bytes)?;
        let manifest = Manifest::beside(path)?;
        let label = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let engine = engine::engine(&options.limits)?;
        let ticker = EpochTicker::start(&engine).map_err(|error| RewardError::Engine {
            what: format!("no thread for its clock: {error}"),
        })?;
        let (encoded, component) = load::compiled(&label, &bytes, &engine, options)?;
        let (imports, exports) = (
            inspect::imports(&label, &engine, &component)?,
            exports(&engine, &component),
        );
        let program = Program::for_probe(&label, engine, ticker, component, options.limits.clone())?;
        let sha256 = Digest::of(&bytes);
        let info = describe(&label, &sha256, &program, options)?;
        Ok(Self {
            path: path.to_owned(),
            sha256,
            file_bytes: bytes.len() as u64,
            component_bytes: encoded.len() as u64,
            format: if encoded.as_ptr() == bytes.as_ptr() {
                Format::Component
            } else {
                Format::CoreModule
            },
            imports,
            exports,
            api: program.version.name(),
            info,
            manifest,
        })
    }

    /// The capabilities that its imports need.
    #[must_use]
    pub fn needs(&self) -> Vec<Capability> {
        self.imports
            .iter()
            .filter_map(|import| Capability::of_import(import))
            .collect()
    }
}

/// The API versions that this restem speaks, oldest first.
#[must_use]
pub fn api_versions() -> Vec<&'static str> {
    ApiVersion::ALL.map(api::ApiVersion::name).to_vec()
}

fn exports(engine: &wasmtime::Engine, component: &Component) -> Vec<String> {
    let ty = component.component_type();
    ty.exports(engine).map(|(name, _)| name.to_owned()).collect()
}
