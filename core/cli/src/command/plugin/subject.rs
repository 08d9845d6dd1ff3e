//! Which plugin a command is about: an installed name, a file, or its author's own folder.

use std::path::{Path, PathBuf};

use restem_reward::{Probe, built_in};

use crate::reward;

/// What the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// The plugin's file.
    pub(super) wasm: PathBuf,
    /// The author's folder, where the user named that.
    pub(super) project: Option<PathBuf>,
}

/// Finds the file. A folder stands for the `.wasm` that `restem plugin build` leaves in it, also where its path has no
/// separator: who is working on a plugin means that and not an installed one.
pub(super) fn find(named: &str) -> anyhow::Result<Subject> {
    let dir = Path::new(named);
    if !dir.is_dir() {
        return Ok(Subject {
            wasm: reward::file(named)?,
            project: None,
        });
    }
    Ok(Subject {
        wasm: built_in(dir)?,
        project: Some(dir.to_owned()),
    })
}

/// Looks at a plugin without granting it anything.
pub(super) fn probe(wasm: &Path) -> anyhow::Result<Probe> {
    Ok(Probe::of_file(wasm, &reward::options()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_stands_for_the_one_file_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let named = dir.path().to_str().unwrap();
        let error = find(named).unwrap_err().to_string();
        assert!(error.contains("build the plugin first"), "{error}");
        std::fs::write(dir.path().join("mine.wasm"), "").unwrap();
        assert_eq!(find(named).unwrap().wasm, dir.path().join("mine.wasm"));
        std::fs::write(dir.path().join("other.wasm"), "").unwrap();
        let error = find(named).unwrap_err().to_string();
        assert!(error.starts_with("2 `.wasm` files"), "{error}");
    }
}
