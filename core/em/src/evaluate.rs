//! Evaluation of a model on a set of problems.

use serde::{Deserialize, Serialize};

use crate::{
    Checkpoint, Draw, Engine, Estimate, EvalOptions, EvalSet, Event, Judged, Phase, RunError, Sampling, Seed,
    Vote, draw_and_judge, majority, pass_at_k,
};

/// How one problem went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The problem.
    pub problem: crate::ProblemId,
    /// Whether the greedy completion is correct; `None` for a fault.
    pub correct: Option<bool>,
}

/// A model's greedy results on a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvalSummary {
    /// The set's name.
    pub set: String,
    /// Problems judged (faults are left out).
    pub problems: u64,
    /// Problems that could not be judged.
    pub faults: u64,
    /// Greedy pass@1 with Wilson's interval; `None` when nothing was judged.
    pub pass_at_1: Option<Estimate>,
    /// Share of completions in which the verifier found an answer in the asked-for format.
    pub well_formed: Option<Estimate>,
    /// Mean tokens per completion.
    pub mean_tokens: f64,
    /// Problem by problem, in the set's order.
    pub outcomes: Vec<Outcome>,
}

/// A model's sampled results on a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampledSummary {
    /// The set's name.
    pub set: String,
    /// Problems looked at.
    pub problems: u64,
    /// (k, pass@k) with bootstrap intervals over problems.
    pub pass_at: Vec<(u32, Estimate)>,
    /// (k, maj@k) with a bootstrap interval over problems.
    pub majority: Option<(u32, Estimate)>,
}

/// What evaluation needs besides the model.
#[derive(Debug, Clone, Copy)]
pub struct EvalPlan<'a> {
    /// How.
    pub options: &'a EvalOptions,
    /// Rewards from here on are correct.
    pub threshold: f64,
    /// The run's seed.
    pub seed: Seed,
    /// Share of verdicts that may be faults.
    pub max_fault_rate: f64,
}

impl EvalPlan<'_> {
    /// Greedy pass@1 of `checkpoint` on `set`.
    ///
    /// # Errors
    /// [`RunError`].
    pub fn greedy(
        &self,
        engine: &mut Engine<'_>,
        arm: &str,
        checkpoint: &Checkpoint,
        set: &EvalSet,
    ) -> Result<EvalSummary, RunError> {
        let done = Phase::new(arm, &format!("{}-summary", set.name));
        let summary = engine.once(&done, |engine| {
            let judged = self.draw(
                engine,
                arm,
                checkpoint,
                set,
                "greedy",
                1,
                &self.options.greedy,
                set.problems.len(),
            )?;
            Ok(summarise(&set.name, &judged, self.threshold))
        })?;
        engine.tell(&Event::Evaluated {
            arm,
            summary: &summary,
        })?;
        Ok(summary)
    }

    /// pass@k and majority voting of `checkpoint` on the first `sampled_problems` of `set`; `None` when turned off.
    ///
    /// # Errors
    /// [`RunError`].
    pub fn sampled(
        &self,
        engine: &mut Engine<'_>,
        arm: &str,
        checkpoint: &Checkpoint,
        set: &EvalSet,
    ) -> Result<Option<SampledSummary>, RunError> {
        let options = self.options;
        let limit = set.problems.len().min(options.sampled_problems as usize);
        let n = options.pass_at.iter().copied().max().unwrap_or(0);
        if limit == 0 || (n == 0 && options.majority == 0) {
            return Ok(None);
        }
        let done = Phase::new(arm, &format!("{}-sampled-summary", set.name));
        let summary = engine.once(&done, |engine| {
            let mut pass_at = Vec::new();
            if n > 0 {
                let judged = self.draw(
                    engine,
                    arm,
                    checkpoint,
                    set,
                    "pass",
                    n,
                    &options.pass_sampling,
                    limit,
                )?;
                for k in &options.pass_at {
                    let values = per_problem(&judged)
                        .filter_map(|rows| correct_count(rows, self.threshold))
                        .map(|correct| pass_at_k(n, correct, *k))
                        .collect::<Result<Vec<f64>, _>>()?;
                    pass_at.extend(Estimate::mean(&values, self.seed).map(|estimate| (*k, estimate)));
                }
            }
            let mut voted = None;
            if options.majority > 0 {
                let sampling = &options.majority_sampling;
                let judged = self.draw(
                    engine,
                    arm,
                    checkpoint,
                    set,
                    "vote",
                    options.majority,
                    sampling,
                    limit,
                )?;
                let values: Vec<f64> = per_problem(&judged)
                    .map(|rows| majority(&votes(rows, self.threshold)))
                    .collect();
                voted = Estimate::mean(&values, self.seed).map(|estimate| (options.majority, estimate));
            }
            Ok(SampledSummary {
                set: set.name.clone(),
                problems: limit as u64,
                pass_at,
                majority: voted,
            })
        })?;
        Ok(Some(summary))
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "private: each of them varies between the three calls"
    )]
    fn draw(
        &self,
        engine: &mut Engine<'_>,
        arm: &str,
        checkpoint: &Checkpoint,
        set: &EvalSet,
        step: &str,
        samples: u32,
        sampling: &Sampling,
        limit: usize,
    ) -> Result<Vec<Judged>, RunError> {
        let phase = Phase::new(arm, &format!("{}-{step}", set.name));
        let draw = Draw {
            phase: &phase,
            checkpoint,
            problems: &set.problems[..limit],
            prompt: self.options.prompt,
            samples,
            sampling,
            seed: self.seed,
            max_fault_rate: self.max_fault_rate,
        };
        draw_and_judge(engine, &draw)
    }
}

/// Consecutive rows of one problem.
fn per_problem(judged: &[Judged]) -> impl Iterator<Item = &[Judged]> {
    judged.chunk_by(|a, b| a.sample.problem == b.sample.problem)
}

/// Correct samples of a problem; `None` leaves out a problem with a fault, whose n would be another.
fn correct_count(rows: &[Judged], threshold: f64) -> Option<u32> {
    rows.iter().map(|row| row.correct(threshold).map(u32::from)).sum()
}

fn votes(rows: &[Judged], threshold: f64) -> Vec<Vote<'_>> {
    rows.iter()
        .map(|row| Vote {
            answer: row.answer(),
            correct: row.correct(threshold).unwrap_or(false),
        })
        .collect()
}

/// Summary of one greedy completion per problem.
#[must_use]
pub fn summarise(set: &str, judged: &[Judged], threshold: f64) -> EvalSummary {
    let outcomes: Vec<Outcome> = judged
        .iter()
        .map(|row| Outcome {
            problem: row.sample.problem.clone(),
            correct: row.correct(threshold),
        })
        .collect();
    let scored = outcomes
        .iter()
        .filter(|outcome| outcome.correct.is_some())
        .count() as u64;
    let correct = outcomes
        .iter()
        .filter(|outcome| outcome.correct == Some(true))
        .count() as u64;
    let well_formed = judged.iter().filter(|row| row.answer().is_some()).count() as u64;
    let tokens: u64 = judged.iter().map(|row| u64::from(row.sample.tokens)).sum();
    EvalSummary {
        set: set.to_owned(),
        problems: scored,
        faults: judged.len() as u64 - scored,
        pass_at_1: Estimate::proportion(correct, scored),
        well_formed: Estimate::proportion(well_formed, scored),
        mean_tokens: tokens as f64 / (judged.len().max(1)) as f64,
        outcomes,
    }
}
