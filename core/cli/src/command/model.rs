//! `restem model`.

use std::io::Write as _;
use std::process::ExitCode;

use restem_em::Phase;
use restem_policy::import::{ImportOptions, WeightType, import_gguf};

use crate::args::{DtypeArg, ModelCommand, ProgressMode};
use crate::numbers::grouped;
use crate::progress::Progress;

pub(crate) fn model(command: &ModelCommand) -> anyhow::Result<ExitCode> {
    let ModelCommand::Import { gguf, dir, dtype } = command;
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
