//! `restem model`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::bail;
use restem_em::Phase;
use restem_policy::import::{ImportOptions, WeightType, import_gguf};
use restem_policy::native::{Backend, LoadedModel, NativeSettings};
use restem_policy::{base_dir, weights_digest};

use crate::args::{DtypeArg, ModelCommand, ProgressMode};
use crate::numbers::grouped;
use crate::progress::Progress;

pub(crate) fn model(command: &ModelCommand) -> anyhow::Result<ExitCode> {
    match command {
        ModelCommand::Import { gguf, dir, dtype } => import(gguf, dir, *dtype),
        ModelCommand::Merge {
            adapter,
            dir,
            backend,
        } => merge(adapter, dir, backend),
    }
}

fn merge(adapter: &Path, dir: &Path, backend: &str) -> anyhow::Result<ExitCode> {
    let Some(base) = base_dir(adapter)? else {
        bail!(
            "{} is no adapter: it has no adapter_config.json",
            adapter.display()
        );
    };
    if dir.exists() {
        bail!("{} exists already: name a new directory", dir.display());
    }
    // An adapter that is opened without more is merged in the type of its base, and rounded once.
    let mut model = LoadedModel::open(&Backend::load(backend)?, adapter, &NativeSettings::default())?;
    model.save(dir, "auto")?;
    writeln!(
        std::io::stdout(),
        "{}: {} with {} merged, weights sha256 {}",
        dir.display(),
        base.display(),
        adapter.display(),
        weights_digest(dir)?
    )?;
    Ok(ExitCode::SUCCESS)
}

fn import(gguf: &Path, dir: &Path, dtype: DtypeArg) -> anyhow::Result<ExitCode> {
    let options = ImportOptions {
        dtype: match dtype {
            DtypeArg::Bf16 => WeightType::Bf16,
            DtypeArg::F32 => WeightType::F32,
        },
    };
    let mut progress = Progress::new(ProgressMode::Auto);
    let mut done = None;
    let report = import_gguf(gguf, dir, &options, &mut |now| {
        if done.is_none() {
            progress.count(
                Phase::new("model", "import").to_string(),
                "tensors",
                0,
                now.tensors_total,
            );
        }
        progress.advance(now.tensors_done.saturating_sub(done.unwrap_or(0)), 0);
        done = Some(now.tensors_done);
    })?;
    progress.end();
    let mut out = std::io::stdout().lock();
    let name = report.name.as_deref().unwrap_or("unnamed");
    writeln!(out, "{}: {} ({name})", dir.display(), report.architecture)?;
    writeln!(
        out,
        "  parameters: {} in {} tensors",
        grouped(report.parameters),
        report.tensors
    )?;
    writeln!(out, "  vocabulary: {} tokens", grouped(report.vocabulary))?;
    writeln!(out, "  weights:    {} bytes", grouped(report.bytes))?;
    if let Some(license) = &report.license {
        writeln!(out, "  licence:    {license}, as the file says")?;
    }
    Ok(ExitCode::SUCCESS)
}
