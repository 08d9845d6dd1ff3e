//! Opening libtorch before the backend that needs it.
#![expect(unsafe_code, reason = "opening a shared library runs its initialisers")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};

use super::NativeError;
use crate::env::{CONDA_PREFIX, Environment, LIBTORCH, VIRTUAL_ENV};

/// The version that the torch backend is built for; another one has other symbols.
pub const LIBTORCH_VERSION: &str = "2.13.0";

/// What libtorch_cpu.so of the Linux wheels needs, dependencies first. A library that is missing here may still be
/// found by the run path of the next.
const NEEDED: [&str; 3] = ["libgomp.so.1", "libcudart.so.13", "libcupti.so.13"];
const CORE: [&str; 2] = ["libc10.so", "libtorch_cpu.so"];
/// Opening these registers CUDA; a CPU set has neither.
const CUDA: [&str; 2] = ["libc10_cuda.so", "libtorch_cuda.so"];

/// What was opened: a process has one libtorch.
static OPENED: Mutex<Option<Opened>> = Mutex::new(None);

/// An opened libtorch.
#[derive(Debug, Clone, Default)]
pub(super) struct Opened {
    /// Why its CUDA part could not be opened, where it has one: its own libraries may be missing.
    pub(super) cuda_failure: Option<String>,
}

/// Finds libtorch and opens its libraries for all to see; does nothing the second time.
///
/// # Errors
/// [`NativeError::LibtorchNotFound`] or [`NativeError::CannotLoad`].
pub(super) fn open(environment: &Environment) -> Result<Opened, NativeError> {
    let mut opened = OPENED.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(opened) = &*opened {
        return Ok(opened.clone());
    }
    let lib = find(environment)?.join("lib");
    for name in NEEDED {
        if let Some(path) = needed(&lib, name) {
            load(&path)?;
        }
    }
    for name in CORE {
        load(&lib.join(name))?;
    }
    let cuda = CUDA
        .map(|name| lib.join(name))
        .into_iter()
        .filter(|path| path.exists());
    let failure = cuda.map(|path| load(&path)).find_map(Result::err);
    let result = Opened {
        cuda_failure: failure.map(|failure| failure.to_string()),
    };
    Ok(opened.insert(result).clone())
}

/// Beside libtorch, or in one of pip's `nvidia` packages next to a Python's torch package.
fn needed(lib: &Path, name: &str) -> Option<PathBuf> {
    let beside = lib.join(name);
    if beside.exists() {
        return Some(beside);
    }
    // A link to the package leads elsewhere than its text says.
    let packages = fs::canonicalize(lib).ok()?.parent()?.parent()?.join("nvidia");
    let folders = fs::read_dir(packages).ok()?;
    (folders
        .filter_map(Result::ok)
        .map(|folder| folder.path().join("lib").join(name)))
    .find(|path| path.exists())
}

fn load(path: &Path) -> Result<(), NativeError> {
    // SAFETY: the user's libtorch is trusted as the user's code is; its initialisers expect nothing from us.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) };
    let library = library.map_err(|source| NativeError::CannotLoad {
        path: path.to_owned(),
        hint: "this libtorch is incomplete; unset LIBTORCH and run `cargo xtask setup`",
        source,
    })?;
    // libtorch keeps threads and thread-local state: unloading it would pull the code from under them.
    std::mem::forget(library);
    Ok(())
}

fn find(environment: &Environment) -> Result<PathBuf, NativeError> {
    let mut looked = Vec::new();
    for (directory, whence) in candidates(environment) {
        match check(&directory) {
            Ok(()) => return Ok(directory),
            Err(reason) => looked.push(format!("{} ({whence}): {reason}", directory.display())),
        }
    }
    if looked.is_empty() {
        looked.push("nowhere: none of LIBTORCH, VIRTUAL_ENV, RESTEM_CACHE and HOME is set".to_owned());
    }
    Err(NativeError::LibtorchNotFound {
        version: LIBTORCH_VERSION,
        looked,
    })
}

