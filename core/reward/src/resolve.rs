//! From a plugin's name to its file.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use crate::{Manifest, RewardError};

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

/// The file of a plugin: a path (it ends in `.wasm`, has a separator or is `.`), or a name that `search_dirs` know as
/// `name.wasm` (or `na_me.wasm`, as cargo writes it).
///
/// The path of a directory means the plugin built in it: see [`built_in`].
///
/// # Errors
/// [`RewardError::NotFound`] with every file that was looked for, and those of [`built_in`].
pub fn resolve(name_or_path: &str, search_dirs: &[PathBuf]) -> Result<PathBuf, RewardError> {
    let path = Path::new(name_or_path);
    if is_path(name_or_path) && path.is_dir() {
        return built_in(path);
    }
    let looked = if is_path(name_or_path) {
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

/// The plugin's file in its author's directory: the one that is named as `plugin.toml` says, which is what `restem plugin
/// build` writes, else the only `.wasm` file.
///
/// # Errors
/// [`RewardError::NotBuilt`] without a file, [`RewardError::SeveralFiles`] with several of other names,
/// [`RewardError::Manifest`] when there is one that can't be read.
pub fn built_in(dir: &Path) -> Result<PathBuf, RewardError> {
    if let Some(manifest) = Manifest::within(dir)?
        && manifest.wasm(dir).is_file()
    {
        return Ok(manifest.wasm(dir));
    }
    let entries = fs::read_dir(dir).map_err(|source| RewardError::Read {
        path: dir.to_owned(),
        source,
    })?;
    let files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"))
        .collect();
    match &files[..] {
        [wasm] => Ok(wasm.clone()),
        [] => Err(RewardError::NotBuilt { dir: dir.to_owned() }),
        several => Err(RewardError::SeveralFiles {
            dir: dir.to_owned(),
            count: several.len(),
        }),
    }
}

/// `mine` is a name; `./mine`, `mine/`, `.` and `mine.wasm` are paths.
fn is_path(name_or_path: &str) -> bool {
    name_or_path.contains(std::path::is_separator)
        || name_or_path.ends_with(".wasm")
        || matches!(name_or_path, "." | "..")
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn a_plugin_s_own_directory_means_what_was_built_in_it() {
        let dir = tempfile::tempdir().unwrap();
        let mine = dir.path().join("mine");
        fs::create_dir(&mine).unwrap();
        fs::write(mine.join("plugin.toml"), "name = \"my-reward\"").unwrap();
        let asked = mine.to_string_lossy().into_owned() + "/";
        let error = || {
            let error = resolve(&asked, &[]).unwrap_err().to_string();
            error.replace(&*dir.path().to_string_lossy(), "DIR")
        };
        insta::assert_snapshot!(error(), @r"
        no `.wasm` file in DIR/mine/
          hint: build the plugin first: `restem plugin build DIR/mine/`
        ");
        fs::write(mine.join("other.wasm"), "").unwrap();
        assert_eq!(resolve(&asked, &[]).unwrap(), mine.join("other.wasm"));
        fs::write(mine.join("another.wasm"), "").unwrap();
        insta::assert_snapshot!(error(), @r"
        2 `.wasm` files in DIR/mine/, none named as its `plugin.toml` says
          hint: name one of them
        ");
        fs::write(mine.join("my-reward.wasm"), "").unwrap();
        assert_eq!(resolve(&asked, &[]).unwrap(), mine.join("my-reward.wasm"));
    }

    #[test]
    fn a_bare_name_is_never_a_directory_here() {
        assert!(is_path(".") && is_path("./mine") && is_path("mine/") && is_path("mine.wasm"));
        assert!(!is_path("exact-match"));
    }
}
