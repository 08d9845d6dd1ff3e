//! The loop: iterate, evaluate, compare, stop.

use serde::{Deserialize, Serialize};

use crate::{
    Checkpoint, Comparison, Digest, Draw, Engine, Estimate, EvalPlan, EvalSet, EvalSummary, Event, Judged,
    McNemar, Phase, PromptedProblem, RunError, RunOptions, SampledSummary, TrainedArm, comparison_examples,
    correct_from, digest_of, draw_and_judge, examples_of, select, train_arm,
};

/// The arm of the untrained model.
pub const BASE: &str = "base";

/// The arm of iteration `i`, from 1.
#[must_use]
pub fn iteration_arm(i: u32) -> String {
    format!("iteration-{i}")
}

/// What an E-step drew and kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IterationSummary {
    /// Samples drawn.
    pub samples: u64,
    /// Judged correct.
    pub correct: u64,
    /// Judged wrong.
    pub wrong: u64,
    /// Not judged.
    pub faults: u64,
    /// Correct, but the same as another of the problem.
    pub duplicates: u64,
    /// Correct and distinct, but beyond the cap.
    pub over_cap: u64,
    /// Rows kept.
    pub kept: u64,
    /// Problems with a kept row.
    pub solved: u64,
    /// Problems.
    pub problems: u64,
    /// Mean reward over judged samples.
    pub mean_reward: f64,
    /// Digest of samples and verdicts, whatever order they came in.
    pub digest: Digest,
}

/// One model of the run and its results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmSummary {
    /// `base`, `iteration-1`, …, `sft-human`, `random-kept`.
    pub arm: String,
    /// Its E-step, for iterations.
    pub iteration: Option<IterationSummary>,
    /// Its training, for all but the base.
    pub trained: Option<TrainedArm>,
    /// Greedy results, one per set; the validation set first.
    pub greedy: Vec<EvalSummary>,
    /// Sampled results, where asked for.
    pub sampled: Vec<SampledSummary>,
}

/// Two arms on the same problems.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairedComparison {
    /// The set.
    pub set: String,
    /// First arm.
    pub first: String,
    /// Second arm.
    pub second: String,
    /// The test.
    pub test: McNemar,
}

/// The whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Every model.
    pub arms: Vec<ArmSummary>,
    /// The iteration with the best validation pass@1.
    pub best: String,
    /// The best iteration against each other arm, set by set.
    pub comparisons: Vec<PairedComparison>,
}

/// The problems of a run.
#[derive(Debug, Clone, Copy)]
pub struct RunData<'a> {
    /// Sampled and trained on.
    pub train: &'a [PromptedProblem],
    /// Steers checkpoint choice and stopping.
    pub validation: &'a EvalSet,
    /// Held out.
    pub tests: &'a [EvalSet],
}

/// Runs ReST^EM and its comparisons to the end.
///
/// # Errors
/// [`RunError`]; running again with the same journal goes on from what is there, with the same result as an
/// uninterrupted run.
pub fn run(
    engine: &mut Engine<'_>,
    base: &Checkpoint,
    data: RunData<'_>,
    options: &RunOptions,
) -> Result<RunSummary, RunError> {
    let threshold = correct_from(engine.verifier.identity().kind, options.select.threshold)?;
    let eval = EvalPlan {
        options: &options.eval,
        threshold,
        seed: options.seed,
        max_fault_rate: options.max_fault_rate,
    };
    let run = Run {
        base,
        data,
        options,
        threshold,
        eval,
    };
    run.all(engine)
}

struct Run<'a> {
    base: &'a Checkpoint,
    data: RunData<'a>,
    options: &'a RunOptions,
    threshold: f64,
    eval: EvalPlan<'a>,
}

