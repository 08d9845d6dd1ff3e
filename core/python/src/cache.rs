//! The cache directory: which of its entries is ours, and that nobody else could have written it.
//!
//! An entry is a directory named after everything that shapes it, made whole under another name and renamed. Its code is native code
//! that runs with our rights: it is only taken from a directory that belongs to this user and that nobody else may enter.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::hash::{Hash, Hasher};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use wasmtime::Engine;

use crate::entry::Entry;
use crate::source::{LIBRARY, MODULE, hex};
use crate::{PythonError, harness};

/// Compiled snapshot within an entry.
pub(crate) const CODE: &str = "snapshot.cwasm";

/// What is known of it.
pub(crate) const RECORD: &str = "record.json";

/// What the names of interpreters begin with.
pub(crate) const INTERPRETER: &str = "python-";

/// What the names of files of compiled functions begin with.
pub(crate) const FUNCTIONS: &str = "functions-";

/// What the names of unfinished installations begin with.
pub(crate) const UNFINISHED: &str = "unfinished-";

/// What an entry says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// sha256 of the snapshot's WebAssembly module.
    pub(crate) snapshot_sha256: String,
    /// Version of Python.
    pub(crate) python: String,
    /// The way in.
    pub(crate) entry: Entry,
    /// Bytes of the compiled file, to tell a whole one.
    pub(crate) code_bytes: u64,
}

/// Directory of the entry that this version of restem on this processor uses.
pub(crate) fn entry_path(cache: &Path, engine: &Engine) -> PathBuf {
    let mut hash = Sha256::new();
    for part in [
        MODULE.sha256.as_bytes(),
        LIBRARY.sha256.as_bytes(),
        &harness::source(),
        env!("CARGO_PKG_VERSION").as_bytes(),
        &compatibility(engine),
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    cache.join(format!("{INTERPRETER}{}", &hex(&hash.finalize())[..24]))
}

/// File of compiled functions that an engine with these settings may use.
pub(crate) fn functions_path(cache: &Path, engine: &Engine) -> PathBuf {
    let hash = Sha256::digest(compatibility(engine));
    cache.join(format!("{FUNCTIONS}{}", &hex(&hash)[..24]))
}

/// wasmtime's version and all settings that change the code.
fn compatibility(engine: &Engine) -> Vec<u8> {
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
    settings.0
}

/// Makes the cache if need be, and refuses one that others could write to.
pub(crate) fn own(cache: &Path) -> Result<(), PythonError> {
    let failed = |error: io::Error| PythonError::cache(cache, format!("can't be made: {error}"));
    if let Some(parent) = cache.parent() {
        fs::create_dir_all(parent).map_err(failed)?;
    }
    match DirBuilder::new().mode(0o700).create(cache) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
        _ => {}
    }
    check_own(cache)
}

/// Keeps others from installing and removing, until the file is dropped. Says so before it waits for one who does.
pub(crate) fn lock(cache: &Path, waits: &mut dyn FnMut()) -> Result<File, PythonError> {
    let path = cache.join("lock");
    let failed = |error: io::Error| PythonError::cache(&path, format!("can't be locked: {error}"));
    let file = File::create(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => waits(),
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    file.lock().map_err(failed)?;
    Ok(file)
}

/// Refuses a directory that is not this user's alone.
pub(crate) fn check_own(cache: &Path) -> Result<(), PythonError> {
    let meta = fs::symlink_metadata(cache)
        .map_err(|error| PythonError::cache(cache, format!("can't be examined: {error}")))?;
    let why = if !meta.is_dir() {
        "is no directory of its own (a file or a symbolic link)"
    } else if meta.uid() != rustix::process::geteuid().as_raw() {
        "belongs to another user"
    } else if meta.mode() & 0o077 != 0 {
        "is open to other users (its mode is not 0700)"
    } else {
        return Ok(());
    };
    Err(PythonError::cache(
        cache,
        format!("{why}\n  hint: delete it, or name another directory"),
    ))
}

/// Reads an entry's record, and checks that its code is whole. `None` when there is no such entry.
pub(crate) fn record(entry: &Path) -> Option<Record> {
    let record: Record = serde_json::from_slice(&fs::read(entry.join(RECORD)).ok()?).ok()?;
    let size = fs::metadata(entry.join(CODE)).ok()?.len();
    (size == record.code_bytes && entry.join(LIBRARY.name).is_file()).then_some(record)
}

/// An entry that is whole as far as [`record`] can tell.
#[cfg(test)]
pub(crate) fn stand_in_entry(path: &Path) {
    let record = Record {
        snapshot_sha256: String::new(),
        python: "3.15.0".to_owned(),
        entry: Entry { object: 1, slot: 2 },
        code_bytes: 4,
    };
    fs::create_dir(path).unwrap();
    fs::write(path.join(CODE), "code").unwrap();
    fs::write(path.join(LIBRARY.name), "zip").unwrap();
    fs::write(path.join(RECORD), serde_json::to_string(&record).unwrap()).unwrap();
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_cache_that_others_may_enter_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        fs::set_permissions(temp.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let error = own(temp.path()).unwrap_err().to_string();
        assert!(error.contains("its mode is not 0700"), "{error}");
    }

    #[test]
    fn a_symbolic_link_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        own(&temp.path().join("real")).unwrap();
        let link = temp.path().join("link");
        std::os::unix::fs::symlink(temp.path().join("real"), &link).unwrap();
        assert!(own(&link).is_err());
    }

    #[test]
    fn an_entry_with_code_of_another_size_is_none() {
        let temp = tempfile::tempdir().unwrap();
        let entry = temp.path().join("entry");
        stand_in_entry(&entry);
        assert!(record(&entry).is_some());
        fs::write(entry.join(CODE), "longer").unwrap();
        assert_eq!(record(&entry), None);
        assert_eq!(record(&temp.path().join("absent")), None);
    }

    #[test]
    fn a_lock_that_is_held_is_waited_for_and_said_to_be() {
        let temp = tempfile::tempdir().unwrap();
        let mut waits = 0;
        let held = lock(temp.path(), &mut || waits += 1).unwrap();
        assert_eq!(waits, 0);
        std::thread::scope(|scope| {
            let (sender, receiver) = std::sync::mpsc::channel();
            let path = temp.path();
            let second = scope.spawn(move || lock(path, &mut || sender.send(()).unwrap()).unwrap());
            receiver.recv().unwrap();
            assert!(!second.is_finished());
            drop(held);
            second.join().unwrap();
        });
    }

    #[test]
    fn other_settings_have_another_entry() {
        let ours = crate::engine::for_compiling(None).unwrap();
        let other = Engine::default();
        let cache = Path::new("cache");
        assert_ne!(entry_path(cache, &ours), entry_path(cache, &other));
        assert_ne!(functions_path(cache, &ours), functions_path(cache, &other));
    }
}
