//! What a component gets: what it imports, its manifest asks for and the user grants.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::{Capability, DirectoryGrant, Manifest, PluginOptions, RewardError, wasi};

/// What both sides have agreed to.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) capabilities: BTreeSet<Capability>,
    pub(crate) directories: Vec<DirectoryGrant>,
}

/// The capabilities that the imports of a component need and the directories that it may read, once both sides have agreed
/// to each.
///
/// # Errors
/// [`RewardError::NotAskedFor`] or [`RewardError::NotGranted`] names the side that refuses;
/// [`RewardError::NoPythonDirectory`] when nobody said where the interpreter is; for directories
/// [`RewardError::DirectoryNotAskedFor`], [`RewardError::DirectoryNotGranted`] and [`RewardError::DirectoryUnreachable`].
pub(crate) fn check(
    plugin: &str,
    imports: &[String],
    manifest: Option<&(PathBuf, Manifest)>,
    options: &PluginOptions,
) -> Result<Access, RewardError> {
    let needed: BTreeSet<_> = imports
        .iter()
        .filter_map(|import| Capability::of_import(import))
        .collect();
    for &capability in &needed {
        let asked = manifest.is_some_and(|(_, manifest)| manifest.capabilities.contains(&capability));
        if !asked {
            return Err(RewardError::NotAskedFor {
                plugin: plugin.to_owned(),
                capability,
                manifest: manifest.map(|(path, _)| path.clone()),
            });
        }
        if !options.grants_capability(capability) {
            return Err(RewardError::NotGranted {
                plugin: plugin.to_owned(),
                capability,
            });
        }
    }
    if needed.contains(&Capability::Python) && options.python_dir.is_none() {
        return Err(RewardError::NoPythonDirectory {
            plugin: plugin.to_owned(),
        });
    }
    Ok(Access {
        capabilities: needed,
        directories: directories(plugin, imports, manifest, options)?,
    })
}

