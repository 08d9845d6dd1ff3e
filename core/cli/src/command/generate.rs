//! `restem generate`: samples for the training problems, without judging them.

use std::collections::HashMap;
use std::fs::File;
use std::io::{LineWriter, Write};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_em::{
    Action, Checkpoint, Flow, Phase, Problem, ProblemId, RunError, Sample, SampleRequest, Seed, iteration_arm,
};
use serde::Serialize;
use serde_json::{Map, Value};

use super::config::load;
use crate::args::GenerateArgs;
use crate::interrupt::Interrupt;
use crate::memory::Memory;
use crate::policy::Source;
use crate::prepare::prepare;
use crate::progress::Progress;

/// A line that `restem score` reads.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a ProblemId,
    k: u32,
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    #[serde(skip_serializing_if = "Map::is_empty")]
    metadata: &'a Map<String, Value>,
    completion: &'a str,
    seed: Seed,
    tokens: u32,
    log_prob: Option<f64>,
    finish: restem_em::FinishReason,
}

pub(crate) fn generate(args: &GenerateArgs) -> anyhow::Result<ExitCode> {
    let mut config = load(&args.config)?.config;
    if let Some(model) = &args.model {
        config.model.path.clone_from(model);
    }
    let prepared = prepare(&config)?;
    if prepared.train.is_empty() {
        bail!("there are no training problems: set `data.train.path`");
    }
    let interrupt = Interrupt::listen()?;
    let mut output: Box<dyn Write> = match &args.out {
        None => Box::new(LineWriter::new(std::io::stdout())),
        Some(path) => {
            let file = File::create_new(path).with_context(|| format!("{} can't be made", path.display()))?;
            // Whatever ends this process loses no row.
            Box::new(LineWriter::new(file))
        }
    };
    // The seeds of a run's first iteration: the same model draws the same samples here and there.
    let phase = Phase::new(&iteration_arm(1), "train-samples");
    let options = config.run_options();
    let requests: Vec<SampleRequest> = prepared
        .train
        .iter()
        .map(|prompted| SampleRequest {
            problem: prompted.problem.id.clone(),
            prompt: prompted.prompt(options.generate_prompt).to_owned(),
            samples: (0..options.samples)
                .map(|k| (k, options.seed.of_sample(phase.as_str(), &prompted.problem.id, k)))
                .collect(),
        })
        .collect();
    let problems: HashMap<&ProblemId, &Problem> = prepared
        .train
        .iter()
        .map(|prompted| (&prompted.problem.id, &prompted.problem))
        .collect();

    let checkpoint = Checkpoint {
        path: config.model.path.clone(),
    };
    let mut policy = Source::load(&config.model)?.open(&config.model, &checkpoint)?;
    let mut sampler = policy.generator.open(&checkpoint)?;
    let mut progress = Progress::new(args.config.progress);
    progress.sample_within(policy.memory.as_ref().and_then(Memory::bound));
    progress.begin(
        &phase,
        Action::Sampling,
        0,
        requests.len() as u64 * u64::from(options.samples),
    );
    let mut failed = None;
    sampler.sample(&requests, &options.sampling, &mut |sample| {
        progress.advance(1, sample.tokens);
        if let Err(error) = write_row(&mut output, &problems, &sample) {
            failed = Some(error);
            return Flow::Stop;
        }
        if interrupt.asked() {
            Flow::Stop
        } else {
            Flow::Continue
        }
    })?;
    progress.end();
    if let Some(error) = failed.or_else(|| output.flush().err()) {
        return Err(error).context("the samples can't be written");
    }
    if interrupt.asked() {
        Err(RunError::Interrupted.into())
    } else {
        Ok(ExitCode::SUCCESS)
    }
}

fn write_row(
    output: &mut dyn Write,
    problems: &HashMap<&ProblemId, &Problem>,
    sample: &Sample,
) -> std::io::Result<()> {
    let Some(problem) = problems.get(&sample.problem) else {
        return Ok(());
    };
    let row = Row {
        id: &sample.problem,
        k: sample.k,
        prompt: &problem.prompt,
        reference: problem.reference.as_deref(),
        metadata: &problem.metadata,
        completion: &sample.completion,
        seed: sample.seed,
        tokens: sample.tokens,
        log_prob: sample.log_prob,
        finish: sample.finish,
    };
    serde_json::to_writer(&mut *output, &row)?;
    output.write_all(b"\n")
}
