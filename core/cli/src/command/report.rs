//! `restem report`.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_em::RunSummary;
use restem_store::RunView;

use crate::args::ReportArgs;
use crate::config::Layers;
use crate::prepare::{Prepared, prepare};
use crate::{breakdown, summary};

pub(crate) fn report(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let view = RunView::open(&args.run)?;
    let path = view.layout().report("summary.json")?;
    let text = std::fs::read(&path).with_context(|| {
        format!(
            "{} has no summary: the run is not finished; go on with `restem run CONFIG --resume`",
            args.run.display()
        )
    })?;
    let run: RunSummary = serde_json::from_slice(&text)
        .with_context(|| format!("{} was written by another version of restem", path.display()))?;
    let config = Layers::default().file(&view.layout().config())?.resolve()?.config;
    // Moved dataset files only cost the samples their questions.
    let prepared = match prepare(&config) {
        Ok(prepared) => Some(prepared),
        Err(error) if args.by.is_some() => return Err(error.context("--by needs the run's datasets")),
        Err(error) => {
            writeln!(
                std::io::stderr(),
                "note: the questions of the samples are left out: {error:#}"
            )?;
            None
        }
    };
    let questions = prepared.as_ref().map(Prepared::questions).unwrap_or_default();
    let report = summary::report(&config.run.title, &run, &view, &questions)?;
    let text = if args.markdown {
        report.to_markdown()
    } else {
        report.to_text()
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    if let (Some(key), Some(prepared)) = (&args.by, &prepared) {
        let sets: Vec<_> = std::iter::once(&prepared.validation)
            .chain(&prepared.tests)
            .collect();
        let tables = breakdown::by(key, &sets, &run);
        if tables.is_empty() {
            bail!("--by {key}: no validation or test problem has `{key}` in its metadata");
        }
        for (set, table) in tables {
            let text = if args.markdown {
                table.to_markdown()
            } else {
                table.to_text()
            };
            writeln!(
                std::io::stdout(),
                "\n{set}, correct by `{key}`:\n\n{}",
                text.trim_end()
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
