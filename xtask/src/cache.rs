//! The per-user cache: entries appear whole or not at all.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::env_vars;

/// A directory whose entries are made by rename, so a killed set-up leaves nothing half-made behind.
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// `RESTEM_CACHE`, else `$XDG_CACHE_HOME/restem`, else `~/.cache/restem`. Nothing is created yet.
    ///
    /// # Errors
    /// When none of the three variables is set.
    pub(crate) fn locate() -> Result<Self> {
        let variable = |name| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let root = variable(env_vars::CACHE)
            .or_else(|| variable(env_vars::XDG_CACHE_HOME).map(|base| base.join("restem")))
            .or_else(|| variable(env_vars::HOME).map(|home| home.join(".cache").join("restem")))
            .context("no place for the cache: set RESTEM_CACHE to a directory")?;
        // Other programs are started in other directories.
        Ok(Self {
            root: std::path::absolute(root)?,
        })
    }

    /// Where the entry `name` is, or would be.
    pub(crate) fn entry(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// A scratch directory on the cache's file system, removed when dropped.
    ///
    /// # Errors
    /// When the cache can't be created or written.
    pub(crate) fn scratch(&self) -> Result<TempDir> {
        fs::create_dir_all(&self.root).with_context(|| format!("cannot create {}", self.root.display()))?;
        tempfile::Builder::new()
            .prefix("partial-")
            .tempdir_in(&self.root)
            .with_context(|| format!("cannot write to {}", self.root.display()))
    }

    /// Fills a fresh directory with `make` and puts it at `name`, replacing what was there.
    ///
    /// # Errors
    /// Those of `make`, after which the old entry is untouched; or of the file system.
    pub(crate) fn put(&self, name: &str, make: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
        let scratch = self.scratch()?;
        make(scratch.path())?;
        let entry = self.entry(name);
        if let Some(parent) = entry.parent() {
            fs::create_dir_all(parent)?;
        }
        if entry.exists() {
            fs::remove_dir_all(&entry).with_context(|| format!("cannot replace {}", entry.display()))?;
        }
        let made = scratch.keep();
        // `tempfile` makes private directories; the cache is as readable as the umask lets any other directory be.
        share(&made)?;
        fs::rename(&made, &entry).with_context(|| format!("cannot move {} into place", entry.display()))?;
        Ok(entry)
    }
}

#[cfg(unix)]
fn share(directory: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::set_permissions(directory, fs::Permissions::from_mode(0o755))?)
}

#[cfg(not(unix))]
fn share(_directory: &Path) -> Result<()> {
    Ok(())
}

/// Sha-256 of a file as lower-case hex.
///
/// # Errors
/// When the file can't be read.
pub(crate) fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path).with_context(|| format!("cannot open {}", path.display()))?;
    let mut digest = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            break;
        }
        digest.update(&block[..read]);
    }
    Ok(hex(&digest.finalize()))
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fails unless the file has the digest that this source tree pins.
///
/// # Errors
/// When it differs or can't be read.
pub(crate) fn check_sha256(path: &Path, pinned: &str) -> Result<()> {
    let found = sha256(path)?;
    if found != pinned {
        bail!(
            "{} is not the file this version of restem was written for\n  sha256 wanted {pinned}\n  sha256 found  {found}\n  \
             hint: a proxy or mirror may have changed it; remove it from there and run the command again",
            path.display()
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(dir: &TempDir) -> Cache {
        Cache {
            root: dir.path().join("cache"),
        }
    }

    #[test]
    fn an_entry_appears_only_when_it_was_made_whole() {
        let dir = TempDir::new().unwrap();
        let cache = cache(&dir);
        let failed = cache.put("thing", |dir| {
            fs::write(dir.join("half"), "x")?;
            bail!("the network went away")
        });
        assert!(failed.is_err());
        assert!(!cache.entry("thing").exists());
        let left: Vec<_> = fs::read_dir(dir.path().join("cache")).unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }

    #[test]
    fn putting_an_entry_again_replaces_it() {
        let dir = TempDir::new().unwrap();
        let cache = cache(&dir);
        cache
            .put("a/thing", |dir| Ok(fs::write(dir.join("old"), "x")?))
            .unwrap();
        let entry = cache
            .put("a/thing", |dir| Ok(fs::write(dir.join("new"), "y")?))
            .unwrap();
        assert!(entry.join("new").exists());
        assert!(!entry.join("old").exists());
    }

    #[test]
    fn a_file_with_another_digest_is_refused_with_both_digests() {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("f");
        fs::write(&file, "abc").unwrap();
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        check_sha256(&file, abc).unwrap();
        let text = check_sha256(&file, &"0".repeat(64)).unwrap_err().to_string();
        assert!(text.contains(abc) && text.contains(&"0".repeat(64)), "{text}");
    }
}
