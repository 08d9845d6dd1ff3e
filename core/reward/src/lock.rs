//! `restem.lock`: which file each plugin must be.
//!
//! A plugin's rewards decide what a model learns. Once its digest is pinned, a file that changed is refused, whoever
//! changed it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use restem_em::Digest;
use serde::{Deserialize, Serialize};

use crate::RewardError;

/// Name of the lock file, beside `restem.toml`.
pub const LOCK_FILE: &str = "restem.lock";

const HEADER: &str = "# Written by `restem plugin lock`. A plugin whose file is another one is refused.\n";

/// The pinned plugins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// One pin for each plugin, in order of `plugin`.
    #[serde(default, rename = "plugin")]
    pub pins: Vec<Pin>,
}

/// A plugin and the file that it must be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// As the user names it: a name, or a path relative to the lock file.
    pub plugin: String,
    /// Its own name.
    pub name: String,
    /// Its own version.
    pub version: String,
    /// Digest of the file.
    pub sha256: Digest,
    /// The API version that it speaks.
    pub api: String,
}

/// A plugin that is another file than a lock pins.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the plugin `{plugin}` is not the file that {} pins\n  pinned: {pinned}, sha256 {wanted}\n  found:  {}, sha256 {found}\n  hint: if you changed it, pin it anew with `restem plugin lock {plugin}`",
    lock.display(), file.display()
)]
pub struct ChangedPlugin {
    /// As the user calls it.
    pub plugin: String,
    /// The file that was found.
    pub file: PathBuf,
    /// The lock file.
    pub lock: PathBuf,
    /// Name and version that are pinned.
    pub pinned: String,
    /// The pinned digest.
    pub wanted: Digest,
    /// The digest of the file.
    pub found: Digest,
}

impl Lock {
    /// Reads a lock file; one that is not there pins nothing.
    ///
    /// # Errors
    /// [`RewardError::Lock`] when it is there and can't be read.
    pub fn read(path: &Path) -> Result<Self, RewardError> {
        match fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|error| refuse(path, error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(refuse(path, error.to_string())),
        }
    }

    /// Writes the lock file as a whole.
    ///
    /// # Errors
    /// [`RewardError::Lock`] when it can't be written.
    pub fn write(&self, path: &Path) -> Result<(), RewardError> {
        let text = toml::to_string(self).map_err(|error| refuse(path, error.to_string()))?;
        let dir = match path.parent() {
            Some(dir) if !dir.as_os_str().is_empty() => dir,
            _ => Path::new("."),
        };
        let written = tempfile::NamedTempFile::new_in(dir).and_then(|file| {
            fs::write(file.path(), format!("{HEADER}{text}"))?;
            file.persist(path).map_err(|error| error.error)
        });
        written.map(drop).map_err(|error| refuse(path, error.to_string()))
    }

    /// Pins a plugin, in place of an older pin of the same.
    pub fn pin(&mut self, pin: Pin) {
        self.pins.retain(|old| old.plugin != pin.plugin);
        self.pins.push(pin);
        self.pins.sort_by(|a, b| a.plugin.cmp(&b.plugin));
    }

    /// Refuses a plugin that is pinned to another file. One that no pin speaks of passes.
    ///
    /// A pin speaks of the plugin that the user calls so, of the file at its path (relative to `lock_file`) and of
    /// whatever calls itself by its name: renaming does not get around it.
    ///
    /// # Errors
    /// [`RewardError::Changed`] with both digests.
    pub fn check(
        &self,
        lock_file: &Path,
        called: &str,
        file: &Path,
        name: &str,
        sha256: &Digest,
    ) -> Result<(), RewardError> {
        let base = lock_file.parent().unwrap_or(Path::new(""));
        let same_file = |pinned: &str| match (base.join(pinned).canonicalize(), file.canonicalize()) {
            (Ok(pinned), Ok(file)) => pinned == file,
            _ => false,
        };
        let speaks = |pin: &&Pin| pin.plugin == called || pin.name == name || same_file(&pin.plugin);
        match self.pins.iter().filter(speaks).find(|pin| pin.sha256 != *sha256) {
            None => Ok(()),
            Some(pin) => Err(RewardError::Changed(Box::new(ChangedPlugin {
                plugin: called.to_owned(),
                file: file.to_owned(),
                lock: lock_file.to_owned(),
                pinned: format!("{} {}", pin.name, pin.version),
                wanted: pin.sha256,
                found: *sha256,
            }))),
        }
    }
}

fn refuse(path: &Path, what: String) -> RewardError {
    RewardError::Lock {
        path: PathBuf::from(path),
        what,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(plugin: &str, name: &str, bytes: &str) -> Pin {
        Pin {
            plugin: plugin.to_owned(),
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            sha256: Digest::of(bytes),
            api: "0.1.0".to_owned(),
        }
    }

    fn check(lock: &Lock, called: &str, file: &str, name: &str, bytes: &str) -> Result<(), String> {
        lock.check(
            Path::new("work/restem.lock"),
            called,
            Path::new(file),
            name,
            &Digest::of(bytes),
        )
        .map_err(|error| error.to_string())
    }

    #[test]
    fn a_changed_file_is_refused_with_both_digests() {
        let mut lock = Lock::default();
        lock.pin(pin("mine", "mine", "old"));
        assert_eq!(check(&lock, "mine", "p/mine.wasm", "mine", "old"), Ok(()));
        insta::assert_snapshot!(check(&lock, "mine", "p/mine.wasm", "mine", "new").unwrap_err(), @r"
        the plugin `mine` is not the file that work/restem.lock pins
          pinned: mine 1.0.0, sha256 cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4
          found:  p/mine.wasm, sha256 11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437
          hint: if you changed it, pin it anew with `restem plugin lock mine`
        ");
    }

    #[test]
    fn another_name_or_path_does_not_get_around_a_pin() {
        let mut lock = Lock::default();
        lock.pin(pin("mine", "mine", "old"));
        assert!(check(&lock, "./copy.wasm", "copy.wasm", "mine", "new").is_err());
        assert!(check(&lock, "mine", "p/mine.wasm", "renamed", "new").is_err());
        assert_eq!(check(&lock, "other", "o.wasm", "other", "new"), Ok(()));
    }

    #[test]
    fn a_lock_is_written_and_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(LOCK_FILE);
        assert_eq!(Lock::read(&path).unwrap(), Lock::default());
        let mut lock = Lock::default();
        lock.pin(pin("b", "b", "1"));
        lock.pin(pin("a", "a", "1"));
        lock.pin(pin("b", "b", "2"));
        lock.write(&path).unwrap();
        let read = Lock::read(&path).unwrap();
        assert_eq!(read, lock);
        let pinned: Vec<_> = read.pins.iter().map(|pin| &pin.plugin[..]).collect();
        assert_eq!(pinned, ["a", "b"]);
    }

    #[test]
    fn a_lock_that_can_not_be_read_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(LOCK_FILE);
        fs::write(&path, "[[plugin]]\nplugin = \"a\"\n").unwrap();
        let error = Lock::read(&path).unwrap_err().to_string();
        assert!(
            error.contains("restem.lock") && error.contains("missing field `name`"),
            "{error}"
        );
    }
}