fn directories(
    plugin: &str,
    imports: &[String],
    manifest: Option<&(PathBuf, Manifest)>,
    options: &PluginOptions,
) -> Result<Vec<DirectoryGrant>, RewardError> {
    let nothing = BTreeMap::new();
    let asked = manifest.map_or(&nothing, |(_, manifest)| &manifest.directories);
    for granted in options.granted_directories() {
        if !asked.contains_key(&granted.name) {
            return Err(RewardError::DirectoryNotAskedFor {
                plugin: plugin.to_owned(),
                name: granted.name.clone(),
                manifest: manifest.map(|(path, _)| path.clone()),
                asked: match asked.keys().next() {
                    Some(name) => format!("it asks for `{name}`"),
                    None => format!(
                        "take the grant away; a plugin that reads it says what for, as `[directories]` with `{} = \"…\"` there",
                        granted.name
                    ),
                },
            });
        }
    }
    let mut directories = Vec::new();
    for (name, purpose) in asked {
        if let Some((path, _)) = manifest
            && !imports.iter().any(|import| wasi::shows_files(import))
        {
            return Err(RewardError::DirectoryUnreachable {
                plugin: plugin.to_owned(),
                name: name.clone(),
                manifest: path.clone(),
            });
        }
        // The last one stands, as with other settings.
        let granted = options
            .granted_directories()
            .filter(|granted| granted.name == *name)
            .last();
        let granted = granted.ok_or_else(|| RewardError::DirectoryNotGranted {
            plugin: plugin.to_owned(),
            name: name.clone(),
            purpose: purpose.clone(),
        })?;
        directories.push(granted.clone());
    }
    Ok(directories)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPORTS: [&str; 2] = ["restem:reward/host@0.1.0", "restem:reward/python@0.1.0"];

    fn asking(capabilities: &[Capability]) -> (PathBuf, Manifest) {
        let manifest = Manifest {
            name: "mine".to_owned(),
            capabilities: capabilities.iter().copied().collect(),
            ..Manifest::default()
        };
        (PathBuf::from("plugins/mine.toml"), manifest)
    }

    fn ask(manifest: Option<&(PathBuf, Manifest)>, options: &PluginOptions) -> Result<usize, String> {
        let imports = IMPORTS.map(str::to_owned);
        check("mine.wasm", &imports, manifest, options)
            .map(|access| access.capabilities.len())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn both_sides_must_agree() {
        let granted = PluginOptions::default()
            .with_grants([Capability::Python])
            .with_python_dir("cache");
        assert_eq!(ask(Some(&asking(&[Capability::Python])), &granted), Ok(1));
    }

    #[test]
    fn a_plugin_without_imports_of_its_own_needs_nobody() {
        let imports = [IMPORTS[0].to_owned()];
        let wanted = check("mine.wasm", &imports, None, &PluginOptions::default()).unwrap();
        assert!(wanted.capabilities.is_empty() && wanted.directories.is_empty());
    }

    #[test]
    fn the_error_names_the_side_that_refuses() {
        let granted = PluginOptions::default().with_grants([Capability::Python]);
        insta::assert_snapshot!(ask(None, &granted).unwrap_err(), @r#"
        `mine.wasm` imports `python`, but no manifest beside it asks for it
          hint: the plugin's author writes `capabilities = ["python"]` there
        "#);
        insta::assert_snapshot!(ask(Some(&asking(&[])), &granted).unwrap_err(), @r#"
        `mine.wasm` imports `python`, but plugins/mine.toml does not ask for it
          hint: the plugin's author writes `capabilities = ["python"]` there
        "#);
        let nothing = PluginOptions::default();
        insta::assert_snapshot!(ask(Some(&asking(&[Capability::Python])), &nothing).unwrap_err(), @r#"
        `mine.wasm` asks for the capability `python`, which you have not granted
          hint: grant it with `--grant python`, or `grant = ["python"]` in its `[[reward]]` table
        "#);
        insta::assert_snapshot!(ask(Some(&asking(&[Capability::Python])), &granted).unwrap_err(), @r"
        `mine.wasm` needs Python, and no directory of interpreters is known
          hint: set RESTEM_CACHE or HOME, and run `restem python install`
        ");
    }

    fn directories(imports: &[&str], asks: &[&str], grants: &[&str]) -> Result<Vec<String>, String> {
        let (path, mut manifest) = asking(&[]);
        manifest.directories = asks
            .iter()
            .map(|&name| (name.to_owned(), "the words it knows".to_owned()))
            .collect();
        let grants: Vec<crate::Grant> = grants.iter().map(|grant| grant.parse().unwrap()).collect();
        let imports: Vec<_> = imports.iter().map(|&import| import.to_owned()).collect();
        let options = PluginOptions::default().with_grants(grants);
        check("mine.wasm", &imports, Some(&(path, manifest)), &options)
            .map(|access| {
                let paths = access
                    .directories
                    .iter()
                    .map(|grant| grant.path.display().to_string());
                paths.collect()
            })
            .map_err(|error| error.to_string())
    }

    const FILES: [&str; 1] = ["wasi:filesystem/preopens@0.2.6"];

    #[test]
    fn a_directory_is_asked_for_and_granted_by_name() {
        assert_eq!(directories(&FILES, &[], &[]), Ok(vec![]));
        assert_eq!(
            directories(&FILES, &["a", "b"], &["b=/2", "a=/0", "a=/1"]),
            Ok(vec!["/1".to_owned(), "/2".to_owned()])
        );
    }

    #[test]
    fn the_side_that_refuses_a_directory_is_named() {
        insta::assert_snapshot!(directories(&FILES, &["data"], &[]).unwrap_err(), @r#"
        `mine.wasm` asks for the directory `data` (the words it knows), which you have not granted
          hint: grant it with `--grant data=DIR`, or `grant = ["data=DIR"]` in its `[[reward]]` table; the plugin can only read it
        "#);
        insta::assert_snapshot!(directories(&FILES, &["data"], &["data=/1", "dat=/1"]).unwrap_err(), @r"
        `mine.wasm` is granted the directory `dat`, but plugins/mine.toml does not ask for it
          hint: it asks for `data`
        ");
        insta::assert_snapshot!(directories(&FILES, &[], &["data=/1"]).unwrap_err(), @r#"
        `mine.wasm` is granted the directory `data`, but plugins/mine.toml does not ask for it
          hint: take the grant away; a plugin that reads it says what for, as `[directories]` with `data = "…"` there
        "#);
        insta::assert_snapshot!(directories(&[], &["data"], &["data=/1"]).unwrap_err(), @r"
        `mine.wasm` asks for the directory `data`, but imports no `wasi:filesystem`: it could not read it
          hint: its author builds it with a toolchain that uses WASI 0.2, or takes `data` out of plugins/mine.toml
        ");
    }
}
