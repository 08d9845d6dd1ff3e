//! Where a new project finds the crate `restem-sdk`.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

/// The crate's name.
const NAME: &str = "restem-sdk";

/// The SDK's sources from the directory of the program: a build's home, and an installation's.
const BESIDE: [&str; 2] = ["../sdk/reward", "../lib/restem/sdk/reward"];

/// Where the crate comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sdk {
    /// The registry.
    Registry,
    /// This directory.
    Directory(PathBuf),
}

impl Sdk {
    /// The named directory, else the one beside this program, else the registry.
    ///
    /// # Errors
    /// When the named directory does not hold the SDK.
    pub(crate) fn find(named: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(dir) = named {
            let found = package_name(dir)
                .with_context(|| format!("{} holds no crate that can be read", dir.display()))?;
            if found != NAME {
                bail!(
                    "{} holds the crate `{found}`, not `{NAME}`\n  hint: name the directory with restem-sdk's Cargo.toml",
                    dir.display()
                );
            }
            return Ok(Self::Directory(dir.canonicalize()?));
        }
        let exe = std::env::current_exe().and_then(|exe| exe.canonicalize());
        let bin = exe.as_ref().ok().and_then(|exe| exe.parent());
        Ok(bin.map_or(Self::Registry, Self::beside))
    }

    fn beside(bin: &Path) -> Self {
        BESIDE
            .iter()
            .filter_map(|beside| bin.join(beside).canonicalize().ok())
            .find(|dir| package_name(dir).is_ok_and(|name| name == NAME))
            .map_or(Self::Registry, Self::Directory)
    }

    /// A project's Cargo.toml with the SDK in it: the line of a template, with a path where there is one.
    ///
    /// # Errors
    /// When the path can't be written in TOML.
    pub(crate) fn put_into(&self, manifest: &str) -> anyhow::Result<String> {
        let Self::Directory(dir) = self else {
            return Ok(manifest.to_owned());
        };
        let dir = dir
            .to_str()
            .with_context(|| format!("the path of the SDK is no UTF-8: {}", dir.display()))?;
        let dir = toml::Value::from(dir);
        let mut text = String::new();
        for line in manifest.split_inclusive('\n') {
            match line.strip_prefix("restem-sdk = ") {
                Some(version) => {
                    let version = version.trim_end();
                    text.push_str(
                        "# `path` is the SDK that came with restem, for as long as crates.io has none; without it cargo looks there.\n",
                    );
                    text.push_str(&format!("restem-sdk = {{ version = {version}, path = {dir} }}\n"));
                }
                None => text.push_str(line),
            }
        }
        Ok(text)
    }
}

impl fmt::Display for Sdk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Registry => write!(f, "from crates.io"),
            Self::Directory(dir) => write!(f, "{}", dir.display()),
        }
    }
}

fn package_name(dir: &Path) -> anyhow::Result<String> {
    let path = dir.join("Cargo.toml");
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let manifest: toml::Table = text.parse().with_context(|| path.display().to_string())?;
    let name = manifest.get("package").and_then(|package| package.get("name"));
    Ok(name
        .and_then(toml::Value::as_str)
        .with_context(|| format!("{} names no package", path.display()))?
        .to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_sdk_beside_the_program_is_found() {
        let home = tempfile::tempdir().unwrap();
        let bin = home.path().join("bin");
        fs::create_dir(&bin).unwrap();
        assert_eq!(Sdk::beside(&bin), Sdk::Registry);
        let sdk = home.path().join("lib/restem/sdk/reward");
        fs::create_dir_all(&sdk).unwrap();
        fs::write(sdk.join("Cargo.toml"), "[package]\nname = \"restem-sdk\"\n").unwrap();
        assert_eq!(Sdk::beside(&bin), Sdk::Directory(sdk.canonicalize().unwrap()));
    }

    #[test]
    fn another_crate_is_not_taken_for_the_sdk() {
        let dir = tempfile::tempdir().unwrap();
        let error = |dir: &Path| {
            let text = format!("{:#}", Sdk::find(Some(dir)).unwrap_err());
            text.replace(&*dir.to_string_lossy(), "DIR")
        };
        insta::assert_snapshot!(error(dir.path()), @"DIR holds no crate that can be read: DIR/Cargo.toml: No such file or directory (os error 2)");
        fs::write(dir.path().join("Cargo.toml"), "[package]\nname = \"other\"\n").unwrap();
        insta::assert_snapshot!(error(dir.path()), @r"
        DIR holds the crate `other`, not `restem-sdk`
          hint: name the directory with restem-sdk's Cargo.toml
        ");
    }

    #[test]
    fn the_path_is_written_with_its_reason() {
        let sdk = Sdk::Directory(PathBuf::from("/opt/a \"b\"/sdk"));
        let text = sdk
            .put_into("[dependencies]\nrestem-sdk = \"0.1.0\"\nserde = \"1\"\n")
            .unwrap();
        insta::assert_snapshot!(text, @r#"
        [dependencies]
        # `path` is the SDK that came with restem, for as long as crates.io has none; without it cargo looks there.
        restem-sdk = { version = "0.1.0", path = '/opt/a "b"/sdk' }
        serde = "1"
        "#);
        let manifest: toml::Table = text.parse().unwrap();
        assert_eq!(
            manifest["dependencies"]["restem-sdk"]["path"].as_str(),
            Some("/opt/a \"b\"/sdk")
        );
    }
}
