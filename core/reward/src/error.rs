//! What keeps a plugin from being used at all. What keeps it from judging one row is a fault instead.

use std::io;
use std::path::PathBuf;

use crate::Capability;
use crate::limits::LimitOutOfRange;

/// A plugin can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RewardError {
    /// No plugin has this name.
    #[error("no plugin `{name}`; looked for\n{}\n  hint: run `cargo xtask build --plugins`, or give the path of a `.wasm` file", list(.looked))]
    NotFound {
        /// What was asked for.
        name: String,
        /// The files that were looked for.
        looked: Vec<PathBuf>,
    },
    /// The file can't be read.
    #[error("the plugin file {} can't be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is larger than a plugin may be.
    #[error(
        "`{plugin}` is too large\n  limit: component_bytes = {limit}, the file has {bytes}\n  hint: raise `limits.component_bytes` of this reward if the plugin is right to be that large"
    )]
    TooLarge {
        /// File name or other label.
        plugin: String,
        /// Its bytes.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file would take too long to compile.
    #[error(
        "`{plugin}` is not compiled: that could take all of this machine's time or memory\n  limit: {name} = {limit}, it has {found}\n  hint: no toolchain writes such code from a reward function; ask the plugin's author"
    )]
    TooMuchCode {
        /// File name or other label.
        plugin: String,
        /// What there is too much of.
        name: &'static str,
        /// How much a plugin may have.
        limit: u64,
        /// How much it has.
        found: u64,
    },
    /// The bytes are no reward plugin.
    #[error("`{plugin}` is no reward plugin: {what}")]
    NotAPlugin {
        /// File name or other label.
        plugin: String,
        /// What is wrong with the bytes, and what is expected.
        what: String,
    },
    /// The plugin imports what restem does not offer.
    #[error("`{plugin}` imports {}, which restem does not offer\n  hint: a plugin may import {offered} only; build it for `wasm32-unknown-unknown`, without WASI", names(.imports))]
    UnknownImports {
        /// File name or other label.
        plugin: String,
        /// The imports that are not offered.
        imports: Vec<String>,
        /// What is offered.
        offered: &'static str,
    },
    /// The manifest can't be used.
    #[error("the plugin's manifest {} can't be used: {what}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The component imports a capability that its manifest does not ask for.
    #[error(
        "`{plugin}` imports `{capability}`, but {}\n  hint: the plugin's author writes `capabilities = [\"{capability}\"]` there",
        asking(manifest)
    )]
    NotAskedFor {
        /// File name or other label.
        plugin: String,
        /// What it imports.
        capability: Capability,
        /// The manifest, where there is one.
        manifest: Option<PathBuf>,
    },
    /// The plugin asks for a capability that the user has not granted.
    #[error(
        "`{plugin}` asks for the capability `{capability}`, which you have not granted\n  hint: grant it with `--grant {capability}`, or `grant = [\"{capability}\"]` in its `[[reward]]` table"
    )]
    NotGranted {
        /// File name or other label.
        plugin: String,
        /// What it asks for.
        capability: Capability,
    },
    /// The Python interpreter can't be used.
    #[error(transparent)]
    Python(#[from] restem_python::PythonError),
    /// A plugin was granted Python, and nobody said where the interpreter is.
    #[error(
        "`{plugin}` needs Python, and no directory of interpreters is known\n  hint: set RESTEM_CACHE or HOME, and run `restem python install`"
    )]
    NoPythonDirectory {
        /// File name or other label.
        plugin: String,
    },
    /// The plugin was built for an API that this restem does not speak.
    #[error(
        "`{plugin}` exports {found}, and this restem speaks {supported}\n  hint: rebuild the plugin with a matching `restem-sdk`, or use another restem"
    )]
    UnsupportedApi {
        /// File name or other label.
        plugin: String,
        /// The interface that the plugin exports.
        found: String,
        /// The interfaces that the host knows.
        supported: String,
    },
    /// The plugin can't be compiled.
    #[error("`{plugin}` can't be compiled: {what}")]
    Compile {
        /// File name or other label.
        plugin: String,
        /// The compiler's words.
        what: String,
    },
    /// The plugin failed while describing itself or opening a session.
    #[error("{message}")]
    Failed {
        /// Which plugin failed at what, the limit where there is one, and a hint.
        message: String,
    },
    /// What the plugin says about itself makes no sense.
    #[error("`{plugin}` describes itself with {what}")]
    BadDescription {
        /// File name or other label.
        plugin: String,
        /// What makes no sense.
        what: String,
    },
    /// The plugin refuses its configuration.
    #[error("plugin `{plugin}` refuses its configuration: {message}")]
    Config {
        /// The plugin's name.
        plugin: String,
        /// Its words.
        message: String,
    },
    /// A limit is out of range.
    #[error(transparent)]
    Limit(#[from] LimitOutOfRange),
    /// The WebAssembly engine can't start.
    #[error("the WebAssembly engine can't start: {what}")]
    Engine {
        /// Why.
        what: String,
    },
    /// The compile cache can't be trusted or written.
    #[error("the compile cache {} {what}", path.display())]
    Cache {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it, and what to do.
        what: String,
    },
    /// A worker process can't start.
    #[error("a reward worker ({}) can't start: {what}", program.display())]
    Worker {
        /// The program.
        program: PathBuf,
        /// Why.
        what: String,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let lines: Vec<_> = paths.iter().map(|path| format!("  {}", path.display())).collect();
    lines.join("\n")
}

fn names(imports: &[String]) -> String {
    let names: Vec<_> = imports.iter().map(|import| format!("`{import}`")).collect();
    names.join(", ")
}

fn asking(manifest: &Option<PathBuf>) -> String {
    match manifest {
        Some(path) => format!("{} does not ask for it", path.display()),
        None => "no manifest beside it asks for it".to_owned(),
    }
}
