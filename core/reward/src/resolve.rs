//! From a plugin's name to its file.

use std::env;
use std::path::{Path, PathBuf};

use crate::RewardError;

/// Environment variable that names a directory of plugins, looked in before any other.
pub const PLUGIN_DIR_VARIABLE: &str = "RESTEM_PLUGIN_DIR";

/// The directories where installed plugins are: `RESTEM_PLUGIN_DIR`, then beside the running program
/// (`../plugins/`, `plugins/` and `../lib/restem/plugins/`).
#[must_use]
pub fn search_dirs() -> Vec<PathBuf> {
    let mut dirs: Vec<_> = env::var_os(PLUGIN_DIR_VARIABLE)
        .filter(|dir| !dir.is_empty())
        .map(PathBuf::from)
        .into_iter()
        .collect();
    if let Some(bin) = env::current_exe().ok().as_deref().and_then(Path::parent) {
        dirs.push(bin.join("../plugins"));
        dirs.push(bin.join("plugins"));
        dirs.push(bin.join("../lib/restem/plugins"));
    }
    dirs
}

/// The file of a plugin: a path (it ends in `.wasm` or has a separator), or a name that `search_dirs` know as
/// `name.wasm` (or `na_me.wasm`, as cargo writes it).
///
/// # Errors
/// [`RewardError::NotFound`] with every file that was looked for.
pub fn resolve(name_or_path: &str, search_dirs: &[PathBuf]) -> Result<PathBuf, RewardError> {
    let path = Path::new(name_or_path);
    let looked =
        if path.extension().is_some_and(|extension| extension == "wasm") || path.components().count() > 1 {
            vec![path.to_owned()]
        } else {
            let names = [
                format!("{name_or_path}.wasm"),
                format!("{}.wasm", name_or_path.replace('-', "_")),
            ];
            let names = if names[0] == names[1] {
                &names[..1]
            } else {
                &names[..]
            };
            search_dirs
                .iter()
                .flat_map(|dir| names.iter().map(|name| dir.join(name)))
                .collect()
        };
    match looked.iter().find(|path| path.is_file()) {
        Some(path) => Ok(path.clone()),
        None => Err(RewardError::NotFound {
            name: name_or_path.to_owned(),
            looked,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_name_is_found_in_the_first_directory_that_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        fs::create_dir_all(&one).unwrap();
        fs::create_dir_all(&two).unwrap();
        fs::write(two.join("exact_match.wasm"), "").unwrap();
        let dirs = [one, two.clone()];
        assert_eq!(
            resolve("exact-match", &dirs).unwrap(),
            two.join("exact_match.wasm")
        );
        fs::write(two.join("exact-match.wasm"), "").unwrap();
        assert_eq!(
            resolve("exact-match", &dirs).unwrap(),
            two.join("exact-match.wasm")
        );
    }

    #[test]
    fn an_unknown_name_says_where_it_was_looked_for() {
        let error = resolve("my-reward", &[PathBuf::from("/one"), PathBuf::from("/two")]).unwrap_err();
        insta::assert_snapshot!(error, @r"
        no plugin `my-reward`; looked for
          /one/my-reward.wasm
          /one/my_reward.wasm
          /two/my-reward.wasm
          /two/my_reward.wasm
          hint: run `cargo xtask build --plugins`, or give the path of a `.wasm` file
        ");
    }

    #[test]
    fn a_path_is_taken_as_it_is() {
        let error = resolve("./x.wasm", &[PathBuf::from("/one")])
            .unwrap_err()
            .to_string();
        assert!(error.contains("  ./x.wasm\n"), "{error}");
    }
}
