//! Where things are in the checkout and in the cargo target directory.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The checkout, and the members that set-up and build need to know.
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    /// Package names below `plugins/` that compile to WebAssembly, sorted.
    pub(crate) wasm_plugins: Vec<String>,
    /// Version shared by all crates.
    pub(crate) version: String,
}

impl Workspace {
    /// Asks `cargo metadata`, so that `CARGO_TARGET_DIR` and config files are honoured.
    ///
    /// # Errors
    /// When cargo can't read the workspace.
    pub(crate) fn find() -> Result<Self> {
        let manifest_dir = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = manifest_dir.parent().context("xtask has no parent directory")?;
        let metadata = metadata(root)?;
        let target = metadata["target_directory"]
            .as_str()
            .context("cargo metadata has no target_directory")?;
        let plugins = root.join("plugins");
        let mut wasm_plugins = Vec::new();
        let mut version = String::new();
        for package in metadata["packages"]
            .as_array()
            .context("cargo metadata has no packages")?
        {
            let name = package["name"].as_str().context("a package has no name")?;
            let manifest = Path::new(
                package["manifest_path"]
                    .as_str()
                    .context("a package has no manifest")?,
            );
            if name == "xtask" {
                version = package["version"]
                    .as_str()
                    .context("xtask has no version")?
                    .to_owned();
            }
            if manifest.starts_with(&plugins) && name != TORCH_BACKEND {
                wasm_plugins.push(name.to_owned());
            }
        }
        wasm_plugins.sort();
        Ok(Self {
            root: root.to_owned(),
            target: PathBuf::from(target),
            wasm_plugins,
            version,
        })
    }

    /// The checkout.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target directory of native builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Cargo's target directory of wasm builds: another compiler may build them, and two compilers in one directory
    /// throw away each other's work.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// What `cargo xtask build` makes: `bin/`, `plugins/`, `backends/`, `sdk/`.
    pub(crate) fn home(&self) -> PathBuf {
        self.target.join("restem")
    }

    /// A WebAssembly plugin in [`Self::home`].
    pub(crate) fn plugin(&self, name: &str) -> PathBuf {
        self.home().join("plugins").join(format!("{name}.wasm"))
    }

    /// The binary in [`Self::home`].
    pub(crate) fn restem(&self) -> PathBuf {
        self.home().join("bin").join("restem")
    }
}

/// The one plugin crate that is a native library.
pub(crate) const TORCH_BACKEND: &str = "restem-torch";

fn metadata(root: &Path) -> Result<Value> {
    let text =
        process::capture(process::cargo(root).args(["metadata", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str(&text).context("cargo metadata is not JSON")
}

/// The triple that the active rustc builds for.
///
/// # Errors
/// When rustc does not run.
pub(crate) fn host_triple() -> Result<String> {
    let text = process::capture(Command::new("rustc").arg("-vV"))?;
    let host = text
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .context("rustc -vV names no host")?;
    Ok(host.to_owned())
}
