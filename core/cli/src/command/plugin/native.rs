//! A plugin's own unit tests, run natively by cargo.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// Where `restem_sdk::testing::assert_examples` leaves what it found, beside passing or failing.
const EXAMPLES_OUT: &str = "RESTEM_EXAMPLES_OUT";

/// What an example came to natively.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Native {
    index: usize,
    /// The reward, where there is one.
    pub(super) reward: Option<f64>,
    /// The fault, where there is one.
    pub(super) fault: Option<String>,
}

/// Runs `cargo test` in an author's folder. Gives what each example came to, where the tests look at them.
pub(super) fn run(project: &Path) -> anyhow::Result<(BTreeMap<usize, Native>, Duration)> {
    let out = tempfile::NamedTempFile::new()?;
    let begun = Instant::now();
    let output = Command::new("cargo")
        .args(["test", "--quiet"])
        .current_dir(project)
        .env(EXAMPLES_OUT, out.path())
        .output()
        .context("`cargo` can't be started\n  hint: install Rust from https://rustup.rs, or give the `.wasm` file instead of the folder")?;
    if !output.status.success() {
        bail!(
            "the plugin's own tests fail (`cargo test` in {})\n{}{}",
            project.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
    }
    let rows = std::fs::read_to_string(out.path())?;
    let rows = rows
        .lines()
        .map(|line| serde_json::from_str::<Native>(line).map(|native| (native.index, native)))
        .collect::<Result<_, _>>()
        .context("the plugin's tests left examples that can't be read")?;
    Ok((rows, begun.elapsed()))
}
