//! What our engine is measured beside: transformers and llama.cpp, each in an environment of its own.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::cache::Cache;
use crate::python::{self, Python};
use crate::workspace::Workspace;
use crate::{conformance, model, process, say};

/// The release that is measured.
pub(super) const LLAMA: &str = "0.3.36";
const PACKAGE: &str = "llama-cpp-python";

/// The others, installed.
pub(super) struct Peers {
    pub(super) transformers: Python,
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
            llama,
            gguf,
        })
    }
}

fn llama(cache: &Cache) -> Result<Python> {
    let environment = cache.entry(&format!("llama-cpp-{LLAMA}"));
    let python = Python::at(environment.join("bin").join("python"));
    let pinned = format!("{PACKAGE}=={LLAMA}");
    let listed = process::capture(python.command().args(["-m", "pip", "freeze"]));
    if listed.is_ok_and(|listed| listed.lines().any(|line| line.replace('_', "-") == pinned)) {
        return Ok(python);
    }
    say::step(
        "bench",
        format!("building {pinned} for this machine (10 minutes)"),
    );
    let outer = python::required_for("llama.cpp")?;
    process::run(outer.command().args(["-m", "venv", "--clear"]).arg(&environment))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    process::run(
        python
            .command()
            .env("CMAKE_ARGS", "-DGGML_NATIVE=ON")
            .args(install)
            .arg(&pinned),
    )
    .with_context(|| format!("pip could not build {pinned}: it needs cmake's wheel and a C++ compiler"))?;
    Ok(python)
}
