#![expect(
    unsafe_code,
    reason = "wasmtime trusts compiled code: it is native code, so where it comes from is checked here"
)]
//! Compiled code, kept by digest of the plugin and of everything that shapes the code.
//!
//! A cached file is native code that would run with our rights. It is only taken from a directory that belongs to this
//! user and that nobody else may enter, and only when its own checksum holds.

use std::fs;
use std::hash::{Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use restem_em::Digest;
use wasmtime::Engine;
use wasmtime::component::Component;

use crate::compiler::{self, Compiler};
use crate::{PluginOptions, RewardError};

/// Bytes of the checksum that a cached file begins with.
const CHECKSUM: usize = 32;

/// Compiles `bytes`, or takes the code from `dir` where it has been compiled before.
pub(crate) fn compile(
    plugin: &str,
    engine: &Engine,
    bytes: &[u8],
    options: &PluginOptions,
) -> Result<Component, RewardError> {
    let Some(dir) = options.cache_dir.as_deref() else {
        return compile_anew(plugin, engine, bytes, options);
    };
    own_directory(dir)?;
    let path = dir.join(format!("{}.cwasm", key(engine, bytes)));
    if let Some(code) = read_checked(&path)
        // SAFETY: `own_directory` proved that only this user writes here, the checksum that the file is whole, and its
        // name that this wasmtime with this configuration made it. `a_damaged_file_is_compiled_anew` tests the latter two.
        && let Ok(component) = unsafe { Component::deserialize(engine, code) }
    {
        return Ok(component);
    }
    let component = compile_anew(plugin, engine, bytes, options)?;
    let written = component
        .serialize()
        .map_err(io::Error::other)
        .and_then(|code| write_checked(dir, &path, &code));
    written.map_err(|error| RewardError::Cache {
        path: dir.to_owned(),
        what: format!("can't be written: {error}"),
    })?;
    Ok(component)
}

/// Takes code that this process's parent compiled and sent over the pipe it made.
pub(crate) fn from_parent(engine: &Engine, code: &[u8]) -> Result<Component, RewardError> {
    // SAFETY: the bytes are what `Component::serialize` gave the parent, which is the same program and could as well run
    // native code itself; nobody else holds the other end of the pipe.
    unsafe { Component::deserialize(engine, code) }.map_err(|error| RewardError::Engine {
        what: format!("the parent's code does not fit this worker: {error:#}"),
    })
}

fn compile_anew(
    plugin: &str,
    engine: &Engine,
    bytes: &[u8],
    options: &PluginOptions,
) -> Result<Component, RewardError> {
    let refuse = |error: wasmtime::Error| RewardError::Compile {
        plugin: plugin.to_owned(),
        what: format!("{error:#}"),
    };
    match &options.compiler {
        Compiler::InProcess => Component::from_binary(engine, bytes).map_err(refuse),
        Compiler::Process { command, patience } => {
            let code = compiler::in_process_of_its_own(plugin, command, *patience, &options.limits, bytes)?;
            // SAFETY: the bytes are what `Component::serialize` gave a process of this program, over a pipe whose other end
            // nobody else holds; it was shut in, but so is nothing that compiles in this process.
            unsafe { Component::deserialize(engine, code) }.map_err(refuse)
        }
    }
}

/// Digest of the component, of wasmtime's version and of all settings that change the code.
fn key(engine: &Engine, bytes: &[u8]) -> Digest {
    struct Collect(Vec<u8>);
    impl Hasher for Collect {
        fn write(&mut self, bytes: &[u8]) {
            self.0.extend_from_slice(bytes);
        }
        fn finish(&self) -> u64 {
            unreachable!("only `write` is used: the collected bytes are digested")
        }
    }
    let mut settings = Collect(Vec::new());
    engine.precompile_compatibility_hash().hash(&mut settings);
    Digest::of_parts([bytes, settings.0.as_slice()])
}

fn own_directory(dir: &Path) -> Result<(), RewardError> {
    let refuse = |what: String| RewardError::Cache {
        path: dir.to_owned(),
        what,
    };
    if let Some(parent) = dir.parent() {
        fs::create_dir_all(parent).map_err(|error| refuse(format!("can't be made: {error}")))?;
    }
    make_private(dir).map_err(|error| refuse(format!("can't be made: {error}")))?;
    is_private(dir)
        .map_err(|error| refuse(format!("can't be examined: {error}")))?
        .map_err(|why| refuse(format!("{why}\n  hint: delete it, or name another directory")))
}

#[cfg(unix)]
fn make_private(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    match fs::DirBuilder::new().mode(0o700).create(dir) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn is_private(dir: &Path) -> io::Result<Result<(), &'static str>> {
    use std::os::unix::fs::MetadataExt;
    let meta = fs::symlink_metadata(dir)?;
    Ok(if !meta.is_dir() {
        Err("is no directory of its own (a file or a symbolic link)")
    } else if meta.uid() != rustix::process::geteuid().as_raw() {
        Err("belongs to another user")
    } else if meta.mode() & 0o077 != 0 {
        Err("is open to other users (its mode is not 0700)")
    } else {
        Ok(())
    })
}

#[cfg(not(unix))]
fn make_private(dir: &Path) -> io::Result<()> {
    fs::create_dir_all(dir)
}

#[cfg(not(unix))]
fn is_private(_dir: &Path) -> io::Result<Result<(), &'static str>> {
    Ok(Err("can't be proved private on this system"))
}

