//! `restem train`: one fine-tuning job.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_em::{
    Checkpoint, EvalDecision, Example, Flow, PolicyError, ProblemId, RunError, Sampler, Seed, TrainJob,
    TrainObserver, TrainStep,
};
use serde::Deserialize;
use serde_json::Value;

use super::config::load;
use crate::args::TrainArgs;
use crate::interrupt::Interrupt;
use crate::numbers::grouped;
use crate::policy;
use crate::progress::Progress;

#[derive(Debug, Deserialize)]
struct Row {
    #[serde(default)]
    problem: Option<String>,
    prompt: String,
    completion: String,
    #[serde(default)]
    weight: Option<f32>,
}

pub(crate) fn train(args: &TrainArgs) -> anyhow::Result<ExitCode> {
    let config = load(&args.config)?.config;
    let examples = read(&args.data)?;
    let start = Checkpoint {
        path: args.model.clone().unwrap_or_else(|| config.model.path.clone()),
    };
    let out = Checkpoint {
        path: args.out.clone(),
    };
    if out.path.exists() {
        bail!(
            "{} exists already: name a new directory with --out",
            out.path.display()
        );
    }
    let options = config.train_options();
    let mut watch = Watch {
        progress: Progress::new(args.config.progress),
        interrupt: Interrupt::listen()?,
    };
    let job = TrainJob {
        start: &start,
        out: &out,
        examples: &examples,
        options: &options,
        seed: Seed(config.run.seed).derive(&["train", "alone"]),
    };
    let report = policy::trainer(&config.model)?
        .train(&job, &mut watch)?
        .ok_or(RunError::Interrupted)?;
    writeln!(
        std::io::stdout(),
        "{}: {} steps, {} target tokens, {} rows left out, last loss {:.4}, weights sha256 {}",
        out.path.display(),
        report.steps,
        grouped(report.target_tokens),
        report.skipped,
        report.last_loss,
        report.weights
    )?;
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> anyhow::Result<Vec<Example>> {
    let file = File::open(path).with_context(|| format!("the rows {} can't be read", path.display()))?;
    let mut examples = Vec::new();
    for (i, line) in BufReader::new(file).lines().enumerate() {
        let line = line.with_context(|| format!("{} can't be read", path.display()))?;
        if line.trim().is_empty() {
            continue;
        }
        let row: Row = serde_json::from_str(&line).with_context(|| {
            format!(
                "{} line {}: a row is an object with `prompt` and `completion`",
                path.display(),
                i + 1
            )
        })?;
        let weight = row.weight.unwrap_or(1.0);
        if !(weight.is_finite() && weight >= 0.0) {
            bail!(
                "{} line {}: weight {weight} is no number from 0 up: leave out rows that are not to be learnt",
                path.display(),
                i + 1
            );
        }
        examples.push(Example {
            problem: ProblemId::new(row.problem.unwrap_or_else(|| format!("row-{}", i + 1))),
            prompt: row.prompt,
            completion: row.completion,
            weight,
        });
    }
    if examples.is_empty() {
        bail!("{} has no rows: there is nothing to train on", path.display());
    }
    Ok(examples)
}

struct Watch {
    progress: Progress,
    interrupt: Interrupt,
}

impl TrainObserver for Watch {
    fn on_step(&mut self, step: &TrainStep) -> Flow {
        self.progress.step("model", step);
        if self.interrupt.asked() {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }

    fn on_eval(&mut self, _step: u32, _sampler: &mut dyn Sampler) -> Result<EvalDecision, PolicyError> {
        // Without validation problems the last weights stand.
        Ok(EvalDecision::Keep)
    }

    fn remember(&self) -> Value {
        Value::Null
    }

    fn recall(&mut self, _memory: &Value) -> Result<(), PolicyError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_below_zero_is_refused_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.jsonl");
        let row = r#"{"prompt": "q", "completion": "a", "weight": "#;
        std::fs::write(&path, format!("{row} 0.5}}\n{row} -1}}\n")).unwrap();
        let error = read(&path).unwrap_err().to_string();
        assert!(
            error.ends_with(
                "line 2: weight -1 is no number from 0 up: leave out rows that are not to be learnt"
            ),
            "{error}"
        );
    }
}