impl Run<'_> {
    fn all(&self, engine: &mut Engine<'_>) -> Result<RunSummary, RunError> {
        let greedy = self.evaluate(engine, BASE, self.base)?;
        let base = ArmSummary {
            arm: BASE.into(),
            iteration: None,
            trained: None,
            greedy,
            sampled: Vec::new(),
        };
        let mut arms = vec![base];
        let mut first: Option<(Vec<Judged>, usize)> = None;
        let mut best = 0;
        for i in 1..=self.options.max_iterations {
            let (arm, judged) = self.iteration(engine, i, arms.last())?;
            if first.is_none() {
                let kept = arm.iteration.as_ref().map_or(0, |it| it.kept as usize);
                first = Some((judged, kept));
            }
            arms.push(arm);
            let improved = best == 0 || validation_reward(&arms[i as usize]) > validation_reward(&arms[best]);
            if improved {
                best = i as usize;
            }
            engine.tell(&Event::Iterated {
                arm: &iteration_arm(i),
                best: &arms[best].arm,
            })?;
            if !improved && self.options.stop_on_plateau {
                break;
            }
        }
        if let Some((judged, count)) = first {
            for comparison in &self.options.compare {
                arms.extend(self.comparison(engine, *comparison, &judged, count)?);
            }
        }
        let best_arm = arms[best].arm.clone();
        for at in [0, best] {
            let checkpoint = self.checkpoint(engine, &arms[at].arm);
            if arms[at].sampled.is_empty() {
                for set in self.data.tests {
                    let sampled = self.eval.sampled(engine, &arms[at].arm, &checkpoint, set)?;
                    arms[at].sampled.extend(sampled);
                }
            }
        }
        let comparisons = arms
            .iter()
            .filter(|arm| arm.arm != best_arm)
            .flat_map(|arm| compare(&arms[best], arm))
            .chain(equal_sized(&arms, best))
            .collect();
        Ok(RunSummary {
            arms,
            best: best_arm,
            comparisons,
        })
    }

    fn checkpoint(&self, engine: &Engine<'_>, arm: &str) -> Checkpoint {
        if arm == BASE {
            self.base.clone()
        } else {
            (engine.checkpoint_of)(arm)
        }
    }

    fn evaluate(
        &self,
        engine: &mut Engine<'_>,
        arm: &str,
        checkpoint: &Checkpoint,
    ) -> Result<Vec<EvalSummary>, RunError> {
        std::iter::once(self.data.validation)
            .chain(self.data.tests)
            .filter(|set| !set.problems.is_empty())
            .map(|set| self.eval.greedy(engine, arm, checkpoint, set))
            .collect()
    }

    fn iteration(
        &self,
        engine: &mut Engine<'_>,
        i: u32,
        previous: Option<&ArmSummary>,
    ) -> Result<(ArmSummary, Vec<Judged>), RunError> {
        let options = self.options;
        let arm = iteration_arm(i);
        let policy = self.checkpoint(engine, previous.map_or(BASE, |arm| arm.arm.as_str()));
        let phase = Phase::new(&arm, "train-samples");
        let draw = Draw {
            phase: &phase,
            checkpoint: &policy,
            problems: self.data.train,
            prompt: options.generate_prompt,
            samples: options.samples,
            sampling: &options.sampling,
            seed: options.seed,
            max_fault_rate: options.max_fault_rate,
        };
        let judged = draw_and_judge(engine, &draw)?;
        let kind = engine.verifier.identity().kind;
        let select_seed = options.seed.derive(&["select", &arm]);
        let selection = select(&judged, kind, &options.select, engine.completion_key, select_seed)?;
        if selection.kept.is_empty() {
            return Err(RunError::NothingSelected {
                phase,
                samples: judged.len(),
                wrong: selection.wrong,
                faults: selection.faults,
            });
        }
        let examples = examples_of(&selection, self.data.train, options);
        let summary = summarise_iteration(&judged, &selection, self.data.train.len(), self.threshold);
        let start = match options.start {
            crate::StartFrom::Base => self.base,
            crate::StartFrom::Previous => &policy,
        };
        let validation = &self.data.validation.problems;
        let trained = train_arm(
            engine,
            &arm,
            start,
            &examples,
            validation,
            options,
            self.threshold,
        )?;
        let greedy = self.evaluate(engine, &arm, &self.checkpoint(engine, &arm))?;
        let arm = ArmSummary {
            arm,
            iteration: Some(summary),
            trained: Some(trained),
            greedy,
            sampled: Vec::new(),
        };
        Ok((arm, judged))
    }

    /// `None` when there is nothing to train the arm on (no human solutions).
    fn comparison(
        &self,
        engine: &mut Engine<'_>,
        comparison: Comparison,
        judged: &[Judged],
        count: usize,
    ) -> Result<Option<ArmSummary>, RunError> {
        let key = engine.completion_key;
        let examples = comparison_examples(comparison, self.data.train, judged, count, self.options, key);
        if examples.is_empty() {
            return Ok(None);
        }
        let arm = comparison.arm();
        let validation = &self.data.validation.problems;
        let trained = train_arm(
            engine,
            arm,
            self.base,
            &examples,
            validation,
            self.options,
            self.threshold,
        )?;
        let greedy = self.evaluate(engine, arm, &self.checkpoint(engine, arm))?;
        Ok(Some(ArmSummary {
            arm: arm.to_owned(),
            iteration: None,
            trained: Some(trained),
            greedy,
            sampled: Vec::new(),
        }))
    }
}

