//! The SDK's sources beside the binary: what `restem plugin new` makes projects depend on.
//!
//! `cargo package` writes them as they would be published, with all that the workspace lends a member put into the crate's
//! own Cargo.toml, so that it builds anywhere.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::read::GzDecoder;

use crate::workspace::Workspace;
use crate::{artifacts, dist, process, say};

/// Its name as a package, and its folder in the workspace and in the home.
const PACKAGE: &str = "restem-sdk";
const FOLDER: &str = "sdk/reward";

/// What cargo adds to a package.
const OF_CARGO: [&str; 2] = [".cargo_vcs_info.json", "Cargo.toml.orig"];

/// Brings the home's copy up to date. What did not change is not written, so that projects that use it don't build it again.
///
/// # Errors
/// When the SDK can't be packed.
pub(crate) fn place(workspace: &Workspace) -> Result<()> {
    say::step("build", "the SDK's sources");
    let target = workspace.target().join("sdk-source");
    let packed = target.join("package");
    if packed.exists() {
        // Of another version, perhaps.
        fs::remove_dir_all(&packed)?;
    }
    process::run(
        process::cargo(workspace.root())
            .args([
                "package",
                "--package",
                PACKAGE,
                "--no-verify",
                "--allow-dirty",
                "--quiet",
            ])
            .args(["--exclude-lockfile", "--target-dir"])
            .arg(&target),
    )?;
    let unpacked = tempfile::tempdir_in(&target)?;
    let archive = the_only_file(&packed)?;
    let file = File::open(&archive).with_context(|| format!("cannot open {}", archive.display()))?;
    tar::Archive::new(GzDecoder::new(file)).unpack(unpacked.path())?;
    let name = archive.file_stem().context("an archive has no name")?;
    let crate_dir = unpacked.path().join(name);
    for file in OF_CARGO {
        // It says of which commit this is, and so on: no part of the crate.
        fs::remove_file(crate_dir.join(file)).with_context(|| format!("cargo packed no {file}"))?;
    }
    mirror(&crate_dir, &workspace.home().join(FOLDER))
}

/// The one archive in a directory: its name has the crate's version, which is the crate's own business.
fn the_only_file(directory: &Path) -> Result<PathBuf> {
    let archives = fs::read_dir(directory)
        .with_context(|| format!("cargo left no {}", directory.display()))?
        .map(|entry| Ok(entry?.path()))
        .filter(|path: &Result<PathBuf>| path.as_ref().is_ok_and(|path| path.is_file()))
        .collect::<Result<Vec<_>>>()?;
    match &archives[..] {
        [one] => Ok(one.clone()),
        several => bail!("{} archives in {}, not one", several.len(), directory.display()),
    }
}

/// Makes `to` hold the files of `from` and no others.
fn mirror(from: &Path, to: &Path) -> Result<()> {
    let files = dist::sorted(from)?;
    for file in &files {
        artifacts::place(file, &to.join(file.strip_prefix(from)?))?;
    }
    for old in dist::sorted(to)? {
        if !from.join(old.strip_prefix(to)?).exists() {
            fs::remove_file(&old).with_context(|| format!("cannot remove {}", old.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_file_that_went_away_goes_from_the_copy() {
        let dir = TempDir::new().unwrap();
        let (from, to) = (dir.path().join("from"), dir.path().join("to"));
        fs::create_dir_all(from.join("src")).unwrap();
        fs::write(from.join("src/lib.rs"), "new").unwrap();
        fs::create_dir_all(to.join("src")).unwrap();
        fs::write(to.join("src/gone.rs"), "old").unwrap();
        mirror(&from, &to).unwrap();
        let left: Vec<_> = dist::sorted(&to).unwrap();
        assert_eq!(left, [to.join("src/lib.rs")]);
    }
}
