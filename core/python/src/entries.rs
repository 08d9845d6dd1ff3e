//! What lies in the cache, and its removal: an entry belongs to one version of restem and one kind of processor, so an
//! upgrade leaves the old one behind.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::cache::{self, FUNCTIONS, INTERPRETER, RECORD, UNFINISHED};
use crate::{PythonError, engine};

/// Something in the cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheEntry {
    /// Where it is.
    pub path: PathBuf,
    /// What it is.
    pub kind: EntryKind,
    /// Bytes on disk.
    pub bytes: u64,
    /// When it was last read, by the file system's account: many keep it to the day, some not at all, and then this is when it
    /// was written.
    pub last_read: Option<SystemTime>,
    /// Whether this build of restem uses it.
    pub is_ours: bool,
}

/// What an entry is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryKind {
    /// An interpreter, ready to be mapped.
    Interpreter {
        /// Its version of Python.
        python: String,
    },
    /// An interpreter of which a part is missing: the next installation makes it anew.
    Damaged,
    /// Compiled functions, kept for those who work on the harness.
    Functions,
    /// What a killed installation left, or what one that is going on has so far.
    Unfinished,
}

/// Which entries to remove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remove {
    /// Those that this build of restem doesn't use.
    Unused,
    /// All.
    All,
}

/// What lies in `cache`, by name. Files that are not restem's are left out.
///
/// # Errors
/// When the cache is not this user's alone, or can't be read. One that does not exist is empty.
pub fn entries(cache: &Path) -> Result<Vec<CacheEntry>, PythonError> {
    if !cache.exists() {
        return Ok(Vec::new());
    }
    cache::check_own(cache)?;
    let unreadable = |error: io::Error| PythonError::cache(cache, format!("can't be read: {error}"));
    let engine = engine::for_compiling(None)?;
    let ours = [
        cache::entry_path(cache, &engine),
        cache::functions_path(cache, &engine),
    ];
    let mut found = Vec::new();
    for file in fs::read_dir(cache).map_err(unreadable)? {
        let path = file.map_err(unreadable)?.path();
        let Some(kind) = kind(&path) else { continue };
        found.push(CacheEntry {
            bytes: disk_bytes(&path),
            last_read: last_read(&path),
            is_ours: ours.contains(&path),
            kind,
            path,
        });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Removes entries, waiting for an installation that is going on, and returns what was removed. A program that has one mapped
/// goes on with it.
///
/// # Errors
/// When the cache is not this user's alone, or something can't be removed.
pub fn clean(cache: &Path, which: Remove) -> Result<Vec<CacheEntry>, PythonError> {
    if !cache.exists() {
        return Ok(Vec::new());
    }
    cache::check_own(cache)?;
    let _lock = cache::lock(cache, &mut || {})?;
    let mut found = entries(cache)?;
    found.retain(|entry| which == Remove::All || !entry.is_ours);
    for CacheEntry { path, .. } in &found {
        let removed = if path.is_dir() {
            fs::remove_dir_all(path)
        } else {
            fs::remove_file(path)
        };
        removed.map_err(|error| PythonError::cache(path, format!("can't be removed: {error}")))?;
    }
    Ok(found)
}

/// Bytes of a file, or of the files in a directory.
pub(crate) fn disk_bytes(path: &Path) -> u64 {
    let Ok(meta) = fs::symlink_metadata(path) else {
        return 0;
    };
    if !meta.is_dir() {
        return meta.len();
    }
    let files = fs::read_dir(path).into_iter().flatten().flatten();
    files.map(|file| disk_bytes(&file.path())).sum()
}

fn kind(path: &Path) -> Option<EntryKind> {
    let name = path.file_name()?.to_str()?;
    if name.starts_with(UNFINISHED) {
        return Some(EntryKind::Unfinished);
    }
    if name.starts_with(FUNCTIONS) {
        return Some(EntryKind::Functions);
    }
    name.starts_with(INTERPRETER).then(|| match cache::record(path) {
        Some(record) => EntryKind::Interpreter {
            python: record.python,
        },
        None => EntryKind::Damaged,
    })
}

/// Whoever opens an interpreter reads its record.
fn last_read(path: &Path) -> Option<SystemTime> {
    let record = path.join(RECORD);
    let meta = fs::metadata(if record.exists() { &record } else { path }).ok()?;
    meta.accessed().into_iter().chain(meta.modified()).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::stand_in_entry;

    /// A cache with this build's interpreter, another's, and what else may lie there.
    fn cache() -> (tempfile::TempDir, PathBuf) {
        let temp = tempfile::tempdir().unwrap();
        let cache = temp.path().join("cache");
        cache::own(&cache).unwrap();
        let engine = engine::for_compiling(None).unwrap();
        stand_in_entry(&cache::entry_path(&cache, &engine));
        stand_in_entry(&cache.join("python-0123"));
        fs::remove_file(cache.join("python-0123").join(RECORD)).unwrap();
        fs::create_dir(cache.join("unfinished-ab")).unwrap();
        fs::write(cache.join("unfinished-ab").join("wheel"), [0; 100]).unwrap();
        fs::write(cache.join("functions-0123"), [0; 10]).unwrap();
        fs::write(cache.join("notes.txt"), "mine").unwrap();
        (temp, cache)
    }

    fn kinds(entries: &[CacheEntry]) -> Vec<EntryKind> {
        entries.iter().map(|entry| entry.kind.clone()).collect()
    }

    fn ours() -> EntryKind {
        EntryKind::Interpreter {
            python: "3.15.0".to_owned(),
        }
    }

    #[test]
    fn what_lies_in_a_cache_is_listed_with_its_size_and_whose_it_is() {
        let (_temp, cache) = cache();
        let found = entries(&cache).unwrap();
        let mut found_kinds = kinds(&found);
        found_kinds.sort_by_key(|kind| format!("{kind:?}"));
        assert_eq!(
            found_kinds,
            [
                EntryKind::Damaged,
                EntryKind::Functions,
                ours(),
                EntryKind::Unfinished
            ]
        );
        for entry in &found {
            assert_eq!(entry.is_ours, entry.kind == ours(), "{entry:?}");
            assert!(entry.bytes > 0 && entry.last_read.is_some(), "{entry:?}");
        }
        assert_eq!(found[0].bytes, 10, "{found:?}");
    }

    #[test]
    fn a_cleaned_cache_keeps_this_builds_interpreter_and_what_is_not_restems() {
        let (_temp, cache) = cache();
        assert_eq!(clean(&cache, Remove::Unused).unwrap().len(), 3);
        assert_eq!(kinds(&entries(&cache).unwrap()), [ours()]);
        assert_eq!(clean(&cache, Remove::Unused).unwrap(), []);
        assert_eq!(kinds(&clean(&cache, Remove::All).unwrap()), [ours()]);
        assert_eq!(entries(&cache).unwrap(), []);
        assert!(cache.join("notes.txt").exists());
    }

    #[test]
    fn a_cache_that_is_not_there_is_empty() {
        let temp = tempfile::tempdir().unwrap();
        let cache = temp.path().join("absent");
        assert_eq!(entries(&cache).unwrap(), []);
        assert_eq!(clean(&cache, Remove::All).unwrap(), []);
        assert!(!cache.exists());
    }
}
