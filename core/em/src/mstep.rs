//! The M-step: fine-tune, watching validation reward, and keep the best weights.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Checkpoint, Engine, EvalDecision, Event, Example, Flow, Judged, Phase, PolicyError, PromptedProblem,
    RunError, RunObserver, RunOptions, SampleRequest, Sampler, TrainJob, TrainObserver, TrainReport,
    TrainStep, Verifier, select::Selection,
};

/// A trained arm: how it went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainedArm {
    /// Rows it was trained on.
    pub examples: u64,
    /// Digest of those rows.
    pub dataset: crate::Digest,
    /// The trainer's account.
    pub report: TrainReport,
    /// (optimizer step, mean validation reward) of each evaluation.
    pub validation: Vec<(u32, f64)>,
    /// The optimizer steps.
    pub steps: Vec<TrainStep>,
}

/// Training rows of a selection.
#[must_use]
pub fn examples_of(
    selection: &Selection<'_>,
    problems: &[PromptedProblem],
    options: &RunOptions,
) -> Vec<Example> {
    selection
        .kept
        .iter()
        .filter_map(|(row, weight)| example(row, *weight, problems, options))
        .collect()
}

/// The training row of one sample; `None` when its problem is not among `problems`.
pub(crate) fn example(
    row: &Judged,
    weight: f32,
    problems: &[PromptedProblem],
    options: &RunOptions,
) -> Option<Example> {
    let prompted = problems
        .iter()
        .find(|prompted| prompted.problem.id == row.sample.problem)?;
    let end = match row.sample.finish {
        crate::FinishReason::Stop => options.end_text.as_str(),
        crate::FinishReason::Length => "",
    };
    Some(Example {
        problem: row.sample.problem.clone(),
        prompt: prompted.prompt(options.train_prompt).to_owned(),
        completion: format!("{}{end}", row.sample.completion),
        weight,
    })
}

/// Fine-tunes one arm, unless an earlier process did.
///
/// # Errors
/// [`RunError`]; the next process goes on with a stopped or killed job from what it saved last, with the same result.
pub fn train_arm(
    engine: &mut Engine<'_>,
    arm: &str,
    start: &Checkpoint,
    examples: &[Example],
    validation: &[PromptedProblem],
    options: &RunOptions,
    threshold: f64,
) -> Result<TrainedArm, RunError> {
    engine.tell(&Event::Selected { arm, examples })?;
    let out = (engine.checkpoint_of)(arm);
    engine.once(&Phase::new(arm, "train"), |engine| {
        let job = TrainJob {
            start,
            out: &out,
            examples,
            options: &options.train,
            seed: options.seed.derive(&["train", arm]),
        };
        let problems = &validation[..validation.len().min(options.validation.problems as usize)];
        let mut watch = Watch {
            arm,
            options,
            problems,
            threshold,
            verifier: &mut *engine.verifier,
            observer: &mut *engine.observer,
            best: None,
            since_best: 0,
            validation: Vec::new(),
            steps: Vec::new(),
        };
        let report = engine
            .trainer
            .train(&job, &mut watch)?
            .ok_or(RunError::Interrupted)?;
        let (validation, steps) = (watch.validation, watch.steps);
        let rows = examples
            .iter()
            .map(|row| serde_json::to_vec(row).unwrap_or_default());
        Ok(TrainedArm {
            examples: examples.len() as u64,
            dataset: crate::Digest::of_parts(rows),
            report,
            validation,
            steps,
        })
    })
}

struct Watch<'a> {
    arm: &'a str,
    options: &'a RunOptions,
    problems: &'a [PromptedProblem],
    threshold: f64,
    verifier: &'a mut dyn Verifier,
    observer: &'a mut dyn RunObserver,
    best: Option<f64>,
    since_best: u32,
    validation: Vec<(u32, f64)>,
    steps: Vec<TrainStep>,
}

impl Watch<'_> {
    /// Mean of "greedy completion is correct" over the validation problems; faults are left out.
    fn reward(&mut self, sampler: &mut dyn Sampler) -> Result<f64, PolicyError> {
        let requests: Vec<SampleRequest> = self
            .problems
            .iter()
            .map(|prompted| SampleRequest {
                problem: prompted.problem.id.clone(),
                prompt: prompted.prompt(self.options.eval.prompt).to_owned(),
                samples: vec![(0, crate::Seed(0))],
            })
            .collect();
        let mut tasks = Vec::new();
        sampler.sample(&requests, &self.options.eval.greedy, &mut |sample| {
            if let Some(prompted) = self.problems.iter().find(|p| p.problem.id == sample.problem) {
                tasks.push(prompted.verify_task(vec![(0, sample.completion)]));
            }
            Flow::Continue
        })?;
        let (mut scored, mut correct) = (0_u32, 0_u32);
        self.verifier
            .verify(&tasks, &mut |row| {
                if let Some(score) = row.verdict.score() {
                    scored += 1;
                    correct += u32::from(score.reward >= self.threshold);
                }
                Flow::Continue
            })
            .map_err(|error| PolicyError::new("validation inside training could not be judged", error))?;
        Ok(f64::from(correct) / f64::from(scored.max(1)))
    }
}

impl TrainObserver for Watch<'_> {
    fn on_step(&mut self, step: &TrainStep) -> Flow {
        self.steps.push(*step);
        self.observer.on_event(&Event::Trained { arm: self.arm, step })
    }

    fn on_eval(&mut self, step: u32, sampler: &mut dyn Sampler) -> Result<EvalDecision, PolicyError> {
        if self.problems.is_empty() {
            return Ok(EvalDecision::Keep);
        }
        let reward = self.reward(sampler)?;
        self.validation.push((step, reward));
        let better = self.best.is_none_or(|best| reward > best);
        // Who wants to stop is asked again after the next step: ending here would pass for the end of the training.
        let _ = self.observer.on_event(&Event::Validated {
            arm: self.arm,
            step,
            reward,
            kept: better,
        });
        if better {
            self.best = Some(reward);
            self.since_best = 0;
            return Ok(EvalDecision::Keep);
        }
        self.since_best += 1;
        let patience = self.options.validation.patience;
        let out_of_patience = patience > 0 && self.since_best >= patience;
        Ok(if out_of_patience {
            EvalDecision::Stop
        } else {
            EvalDecision::Continue
        })
    }

    fn remember(&self) -> Value {
        let Self {
            best,
            since_best,
            validation,
            steps,
            ..
        } = self;
        serde_json::json!({"best": best, "since_best": since_best, "validation": validation, "steps": steps})
    }

    fn recall(&mut self, memory: &Value) -> Result<(), PolicyError> {
        let memory = Memory::deserialize(memory)
            .map_err(|error| PolicyError::new("the saved training is not one of this program", error))?;
        (self.best, self.since_best) = (memory.best, memory.since_best);
        (self.validation, self.steps) = (memory.validation, memory.steps);
        Ok(())
    }
}

/// What a [`Watch`] remembers.
#[derive(Deserialize)]
struct Memory {
    best: Option<f64>,
    since_best: u32,
    validation: Vec<(u32, f64)>,
    steps: Vec<TrainStep>,
}
