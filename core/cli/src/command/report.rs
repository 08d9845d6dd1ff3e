//! `restem report`.

use std::collections::HashMap;
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use restem_em::RunSummary;
use restem_store::RunView;

use crate::args::ReportArgs;
use crate::config::Layers;
use crate::prepare::prepare;
use crate::summary;

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
    let questions = match prepare(&config) {
        Ok(prepared) => prepared.questions(),
        Err(error) => {
            writeln!(
                std::io::stderr(),
                "note: the questions of the samples are left out: {error:#}"
            )?;
            HashMap::new()
        }
    };
    let report = summary::report(&config.run.title, &run, &view, &questions)?;
    let text = if args.markdown {
        report.to_markdown()
    } else {
        report.to_text()
    };
    writeln!(std::io::stdout(), "{}", text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
