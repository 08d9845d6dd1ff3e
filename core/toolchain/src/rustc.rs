//! What a rustc says of itself.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::{RUSTC, SYSTEM_RUSTC, TARGET};

pub(crate) fn active_rustc(dir: &Path) -> Command {
    let mut command = Command::new(std::env::var_os(RUSTC).unwrap_or_else(|| "rustc".into()));
    command.current_dir(dir);
    command
}

/// The target's library, if this rustc brings it; if not, why.
pub(crate) fn library(rustc: &mut Command) -> Result<PathBuf, String> {
    let directory = output(rustc.args(["--print", "target-libdir", "--target", TARGET]))?;
    let found = fs::read_dir(&directory).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "rlib")
        })
    });
    if found {
        Ok(PathBuf::from(directory))
    } else {
        Err(format!("no library in {directory}"))
    }
}

/// Whether the linker is there that rustc looks for: rustup brings it beside the library, distributions don't.
pub(crate) fn brings_linker(library: &Path) -> bool {
    let Some(rustlib) = library.parent().and_then(Path::parent) else {
        return false;
    };
    let hosts = fs::read_dir(rustlib).into_iter().flatten().flatten();
    let mut linkers = hosts.map(|host| host.path().join("bin").join(format!("rust-lld{EXE_SUFFIX}")));
    linkers.any(|linker| linker.is_file())
        || succeeds(Command::new("rust-lld").args(["-flavor", "wasm", "--version"]))
}

/// Where in restem's cache the library lies that was built for the system's compiler; None without one.
///
/// A library fits one compiler only, down to its commit.
#[must_use]
pub fn sysroot_entry() -> Option<String> {
    let version = output(Command::new(SYSTEM_RUSTC).arg("-vV")).ok()?;
    Some(format!("wasm-std/{}", key_of(&version)?))
}

fn key_of(version: &str) -> Option<String> {
    let release = field(version, "release:")?;
    let commit = field(version, "commit-hash:").unwrap_or("unknown");
    Some(format!("{release}-{}", commit.get(..9).unwrap_or(commit)))
}

/// A field of what `rustc -vV` prints.
pub(crate) fn field<'a>(version: &'a str, name: &str) -> Option<&'a str> {
    version
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .map(str::trim)
}

pub(crate) fn output(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(stderr.lines().next().unwrap_or("it failed").to_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_library_is_kept_per_compiler_commit() {
        let version = "rustc 1.96.0 (ac68faa20 2026-05-25)\nbinary: rustc\ncommit-hash: \
                       ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96\nrelease: 1.96.0\n";
        assert_eq!(key_of(version).as_deref(), Some("1.96.0-ac68faa20"));
    }

    #[test]
    fn a_compiler_built_without_git_still_has_a_key() {
        assert_eq!(
            key_of("commit-hash: unknown\nrelease: 1.96.0\n").as_deref(),
            Some("1.96.0-unknown")
        );
    }

    #[test]
    fn the_linker_lies_beside_the_library() {
        let sysroot = tempfile::tempdir().unwrap();
        let rustlib = sysroot.path().join("lib/rustlib");
        let library = rustlib.join(TARGET).join("lib");
        fs::create_dir_all(&library).unwrap();
        let bin = rustlib.join("x86_64-unknown-linux-gnu/bin");
        fs::create_dir_all(&bin).unwrap();
        fs::write(bin.join(format!("rust-lld{EXE_SUFFIX}")), "").unwrap();
        assert!(brings_linker(&library));
    }
}