fn summarise_iteration(
    judged: &[Judged],
    selection: &crate::Selection<'_>,
    problems: usize,
    threshold: f64,
) -> IterationSummary {
    let scores: Vec<f64> = judged
        .iter()
        .filter_map(|row| row.verdict.score())
        .map(|score| score.reward)
        .collect();
    let mut solved: Vec<_> = selection
        .kept
        .iter()
        .map(|(row, _)| &row.sample.problem)
        .collect();
    solved.dedup();
    IterationSummary {
        samples: judged.len() as u64,
        correct: scores.iter().filter(|reward| **reward >= threshold).count() as u64,
        wrong: u64::from(selection.wrong),
        faults: u64::from(selection.faults),
        duplicates: u64::from(selection.duplicates),
        over_cap: u64::from(selection.over_cap),
        kept: selection.kept.len() as u64,
        solved: solved.len() as u64,
        problems: problems as u64,
        mean_reward: scores.iter().sum::<f64>() / scores.len().max(1) as f64,
        digest: digest_of(judged),
    }
}

fn validation_reward(arm: &ArmSummary) -> f64 {
    let estimate: Option<Estimate> = arm.greedy.first().and_then(|summary| summary.pass_at_1);
    estimate.map_or(0.0, |estimate| estimate.value)
}

/// The first iteration against the arms that were trained on as many rows, where the best arm isn't the first iteration: the comparison that
/// differs in the rows' kind alone.
fn equal_sized(arms: &[ArmSummary], best: usize) -> Vec<PairedComparison> {
    let first_name = iteration_arm(1);
    let Some(first) = arms
        .iter()
        .position(|arm| arm.arm == first_name)
        .filter(|at| *at != best)
    else {
        return Vec::new();
    };
    let rows = |arm: &ArmSummary| arm.trained.as_ref().map(|trained| trained.examples);
    arms.iter()
        .enumerate()
        .filter(|(at, arm)| {
            *at != first && *at != best && rows(arm).is_some() && rows(arm) == rows(&arms[first])
        })
        .flat_map(|(_, arm)| compare(&arms[first], arm))
        .collect()
}

/// Both arms on every set that both were evaluated on.
fn compare(first: &ArmSummary, second: &ArmSummary) -> Vec<PairedComparison> {
    let pairs = first.greedy.iter().filter_map(|a| {
        let b = second.greedy.iter().find(|b| b.set == a.set)?;
        let outcomes = a
            .outcomes
            .iter()
            .zip(&b.outcomes)
            .filter_map(|(x, y)| Some((x.correct?, y.correct?)));
        Some(PairedComparison {
            set: a.set.clone(),
            first: first.arm.clone(),
            second: second.arm.clone(),
            test: McNemar::of(outcomes),
        })
    });
    pairs.collect()
}
