//! Installed plugins: each file under its digest, and a list of names.
//!
//! `DIR/<sha256>/plugin.wasm` with its manifest beside it, `DIR/names.toml` says which digest a name means. Two versions
//! lie side by side, and a file that was changed where it lies is noticed before it is used.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use restem_em::Digest;

use crate::manifest::FILE as MANIFEST;
use crate::{Manifest, RewardError};

const NAMES: &str = "names.toml";
const WASM: &str = "plugin.wasm";

/// A directory of installed plugins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PluginStore {
    dir: PathBuf,
}

/// An installed plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// What it is called in configurations.
    pub name: String,
    /// Digest of its file.
    pub sha256: Digest,
    /// Its file.
    pub path: PathBuf,
}

impl PluginStore {
    /// The store in `dir`, which need not exist yet.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Its directory.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Copies the plugin in `wasm` and the manifest beside it into the store and calls it `name` from now on. The file that
    /// had the name before is kept under its digest only when another name means it.
    ///
    /// # Errors
    /// [`RewardError::Read`] and [`RewardError::Manifest`] for the source, [`RewardError::Store`] for the store.
    pub fn install(&self, name: &str, wasm: &Path) -> Result<Installed, RewardError> {
        let bytes = fs::read(wasm).map_err(|source| RewardError::Read {
            path: wasm.to_owned(),
            source,
        })?;
        let manifest = Manifest::beside(wasm)?;
        let sha256 = Digest::of(&bytes);
        let home = self.home(&sha256);
        self.attempt(fs::create_dir_all(&home))?;
        self.attempt(replace(&home.join(WASM), &bytes))?;
        match manifest {
            // As the author wrote it, comments and all.
            Some((path, _)) => {
                let text = self.attempt(fs::read(path))?;
                self.attempt(replace(&home.join(MANIFEST), &text))?;
            }
            None => match fs::remove_file(home.join(MANIFEST)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => self.attempt(Err(error))?,
                _ => {}
            },
        }
        let mut names = self.names()?;
        let before = names.insert(name.to_owned(), sha256);
        self.write_names(&names)?;
        if let Some(before) = before {
            self.forget(&before, &names)?;
        }
        Ok(self.installed(name.to_owned(), sha256))
    }

    /// Every installed plugin, by name.
    ///
    /// # Errors
    /// [`RewardError::Store`] when the list of names can't be read.
    pub fn list(&self) -> Result<Vec<Installed>, RewardError> {
        let names = self.names()?;
        Ok(names
            .into_iter()
            .map(|(name, sha256)| self.installed(name, sha256))
            .collect())
    }

    /// Forgets a name, and its file where no other name means it. `None` when there is no such name.
    ///
    /// # Errors
    /// [`RewardError::Store`].
    pub fn remove(&self, name: &str) -> Result<Option<Installed>, RewardError> {
        let mut names = self.names()?;
        let Some(sha256) = names.remove(name) else {
            return Ok(None);
        };
        self.write_names(&names)?;
        self.forget(&sha256, &names)?;
        Ok(Some(self.installed(name.to_owned(), sha256)))
    }

    /// The file of the plugin called `name`, once it is what was installed. `None` when there is no such name.
    ///
    /// # Errors
    /// [`RewardError::Store`] when the file is gone or another one.
    pub fn find(&self, name: &str) -> Result<Option<PathBuf>, RewardError> {
        let Some(sha256) = self.names()?.remove(name) else {
            return Ok(None);
        };
        let path = self.home(&sha256).join(WASM);
        let bytes = self.attempt(fs::read(&path))?;
        let found = Digest::of(&bytes);
        if found == sha256 {
            return Ok(Some(path));
        }
        Err(self.refuse(format!(
            "holds another file than was installed as `{name}`\n  installed: sha256 {sha256}\n  found:     sha256 {found}\n  hint: install it again with `restem plugin install`"
        )))
    }

    fn home(&self, sha256: &Digest) -> PathBuf {
        self.dir.join(sha256.to_string())
    }

    fn installed(&self, name: String, sha256: Digest) -> Installed {
        Installed {
            name,
            sha256,
            path: self.home(&sha256).join(WASM),
        }
    }

