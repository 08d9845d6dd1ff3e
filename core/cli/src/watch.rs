//! What happens beside the loop: progress, metrics, dataset files, checkpoint retention, stopping on request.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context as _;
use restem_data::{example_columns, write_jsonl, write_parquet};
use restem_em::{Estimate, EvalSummary, Event, Example, Flow, RunObserver, TrainStep, iteration_arm};
use restem_report::EventWriter;
use restem_store::{Keep, Metric};

use crate::interrupt::Interrupt;
use crate::progress::Progress;
use crate::shared_dir::SharedDir;

/// Follows a run.
pub(crate) struct Watch<'a> {
    progress: Progress,
    interrupt: &'a Interrupt,
    dir: SharedDir,
    events: EventWriter,
    keep: Keep,
    iterations: u32,
    failed: Option<anyhow::Error>,
}

impl<'a> Watch<'a> {
    /// Follows a run that is kept in `dir`.
    pub(crate) fn new(
        progress: Progress,
        interrupt: &'a Interrupt,
        dir: SharedDir,
        keep: Keep,
    ) -> anyhow::Result<Self> {
        sweep(&dir.with(|dir| dir.layout().dataset("any").map(|path| path.with_file_name("")))?)?;
        let events = EventWriter::create(&dir.with(|dir| dir.layout().events()), now())?;
        Ok(Self {
            progress,
            interrupt,
            dir,
            events,
            keep,
            iterations: 0,
            failed: None,
        })
    }

    /// Ends the progress display and gives the error that stopped the run, if it was one of ours.
    pub(crate) fn close(mut self) -> anyhow::Result<()> {
        self.progress.end();
        self.events.flush()?;
        self.failed.map_or(Ok(()), Err)
    }

    fn act(&mut self, event: &Event<'_>) -> anyhow::Result<()> {
        match *event {
            Event::Started {
                phase,
                action,
                done,
                total,
            } => self.progress.begin(phase, action, done, total),
            Event::Progress { tokens, .. } => self.progress.advance(1, tokens),
            Event::Finished { .. } => self.progress.end(),
            Event::Selected { arm, examples } => self.write_dataset(arm, examples)?,
            Event::Trained { arm, step } => {
                self.progress.step(arm, step);
                self.step_metrics(arm, step)?;
            }
            Event::Validated {
                arm,
                step,
                reward,
                kept,
            } => {
                let mark = if kept { ", kept" } else { "" };
                self.progress.line(&format!(
                    "{arm}: validation reward {reward:.3} after step {step}{mark}"
                ));
                self.metric(&format!("{arm}/validation_reward"), step, reward)?;
            }
            Event::Evaluated { arm, summary } => self.evaluated(arm, summary)?,
            Event::Iterated { best, .. } => self.iterated(best)?,
        }
        Ok(())
    }

    fn write_dataset(&mut self, arm: &str, examples: &[Example]) -> anyhow::Result<()> {
        let path = |extension: &str| {
            self.dir
                .with(|dir| dir.layout().dataset(&format!("{arm}.{extension}")))
        };
        let jsonl = path("jsonl")?;
        if let Some(folder) = jsonl.parent() {
            std::fs::create_dir_all(folder)?;
        }
        write_jsonl(&jsonl, examples)?;
        write_parquet(&path("parquet")?, &example_columns(examples))?;
        self.progress
            .line(&format!("{arm}: {} training rows", examples.len()));
        Ok(())
    }

    fn step_metrics(&mut self, arm: &str, step: &TrainStep) -> anyhow::Result<()> {
        self.metric(&format!("{arm}/loss"), step.step, step.loss)?;
        self.metric(&format!("{arm}/grad_norm"), step.step, step.grad_norm)?;
        self.metric(&format!("{arm}/learning_rate"), step.step, step.learning_rate)
    }

    fn evaluated(&mut self, arm: &str, summary: &EvalSummary) -> anyhow::Result<()> {
        let set = &summary.set;
        if let (Some(pass), Some(form)) = (summary.pass_at_1, summary.well_formed) {
            let n = summary.problems;
            self.progress.line(&format!(
                "{arm}: {set}: pass@1 {}, well-formed {}, {n} problems",
                percent(pass),
                percent(form)
            ));
            self.metric(&format!("{arm}/{set}/pass_at_1"), 0, pass.value)?;
            self.metric(&format!("{arm}/{set}/well_formed"), 0, form.value)?;
        }
        Ok(())
    }

    fn iterated(&mut self, best: &str) -> anyhow::Result<()> {
        self.iterations += 1;
        let arms: Vec<String> = (1..=self.iterations).map(iteration_arm).collect();
        // The best one is evaluated again at the end of the run: no policy lets it go.
        let arms: Vec<&str> = arms
            .iter()
            .map(String::as_str)
            .filter(|arm| *arm != best)
            .collect();
        self.dir
            .with(|dir| dir.prune_checkpoints(self.keep, &arms, Some(best)))?;
        Ok(())
    }

    fn metric(&mut self, series: &str, step: u32, value: f64) -> anyhow::Result<()> {
        let unix_seconds = now();
        let metric = Metric {
            series: series.to_owned(),
            step: u64::from(step),
            value,
            unix_seconds,
        };
        self.dir.with(|dir| dir.append_metric(&metric))?;
        self.events.scalar(series, u64::from(step), value, unix_seconds);
        Ok(())
    }
}

impl RunObserver for Watch<'_> {
    fn on_event(&mut self, event: &Event<'_>) -> Flow {
        if let Err(error) = self.act(event).context("the run directory can't be written") {
            self.failed.get_or_insert(error);
        }
        if self.failed.is_some() || self.interrupt.asked() {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }
}

/// Removes what a killed process left half-written in the datasets' folder; nobody else writes there.
fn sweep(folder: &Path) -> anyhow::Result<()> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries.flatten() {
        if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "part")
        {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// `41.3% [35.9, 46.9]`.
pub(crate) fn percent(estimate: Estimate) -> String {
    format!(
        "{:.1}% [{:.1}, {:.1}]",
        100.0 * estimate.value,
        100.0 * estimate.low,
        100.0 * estimate.high
    )
}

fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |since| since.as_secs_f64())
}