fn read_checked(path: &Path) -> Option<Vec<u8>> {
    let mut file = fs::read(path).ok()?;
    let code = file.split_off(file.len().min(CHECKSUM));
    (Digest::of(&code).as_bytes().as_slice() == file).then_some(code)
}

/// Writes beside `path` and renames, so that a reader sees the whole file or none.
fn write_checked(dir: &Path, path: &PathBuf, code: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(Digest::of(code).as_bytes())?;
    file.write_all(code)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::{Limits, engine::engine};

    fn setup() -> (Engine, Vec<u8>, tempfile::TempDir) {
        let engine = engine(&Limits::default()).unwrap();
        let bytes = wat::parse_str("(component)").unwrap();
        (engine, bytes, tempfile::tempdir().unwrap())
    }

    fn cached(dir: &Path) -> PluginOptions {
        PluginOptions::default().with_cache_dir(dir)
    }

    fn only_file(dir: &Path) -> PathBuf {
        let mut files: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        assert_eq!(files.len(), 1);
        files.remove(0)
    }

    #[test]
    fn code_is_kept_in_a_private_directory() {
        let (engine, bytes, temp) = setup();
        let dir = temp.path().join("a/b");
        compile("p", &engine, &bytes, &cached(&dir)).unwrap();
        assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(read_checked(&only_file(&dir)).is_some());
        compile("p", &engine, &bytes, &cached(&dir)).unwrap();
    }

    #[test]
    fn a_damaged_file_is_compiled_anew() {
        let (engine, bytes, temp) = setup();
        let dir = temp.path().join("cache");
        compile("p", &engine, &bytes, &cached(&dir)).unwrap();
        let path = only_file(&dir);
        let whole = fs::read(&path).unwrap();
        for damaged in [&whole[..0], &whole[..20], &whole[..whole.len() - 1]] {
            fs::write(&path, damaged).unwrap();
            compile("p", &engine, &bytes, &cached(&dir)).unwrap();
            assert_eq!(fs::read(&path).unwrap(), whole);
        }
    }

    #[test]
    fn other_bytes_and_other_settings_have_other_names() {
        let (engine, bytes, _temp) = setup();
        assert_ne!(key(&engine, &bytes), key(&engine, b"other"));
        let other = Engine::default();
        assert_ne!(key(&engine, &bytes), key(&other, &bytes));
    }

    #[test]
    fn a_directory_that_others_may_enter_is_refused() {
        let (engine, bytes, temp) = setup();
        fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = compile("p", &engine, &bytes, &cached(temp.path()))
            .map(|_| ())
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("is open to other users (its mode is not 0700)"),
            "{error}"
        );
    }

    #[test]
    fn a_symbolic_link_is_refused() {
        let (engine, bytes, temp) = setup();
        let real = temp.path().join("real");
        make_private(&real).unwrap();
        let link = temp.path().join("link");
        std::os::unix::fs::symlink(&real, &link).unwrap();
        assert!(compile("p", &engine, &bytes, &cached(&link)).is_err());
    }
}