fn candidates(environment: &Environment) -> Vec<(PathBuf, &'static str)> {
    if let Some(directory) = environment.path(LIBTORCH) {
        // The user asked for this one: another would be a surprise.
        return vec![(directory.to_owned(), LIBTORCH)];
    }
    let pythons = [VIRTUAL_ENV, CONDA_PREFIX]
        .into_iter()
        .filter_map(|name| Some((environment.path(name)?, name)));
    let packages = pythons.flat_map(|(root, name)| {
        let versions = subdirectories(&root.join("lib"), "python3");
        (versions.into_iter()).map(move |version| (version.join("site-packages").join("torch"), name))
    });
    let set_up = environment.cache().into_iter().flat_map(|cache| {
        // The second kind are set-up's links to a Python's torch.
        let name = format!("libtorch-{LIBTORCH_VERSION}");
        let links = subdirectories(&cache, &format!("{name}-python-"));
        std::iter::once(cache.join(name))
            .chain(links)
            .map(|directory| (directory, "set-up's cache"))
    });
    packages
        .filter(|(package, _)| package.exists())
        .chain(set_up)
        .collect()
}

/// Directories whose names begin with `prefix`, sorted.
fn subdirectories(directory: &Path, prefix: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(Result::ok);
    let mut found: Vec<_> = entries
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

/// Whether a directory holds the right libtorch; if not, why.
fn check(directory: &Path) -> Result<(), String> {
    if let Some(missing) = CORE
        .iter()
        .find(|name| !directory.join("lib").join(name).exists())
    {
        return Err(format!("no lib/{missing}"));
    }
    match version(directory) {
        Some(version) if version != LIBTORCH_VERSION => Err(format!("version {version}")),
        // Some distributions don't tell; the backend's symbols decide then.
        _ => Ok(()),
    }
}

/// From `build-version` of an unpacked libtorch or `version.py` of a Python package, without `+cpu` and the like.
fn version(directory: &Path) -> Option<String> {
    let text = fs::read_to_string(directory.join("build-version")).or_else(|_| {
        let text = fs::read_to_string(directory.join("version.py"))?;
        let line = text.lines().find(|line| line.starts_with("__version__"));
        Ok::<_, std::io::Error>(
            line.and_then(|line| line.split(['\'', '"']).nth(1))
                .unwrap_or_default()
                .to_owned(),
        )
    });
    let text = text.ok()?;
    let release = text.trim().split('+').next().unwrap_or_default();
    (!release.is_empty()).then(|| release.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::env::CACHE;

    fn make(directory: &Path, version: &str) {
        fs::create_dir_all(directory.join("lib")).unwrap();
        for name in CORE {
            fs::write(directory.join("lib").join(name), "").unwrap();
        }
        fs::write(
            directory.join("version.py"),
            format!("__version__ = '{version}+cpu'\n"),
        )
        .unwrap();
    }

    #[test]
    fn a_missing_libtorch_says_why_each_place_does_not_do() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("venv/lib/python3.11/site-packages/torch");
        make(&package, "2.9.1");
        let environment = Environment::default()
            .with(VIRTUAL_ENV, folder.path().join("venv"))
            .with(CACHE, folder.path().join("cache"));
        let error = find(&environment).unwrap_err().to_string();
        insta::assert_snapshot!(error.replace(folder.path().to_str().unwrap(), "/tmp"), @"
        the torch backend needs libtorch 2.13.0, which was not found
          looked for: /tmp/venv/lib/python3.11/site-packages/torch (VIRTUAL_ENV): version 2.9.1
                      /tmp/cache/libtorch-2.13.0 (set-up's cache): no lib/libc10.so
          hint: run `cargo xtask setup`, or set LIBTORCH to a directory with lib/libtorch_cpu.so
        ");
    }

    #[test]
    fn the_active_python_comes_before_the_cache_and_libtorch_before_both() {
        let folder = tempfile::tempdir().unwrap();
        let package = folder.path().join("venv/lib/python3.11/site-packages/torch");
        make(&folder.path().join("cache/libtorch-2.13.0"), LIBTORCH_VERSION);
        let environment = Environment::default()
            .with(VIRTUAL_ENV, folder.path().join("venv"))
            .with(CACHE, folder.path().join("cache"));
        assert_eq!(
            find(&environment).unwrap(),
            folder.path().join("cache/libtorch-2.13.0")
        );
        make(&package, LIBTORCH_VERSION);
        assert_eq!(find(&environment).unwrap(), package);
        let wrong = environment.with(LIBTORCH, "/nowhere");
        assert!(
            find(&wrong)
                .unwrap_err()
                .to_string()
                .contains("/nowhere (LIBTORCH): no lib/libc10.so")
        );
    }

    #[test]
    fn a_broken_library_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("libc10.so");
        fs::write(&path, "not a library").unwrap();
        let error = load(&path).unwrap_err().to_string();
        assert!(
            error.contains("libc10.so") && error.contains("cargo xtask setup"),
            "{error}"
        );
    }
}
