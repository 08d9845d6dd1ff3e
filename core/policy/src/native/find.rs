//! Finding a backend's library.

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};

use super::NativeError;
use crate::env::{BACKEND_DIR, Environment};

/// The name of the backend on libtorch.
pub const TORCH: &str = "torch";

/// The library of a backend: `name` is a path to it, or a name to look for.
///
/// # Errors
/// [`NativeError::BackendNotFound`] with the files that were looked for.
pub(super) fn library(name: &str, environment: &Environment) -> Result<PathBuf, NativeError> {
    let looked = candidates(name, environment);
    match looked.iter().find(|path| path.is_file()) {
        // An absolute path, so that the system's loader never searches for it.
        Some(path) => Ok(std::path::absolute(path).unwrap_or_else(|_| path.clone())),
        None => Err(NativeError::BackendNotFound {
            name: name.to_owned(),
            looked,
        }),
    }
}

/// Whether a library is the one that needs libtorch.
pub(super) fn is_torch(library: &Path) -> bool {
    library
        .file_name()
        .is_some_and(|name| name == file_name(TORCH).as_str())
}

fn candidates(name: &str, environment: &Environment) -> Vec<PathBuf> {
    if name.contains(std::path::MAIN_SEPARATOR) || name.ends_with(DLL_SUFFIX) {
        return vec![PathBuf::from(name)];
    }
    let beside = (environment.binary.as_deref().and_then(Path::parent)).map(|bin| {
        let home = bin.parent().map(|home| home.join("backends"));
        home.into_iter().chain([bin.join("backends")])
    });
    (environment.path(BACKEND_DIR).map(Path::to_owned).into_iter())
        .chain(beside.into_iter().flatten())
        .map(|folder| folder.join(file_name(name)))
        .collect()
}

fn file_name(name: &str) -> String {
    format!("{DLL_PREFIX}restem_{}{DLL_SUFFIX}", name.replace('-', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_backend_says_where_it_was_looked_for_and_what_to_run() {
        let mut environment = Environment::default().with(BACKEND_DIR, "/nowhere/else");
        environment.binary = Some("/nowhere/bin/restem".into());
        let error = library(TORCH, &environment).unwrap_err();
        insta::assert_snapshot!(error, @"
        policy backend `torch` was not found
          looked for: /nowhere/else/librestem_torch.so
                      /nowhere/backends/librestem_torch.so
                      /nowhere/bin/backends/librestem_torch.so
          hint: run `cargo xtask setup` and `cargo xtask build`
        ");
    }

    #[test]
    fn a_path_is_taken_as_it_is() {
        let error = library("./my.so", &Environment::default()).unwrap_err();
        insta::assert_snapshot!(error, @"
        policy backend `./my.so` was not found
          looked for: ./my.so
          hint: give the path of the library, or set RESTEM_POLICY_BACKEND_DIR to its directory
        ");
    }

    #[test]
    fn the_users_directory_comes_before_the_installed_one() {
        let folder = tempfile::tempdir().unwrap();
        for place in ["mine", "backends", "bin"] {
            std::fs::create_dir(folder.path().join(place)).unwrap();
            std::fs::write(folder.path().join(place).join(file_name(TORCH)), "").unwrap();
        }
        let mut environment = Environment::default();
        environment.binary = Some(folder.path().join("bin/restem"));
        let found = library(TORCH, &environment).unwrap();
        assert_eq!(found.parent().unwrap(), folder.path().join("backends"));
        assert!(is_torch(&found));
        let environment = environment.with(BACKEND_DIR, folder.path().join("mine"));
        assert_eq!(
            library(TORCH, &environment).unwrap().parent().unwrap(),
            folder.path().join("mine")
        );
    }
}
