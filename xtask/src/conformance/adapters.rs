//! PEFT reads, runs and merges the adapters that the backend trains; what PEFT writes is among the goldens.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::example;
use crate::python::Python;
use crate::workspace::Workspace;
use crate::{process, say};

/// A golden's model and the projections that get adapters: separate in the file, stacked there, and named by layer.
const CASES: [(&str, &[&str]); 3] = [
    ("gemma3", &["all-linear"]),
    ("phi3", &["qkv_proj", "gate_up_proj"]),
    ("qwen2", &["q_proj", "layers.1.mlp.down_proj"]),
];

/// Trains an adapter for each case and lets PEFT check it; `torch` runs a command that needs libtorch.
///
/// # Errors
/// When PEFT can't read one, or disagrees on logits or merged weights.
pub(super) fn compare(
    workspace: &Workspace,
    python: &Python,
    goldens: &Path,
    torch: &dyn Fn(&mut Command) -> Result<()>,
) -> Result<()> {
    say::step("conformance", "PEFT reads adapters that the backend trained");
    let out = workspace.target().join("conformance").join("adapters");
    let mut check = python.command();
    check.arg(
        workspace
            .root()
            .join("plugins/torch/conformance/check_adapters.py"),
    );
    for (case, targets) in CASES {
        let made = out.join(case);
        std::fs::create_dir_all(&made)?;
        torch(
            example(workspace, "adapter")
                .arg(goldens.join(case))
                .arg(&made)
                .args(targets),
        )?;
        check.arg(made);
    }
    process::run(&mut check)
}
