//! Writes a template under a plugin's name.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::name::PluginName;
use super::sdk::Sdk;
use super::template::Template;

/// Writes the project into `dir` and gives the paths of its files.
///
/// # Errors
/// When `dir` is a file or has anything in it, or can't be written.
pub(crate) fn write(
    dir: &Path,
    template: &Template,
    name: &PluginName,
    sdk: &Sdk,
) -> anyhow::Result<Vec<PathBuf>> {
    check_empty(dir)?;
    let mut written = Vec::new();
    for (path, mut text) in template.files(name) {
        if path == "Cargo.toml" {
            text = sdk.put_into(&text)?;
        }
        let path = dir.join(path);
        create(&path, &text).with_context(|| format!("{} can't be written", path.display()))?;
        written.push(path);
    }
    Ok(written)
}

fn check_empty(dir: &Path) -> anyhow::Result<()> {
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => bail!(
                "{} is not empty: nothing was written\n  hint: name a new directory with `--dir DIR`, or another plugin",
                dir.display()
            ),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => bail!(
            "{} is a file: nothing was written\n  hint: name a new directory with `--dir DIR`",
            dir.display()
        ),
        Err(error) => Err(error).with_context(|| format!("{} can't be read", dir.display())),
    }
}

fn create(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    // What appeared since the directory was looked at is somebody else's.
    File::create_new(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_empty_directory_is_written_to() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("mine");
        assert!(check_empty(&path).is_ok());
        fs::create_dir(&path).unwrap();
        assert!(check_empty(&path).is_ok());
        fs::write(path.join("notes"), "").unwrap();
        let error = |path: &Path| {
            let text = check_empty(path).unwrap_err().to_string();
            text.replace(&*dir.path().to_string_lossy(), "DIR")
        };
        insta::assert_snapshot!(error(&path), @r"
        DIR/mine is not empty: nothing was written
          hint: name a new directory with `--dir DIR`, or another plugin
        ");
        insta::assert_snapshot!(error(&path.join("notes")), @r"
        DIR/mine/notes is a file: nothing was written
          hint: name a new directory with `--dir DIR`
        ");
    }
}
