//! Finding or installing libtorch, which only `plugins/torch` needs.
//!
//! The order is: `LIBTORCH`, an active Python with the right torch, what set-up assembled before, and at last the CPU
//! part of PyPI's torch wheel (0.5 GB to download instead of the 5 GB of `pip install torch`).

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cache::{self, Cache};
use crate::python::{self, Python};
use crate::{env_vars, process, wheel};

/// The one version that tch 0.26 is generated for.
pub(crate) const VERSION: &str = "2.13.0";

/// A library folder and where it came from.
pub(crate) struct Libtorch {
    /// Holds `include/` and `lib/`.
    pub(crate) directory: PathBuf,
    /// Who provided it.
    pub(crate) source: Source,
}

/// Where a libtorch came from.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The user's `LIBTORCH`.
    Variable,
    /// The active Python's torch package.
    Python,
    /// Assembled by set-up.
    Cache,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Variable => "the variable LIBTORCH",
            Self::Python => "the active Python's torch",
            Self::Cache => "assembled by set-up",
        })
    }
}

struct Wheel {
    distribution: &'static str,
    version: &'static str,
    sha256: &'static str,
    libraries: &'static [&'static str],
}

/// libtorch_cpu.so of PyPI's Linux wheel also wants the CUDA runtime and its profiler, present or not used.
const WHEELS: [Wheel; 3] = [
    Wheel {
        distribution: "torch",
        version: VERSION,
        sha256: "60fcdcb2f3876e21146cb4524ef06397d727ca9ad5f020818547e25075fe3cb7",
        libraries: &["libtorch_cpu.so", "libc10.so", "libgomp.so.1"],
    },
    Wheel {
        distribution: "nvidia-cuda-runtime",
        version: "13.0.96",
        sha256: "7f82250d7782aa23b6cfe765ecc7db554bd3c2870c43f3d1821f1d18aebf0548",
        libraries: &["libcudart.so.13"],
    },
    Wheel {
        distribution: "nvidia-cuda-cupti",
        version: "13.0.85",
        sha256: "4eb01c08e859bf924d222250d2e8f8b8ff6d3db4721288cf35d14252a4d933c8",
        libraries: &["libcupti.so.13"],
    },
];

/// What is there already, without downloading anything.
///
/// # Errors
/// When `LIBTORCH` is set to something that can't be used: the user asked for it, so it is not passed over.
pub(crate) fn find(cache: &Cache) -> Result<Option<Libtorch>> {
    if let Some(directory) = std::env::var_os(env_vars::LIBTORCH) {
        let directory = PathBuf::from(directory);
        check(&directory)
            .context("the variable LIBTORCH can't be used; unset it to let set-up install one")?;
        return Ok(Some(Libtorch {
            directory,
            source: Source::Variable,
        }));
    }
    if let Some((version, package)) = Python::active().and_then(|python| python.installed("torch"))
        && release_of(&version) == VERSION
    {
        let directory = link_to_package(cache, &package)?;
        return Ok(Some(Libtorch {
            directory,
            source: Source::Python,
        }));
    }
    let directory = cache.entry(&assembled_name());
    Ok(check(&directory).is_ok().then_some(Libtorch {
        directory,
        source: Source::Cache,
    }))
}

/// Downloads and assembles the CPU set into the cache.
///
/// # Errors
/// On other machines than Linux on x86-64, without pip or a C compiler, or when a download fails or has another digest.
pub(crate) fn install(cache: &Cache) -> Result<Libtorch> {
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        bail!(
            "set-up can assemble libtorch on Linux x86-64 only\n  hint: `pip install torch=={VERSION}` in an active \
             virtual environment, or set LIBTORCH to an unpacked libtorch {VERSION}"
        );
    }
    let python = python::required_for("libtorch")?;
    let directory = cache.put(&assembled_name(), |directory| {
        let downloads = cache.scratch()?;
        let wanted = WHEELS
            .each_ref()
            .map(|wheel| format!("{}=={}", wheel.distribution, wheel.version));
        python.download(&wanted.each_ref().map(String::as_str), downloads.path())?;
        assemble(downloads.path(), directory)
    })?;
    check(&directory)?;
    Ok(Libtorch {
        directory,
        source: Source::Cache,
    })
}

/// Folder in the cache; the policy loader looks for the same name.
fn assembled_name() -> String {
    format!("libtorch-{VERSION}")
}

