//! The tokenizers of imported GGUF files against Hugging Face's, on 10,000 lines of public data.

use std::path::Path;

use anyhow::{Context, Result};

use crate::bench::shared_data;
use crate::cache::Cache;
use crate::python::Python;
use crate::workspace::Workspace;
use crate::{model, process, say};

/// Makes small tokenizers of every kind as GGUF files, imports them and the demo's, and compares the tokens of each line.
///
/// # Errors
/// When the public data is not there, a file can't be imported, or a line is cut in another way.
pub(super) fn compare(workspace: &Workspace, cache: &Cache, python: &Python, output: &Path) -> Result<()> {
    let script = workspace
        .root()
        .join("core")
        .join("policy")
        .join("conformance")
        .join("compare_tokenizers.py");
    let output = output.join("tokenizers");
    // What another run left would be compared too.
    if output.exists() {
        std::fs::remove_dir_all(&output).with_context(|| format!("cannot remove {}", output.display()))?;
    }
    say::step("conformance", "Hugging Face's tokenizers cut 10,000 lines");
    process::run(
        python
            .command()
            .arg(&script)
            .arg("make")
            .arg("--data")
            .arg(shared_data::folder(workspace))
            .arg("--gemma")
            .arg(model::weights(cache)?)
            .arg("--out")
            .arg(&output),
    )?;
    say::step("conformance", "the same tokenizers are imported");
    for entry in std::fs::read_dir(&output)? {
        let folder = entry?.path();
        process::run(
            process::cargo(workspace.root())
                .args(["run", "--quiet", "--release", "--package", "restem-policy"])
                .args(["--example", "import", "--"])
                .arg(folder.join("model.gguf"))
                .arg(folder.join("imported")),
        )?;
    }
    process::run(
        python
            .command()
            .arg(&script)
            .arg("compare")
            .arg("--out")
            .arg(&output),
    )
}