    fn names(&self) -> Result<BTreeMap<String, Digest>, RewardError> {
        match fs::read_to_string(self.dir.join(NAMES)) {
            Ok(text) => {
                toml::from_str(&text).map_err(|error| self.refuse(format!("has a damaged {NAMES}: {error}")))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeMap::new()),
            Err(error) => Err(self.refuse(format!("can't be read: {error}"))),
        }
    }

    fn write_names(&self, names: &BTreeMap<String, Digest>) -> Result<(), RewardError> {
        let text = toml::to_string(names).map_err(|error| self.refuse(error.to_string()))?;
        self.attempt(replace(&self.dir.join(NAMES), text.as_bytes()))
    }

    fn forget(&self, sha256: &Digest, names: &BTreeMap<String, Digest>) -> Result<(), RewardError> {
        if names.values().any(|used| used == sha256) {
            return Ok(());
        }
        match fs::remove_dir_all(self.home(sha256)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => self.attempt(Err(error)),
            _ => Ok(()),
        }
    }

    fn attempt<T>(&self, outcome: io::Result<T>) -> Result<T, RewardError> {
        outcome.map_err(|error| self.refuse(format!("can't be used: {error}")))
    }

    fn refuse(&self, what: String) -> RewardError {
        RewardError::Store {
            path: self.dir.clone(),
            what,
        }
    }
}

/// Writes a file as a whole or not at all.
fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let file = tempfile::NamedTempFile::new_in(dir)?;
    fs::write(file.path(), contents)?;
    file.persist(path).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct World {
        dir: tempfile::TempDir,
        store: PluginStore,
    }

    fn world() -> World {
        let dir = tempfile::tempdir().unwrap();
        let store = PluginStore::new(dir.path().join("store"));
        World { dir, store }
    }

    impl World {
        fn plugin(&self, name: &str, bytes: &str, manifest: Option<&str>) -> PathBuf {
            let home = self.dir.path().join(name);
            fs::create_dir_all(&home).unwrap();
            fs::write(home.join("p.wasm"), bytes).unwrap();
            if let Some(text) = manifest {
                fs::write(home.join(MANIFEST), text).unwrap();
            }
            home.join("p.wasm")
        }
    }

    #[test]
    fn a_plugin_is_found_by_name_with_its_manifest() {
        let world = world();
        let wasm = world.plugin("a", "bytes", Some("name = \"mine\" # mine"));
        assert_eq!(world.store.find("mine").unwrap(), None);
        let installed = world.store.install("mine", &wasm).unwrap();
        let path = world.store.find("mine").unwrap().unwrap();
        assert_eq!(path, installed.path);
        assert_eq!(fs::read(&path).unwrap(), b"bytes");
        assert_eq!(Manifest::beside(&path).unwrap().unwrap().1.name, "mine");
        assert_eq!(world.store.list().unwrap(), [installed]);
    }

    #[test]
    fn a_new_version_takes_the_name_and_the_old_file_goes() {
        let world = world();
        let old = world
            .store
            .install("mine", &world.plugin("a", "old", None))
            .unwrap();
        let new = world
            .store
            .install("mine", &world.plugin("b", "new", None))
            .unwrap();
        assert!(!old.path.exists() && new.path.exists());
        world
            .store
            .install("same", &world.plugin("b", "new", None))
            .unwrap();
        world.store.remove("mine").unwrap().unwrap();
        assert!(new.path.exists(), "another name means it");
        world.store.remove("same").unwrap().unwrap();
        assert!(!new.path.exists());
        assert_eq!(world.store.remove("same").unwrap(), None);
    }

    #[test]
    fn a_file_that_was_changed_where_it_lies_is_refused() {
        let world = world();
        let installed = world
            .store
            .install("mine", &world.plugin("a", "bytes", None))
            .unwrap();
        fs::write(&installed.path, "other").unwrap();
        let error = world.store.find("mine").unwrap_err().to_string();
        assert!(
            error.contains("another file than was installed as `mine`")
                && error.contains(&installed.sha256.to_string()),
            "{error}"
        );
    }
}
