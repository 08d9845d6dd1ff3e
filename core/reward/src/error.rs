//! What keeps a plugin from being used at all. What keeps it from judging one row is a fault instead.

use std::io;
use std::path::PathBuf;

use crate::Capability;
use crate::limits::LimitOutOfRange;
use crate::lock::ChangedPlugin;

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
    /// A plugin's own directory without the plugin.
    #[error("no `.wasm` file in {}\n  hint: build the plugin first: `restem plugin build {}`", dir.display(), dir.display())]
    NotBuilt {
        /// The directory.
        dir: PathBuf,
    },
    /// A directory with several plugins.
    #[error("{count} `.wasm` files in {}, none named as its `plugin.toml` says\n  hint: name one of them", dir.display())]
    SeveralFiles {
        /// The directory.
        dir: PathBuf,
        /// How many there are.
        count: usize,
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
    #[error("`{plugin}` imports {}, which restem does not offer\n  hint: a plugin may import {offered} only", names(.imports))]
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
    /// A lock file can't be used.
    #[error("the lock file {} can't be used: {what}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A plugin is another file than the lock pins.
    #[error(transparent)]
    Changed(Box<ChangedPlugin>),
    /// The directory of installed plugins can't be used.
    #[error("the directory of installed plugins {} {what}", path.display())]
    Store {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it, and what to do.
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
    /// The user grants a directory that the manifest does not ask for.
    #[error(
        "`{plugin}` is granted the directory `{name}`, but {}\n  hint: {asked}",
        asking(manifest)
    )]
    DirectoryNotAskedFor {
        /// File name or other label.
        plugin: String,
        /// What is granted.
        name: String,
        /// The manifest, where there is one.
        manifest: Option<PathBuf>,
        /// What the manifest asks for, or how it would.
        asked: String,
    },
    /// The plugin asks for a directory that the user has not granted.
    #[error(
        "`{plugin}` asks for the directory `{name}` ({purpose}), which you have not granted\n  hint: grant it with `--grant {name}=DIR`, or `grant = [\"{name}=DIR\"]` in its `[[reward]]` table; the plugin can only read it"
    )]
    DirectoryNotGranted {
        /// File name or other label.
        plugin: String,
        /// What it asks for.
        name: String,
        /// What the manifest says that it is for.
        purpose: String,
    },
    /// The plugin asks for a directory and has no means to read one.
    #[error(
        "`{plugin}` asks for the directory `{name}`, but imports no `wasi:filesystem`: it could not read it\n  hint: its author builds it with a toolchain that uses WASI 0.2, or takes `{name}` out of {}",
        manifest.display()
    )]
    DirectoryUnreachable {
        /// File name or other label.
        plugin: String,
        /// What it asks for.
        name: String,
        /// The manifest.
        manifest: PathBuf,
    },
    /// A directory can't be granted.
    #[error(
        "the directory granted as `{name}` can't be used: {}: {what}\n  hint: grant a directory of plain files that you can read",
        path.display()
    )]
    Directory {
        /// Under what name.
        name: String,
        /// The directory, or what in it is in the way.
        path: PathBuf,
        /// What is wrong.
        what: String,
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