fn assemble(downloads: &Path, directory: &Path) -> Result<()> {
    for part in &WHEELS {
        let file = wheel::find(downloads, part.distribution)?;
        cache::check_sha256(&file, part.sha256)?;
        let mut found = 0;
        let headers = part.distribution == "torch";
        wheel::extract(&file, directory, |name| {
            if headers && let Some(header) = name.strip_prefix("torch/include/") {
                return Some(Path::new("include").join(header));
            }
            wheel::flat(name, part.libraries, "lib")
        })?;
        for library in part.libraries {
            if directory.join("lib").join(library).exists() {
                found += 1;
            }
        }
        if found != part.libraries.len() {
            bail!("{} does not hold {}", file.display(), part.libraries.join(", "));
        }
    }
    // torch-sys asks the linker for -ltorch, of which a CPU set has nothing; the linker drops it again as not needed.
    process::run(
        Command::new("cc")
            .args(["-shared", "-x", "c", "/dev/null", "-o"])
            .arg(directory.join("lib").join("libtorch.so")),
    )
    .context("a C compiler is needed (Debian: `apt-get install build-essential`)")?;
    fs::write(directory.join("build-version"), format!("{VERSION}\n"))?;
    Ok(())
}

/// A folder of links in the form that torch-sys expects: pip's package has no `build-version`.
fn link_to_package(cache: &Cache, package: &Path) -> Result<PathBuf> {
    use sha2::{Digest, Sha256};
    let key = cache::hex(&Sha256::digest(package.as_os_str().as_encoded_bytes())[..6]);
    let name = format!("libtorch-{VERSION}-python-{key}");
    let directory = cache.entry(&name);
    if check(&directory).is_ok() {
        return Ok(directory);
    }
    cache.put(&name, |directory| {
        for folder in ["include", "lib"] {
            link(&package.join(folder), &directory.join(folder))?;
        }
        Ok(fs::write(
            directory.join("build-version"),
            format!("{VERSION}\n"),
        )?)
    })
}

#[cfg(unix)]
fn link(to: &Path, at: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(to, at)?)
}

#[cfg(not(unix))]
fn link(_to: &Path, _at: &Path) -> Result<()> {
    bail!("set LIBTORCH to an unpacked libtorch {VERSION}")
}

/// Whether the folder is a libtorch of the right version, with headers.
fn check(directory: &Path) -> Result<()> {
    let library = directory.join("lib").join("libtorch_cpu.so");
    if !library.exists() {
        bail!("{} is missing", library.display());
    }
    if !directory.join("include").join("torch").exists() {
        bail!(
            "{} has no include/torch: the headers are needed to build the backend",
            directory.display()
        );
    }
    match version_of(directory) {
        Some(version) if version == VERSION => Ok(()),
        Some(version) => bail!(
            "{} is version {version}; restem is built for {VERSION}",
            directory.display()
        ),
        None => bail!(
            "{} does not say its version (no build-version, no version.py)",
            directory.display()
        ),
    }
}

/// `build-version` of an unpacked libtorch, else `version.py` of a Python package, without `+cpu` and the like.
fn version_of(directory: &Path) -> Option<String> {
    if let Ok(text) = fs::read_to_string(directory.join("build-version")) {
        return Some(release_of(text.trim()).to_owned());
    }
    let text = fs::read_to_string(directory.join("version.py")).ok()?;
    let line = text.lines().find(|line| line.starts_with("__version__"))?;
    let version = line.split(['\'', '"']).nth(1)?;
    Some(release_of(version).to_owned())
}

fn release_of(version: &str) -> &str {
    version.split('+').next().unwrap_or(version)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn fake(dir: &TempDir, version_file: &str, text: &str) -> PathBuf {
        let root = dir.path().join("libtorch");
        fs::create_dir_all(root.join("lib")).unwrap();
        fs::create_dir_all(root.join("include/torch")).unwrap();
        fs::write(root.join("lib/libtorch_cpu.so"), "").unwrap();
        fs::write(root.join(version_file), text).unwrap();
        root
    }

    #[test]
    fn a_build_for_another_device_is_the_same_version() {
        let dir = TempDir::new().unwrap();
        check(&fake(&dir, "build-version", "2.13.0+cpu\n")).unwrap();
    }

    #[test]
    fn a_python_package_tells_its_version_in_version_py() {
        let dir = TempDir::new().unwrap();
        let root = fake(
            &dir,
            "version.py",
            "from typing import Optional\n__version__ = '2.13.0+cu130'\n",
        );
        check(&root).unwrap();
    }

    #[test]
    fn another_version_is_refused_by_name() {
        let dir = TempDir::new().unwrap();
        let error = check(&fake(&dir, "build-version", "2.9.1"))
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with("is version 2.9.1; restem is built for 2.13.0"),
            "{error}"
        );
    }

    #[test]
    fn a_folder_that_is_not_libtorch_says_which_file_it_lacks() {
        let error = check(Path::new("/nowhere")).unwrap_err().to_string();
        insta::assert_snapshot!(error, @"/nowhere/lib/libtorch_cpu.so is missing");
    }
}
