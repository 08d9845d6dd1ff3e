//! Rust: cargo, with a compiler that has the target's library.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, bail};
use restem_toolchain::{TARGET, Toolchain, ToolchainError};
use serde_json::Value;

use super::artifact::wasm_of;
use super::builder::{Built, Profile};
use crate::env;

/// Builds the crate in `dir`.
///
/// # Errors
/// When there is no compiler for the target, or the crate does not compile or is no library.
pub(crate) fn build(dir: &Path, profile: Profile) -> anyhow::Result<Built> {
    let dir = dir
        .canonicalize()
        .with_context(|| format!("{} can't be entered", dir.display()))?;
    let toolchain = Toolchain::find(&dir, env::cache_dir().as_deref())?;
    let metadata = toolchain.metadata(&dir)?;
    let package = package(&metadata, &dir)?;
    let mut cargo = toolchain.cargo(&dir, &metadata);
    // One crate type: with an rlib beside it, cargo leaves out link-time optimisation.
    cargo.args(["rustc", "--lib", "--crate-type", "cdylib", "--target", TARGET]);
    cargo.args(["--message-format", "json-render-diagnostics"]);
    if profile == Profile::Release {
        cargo.arg("--release");
    }
    if toolchain != Toolchain::Active
        && let Some(target) = metadata["target_directory"].as_str()
    {
        // Two compilers in one directory throw away each other's work, and the active one runs the tests.
        cargo.arg("--target-dir").arg(Path::new(target).join("wasm"));
    }
    let output = cargo
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| ToolchainError::NoCargo {
            program: cargo.get_program().to_string_lossy().into_owned(),
            source,
        })?;
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    if !output.status.success() {
        bail!(
            "`{}` does not compile for {TARGET}; cargo said why above",
            text("name")
        );
    }
    let wasm = wasm_of(&output.stdout, &text("id"))
        .with_context(|| format!("cargo built `{}` and names no `.wasm` file", text("name")))?;
    let bytes = fs::read(&wasm).with_context(|| format!("{} can't be read", wasm.display()))?;
    let profile = match profile {
        Profile::Release => "release",
        Profile::Debug => "debug",
    };
    Ok(Built {
        name: text("name"),
        version: text("version"),
        how: format!("{profile}; {}", toolchain.describe()),
        bytes,
    })
}

/// The package whose Cargo.toml lies in `dir`.
fn package<'a>(metadata: &'a Value, dir: &Path) -> anyhow::Result<&'a Value> {
    let manifest = dir.join("Cargo.toml");
    let packages = metadata["packages"].as_array();
    let package = packages.into_iter().flatten().find(|package| {
        package["manifest_path"]
            .as_str()
            .is_some_and(|path| Path::new(path) == manifest)
    });
    let Some(package) = package else {
        bail!(
            "{} is a workspace without a package of its own\n  hint: name the directory of the plugin's package",
            manifest.display()
        );
    };
    let is_library = package["targets"].as_array().into_iter().flatten().any(|target| {
        target["kind"].as_array().is_some_and(|kinds| {
            kinds
                .iter()
                .any(|kind| matches!(kind.as_str(), Some("lib" | "rlib" | "cdylib")))
        })
    });
    if !is_library {
        bail!(
            "{} is no library: a plugin is one\n  hint: put the plugin into src/lib.rs and add `[lib]` with `crate-type = [\"cdylib\", \"rlib\"]`",
            manifest.display()
        );
    }
    Ok(package)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(kind: &str) -> Value {
        json!({"packages": [{"name": "mine", "manifest_path": "/p/mine/Cargo.toml", "targets": [{"kind": [kind]}]}]})
    }

    #[test]
    fn the_package_is_the_one_in_the_directory() {
        let metadata = metadata("cdylib");
        assert_eq!(package(&metadata, Path::new("/p/mine")).unwrap()["name"], "mine");
        let error = package(&metadata, Path::new("/p")).unwrap_err().to_string();
        insta::assert_snapshot!(error, @r"
        /p/Cargo.toml is a workspace without a package of its own
          hint: name the directory of the plugin's package
        ");
    }

    #[test]
    fn a_program_is_no_plugin() {
        let error = package(&metadata("bin"), Path::new("/p/mine"))
            .unwrap_err()
            .to_string();
        insta::assert_snapshot!(error, @r#"
        /p/mine/Cargo.toml is no library: a plugin is one
          hint: put the plugin into src/lib.rs and add `[lib]` with `crate-type = ["cdylib", "rlib"]`
        "#);
    }
}
