//! What our engine is measured beside: transformers, TRL on top of it, and llama.cpp.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::python::{self, Python};
use crate::workspace::Workspace;
use crate::{conformance, model, process, say};

/// The release that is measured.
pub(super) const LLAMA: &str = "0.3.36";
const PACKAGE: &str = "llama-cpp-python";
/// The release of the trainer.
pub(super) const TRL: &str = "1.16.0";

const INSTALL: [&str; 5] = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];

/// The others, installed.
pub(super) struct Peers {
    pub(super) transformers: Python,
    /// The same transformers, with TRL.
    pub(super) trl: Python,
    pub(super) llama: Python,
    /// The demo model in BF16.
    pub(super) gguf: PathBuf,
}

impl Peers {
    /// Installs what is not there.
    ///
    /// # Errors
    /// When pip fails, or the model can't be converted.
    pub(super) fn install(workspace: &Workspace, cache: &Cache) -> Result<Self> {
        let transformers = conformance::reference(cache)?;
        let trl = trl(cache, &transformers)?;
        let llama = llama(cache)?;
        let gguf = cache.entry("gemma-3-270m-bf16.gguf");
        if !gguf.exists() {
            say::step("bench", "converting the demo model to a BF16 GGUF");
            let quantised = model::weights(cache)?;
            let partial = gguf.with_extension("partial");
            let script = workspace
                .root()
                .join("xtask/src/bench/policy/peers/llama_sample.py");
            let mut convert = llama.command();
            convert.arg(script).arg("requantize").arg(quantised).arg(&partial);
            process::run(&mut convert)?;
            std::fs::rename(partial, &gguf)?;
        }
        Ok(Self {
            transformers,
            trl,
            llama,
            gguf,
        })
    }
}

/// TRL in an environment of its own that sees the packages of `transformers`: PyTorch is not installed twice.
fn trl(cache: &Cache, transformers: &Python) -> Result<Python> {
    let environment = cache.entry(&format!("trl-{TRL}"));
    let python = Python::at(environment.join("bin").join("python"));
    let pinned = format!("trl=={TRL}");
    if has(&python, &pinned) {
        return Ok(python);
    }
    say::step("bench", format!("installing {pinned} (300 MB)"));
    process::run(
        transformers
            .command()
            .args(["-m", "venv", "--clear"])
            .arg(&environment),
    )?;
    let packages = |python: &Python| -> Result<String> {
        let ask = "import sysconfig; print(sysconfig.get_path('purelib'))";
        Ok(process::capture(python.command().args(["-c", ask]))?
            .trim()
            .to_owned())
    };
    let seen = Path::new(&packages(&python)?).join("transformers.pth");
    fs::write(&seen, packages(transformers)?).with_context(|| format!("cannot write {}", seen.display()))?;
    process::run(python.command().args(INSTALL).arg(&pinned))?;
    Ok(python)
}

/// Whether pip finds exactly this release.
fn has(python: &Python, pinned: &str) -> bool {
    let listed = process::capture(python.command().args(["-m", "pip", "freeze"]));
    listed.is_ok_and(|listed| listed.lines().any(|line| line.replace('_', "-") == pinned))
}

fn llama(cache: &Cache) -> Result<Python> {
    let environment = cache.entry(&format!("llama-cpp-{LLAMA}"));
    let python = Python::at(environment.join("bin").join("python"));
    let pinned = format!("{PACKAGE}=={LLAMA}");
    if has(&python, &pinned) {
        return Ok(python);
    }
    say::step(
        "bench",
        format!("building {pinned} for this machine (10 minutes)"),
    );
    let outer = python::required_for("llama.cpp")?;
    process::run(outer.command().args(["-m", "venv", "--clear"]).arg(&environment))?;
    process::run(
        python
            .command()
            .env("CMAKE_ARGS", "-DGGML_NATIVE=ON")
            .args(INSTALL)
            .arg(&pinned),
    )
    .with_context(|| format!("pip could not build {pinned}: it needs cmake's wheel and a C++ compiler"))?;
    Ok(python)
}
