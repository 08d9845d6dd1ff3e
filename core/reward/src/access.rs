//! Which capabilities a component gets: those it imports, its manifest asks for and the user grants.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::{Capability, Manifest, PluginOptions, RewardError};

/// The capabilities that the imports of a component need, once both sides have agreed to each.
///
/// # Errors
/// [`RewardError::NotAskedFor`] or [`RewardError::NotGranted`] names the side that refuses;
/// [`RewardError::NoPythonDirectory`] when nobody said where the interpreter is.
pub(crate) fn check(
    plugin: &str,
    imports: &[String],
    manifest: Option<&(PathBuf, Manifest)>,
    options: &PluginOptions,
) -> Result<BTreeSet<Capability>, RewardError> {
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
        if !options.grants.contains(&capability) {
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
    Ok(needed)
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
            .map(|wanted| wanted.len())
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
        assert!(wanted.is_empty());
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
}
