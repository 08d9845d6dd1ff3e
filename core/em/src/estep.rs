//! The E-step: draw samples and judge them, picking up whatever an earlier process left.

use std::collections::HashMap;

use crate::engine::sample_seeds;
use crate::{
    Action, Checkpoint, Engine, Event, Flow, JournalError, Judged, Phase, ProblemId, PromptKind,
    PromptedProblem, RunError, Sample, SampleRequest, Sampling, Seed, Verdict, VerdictRow,
};

/// What to draw in one phase.
#[derive(Debug, Clone, Copy)]
pub struct Draw<'a> {
    /// The phase; owns the samples.
    pub phase: &'a Phase,
    /// The weights to draw from.
    pub checkpoint: &'a Checkpoint,
    /// For which problems.
    pub problems: &'a [PromptedProblem],
    /// With which prompt.
    pub prompt: PromptKind,
    /// How many per problem.
    pub samples: u32,
    /// How.
    pub sampling: &'a Sampling,
    /// The run's seed.
    pub seed: Seed,
    /// Share of verdicts that may be faults.
    pub max_fault_rate: f64,
}

/// Draws and judges every sample of a phase that the journal does not hold yet.
///
/// Returns all of the phase's samples in problem order, then by k. The checkpoint is opened only if a sample is missing.
///
/// # Errors
/// [`RunError`]; what was drawn and judged before it is journaled.
pub fn draw_and_judge(engine: &mut Engine<'_>, draw: &Draw<'_>) -> Result<Vec<Judged>, RunError> {
    let mut samples = draw_samples(engine, draw)?;
    let verdicts = judge_samples(engine, draw, &samples)?;
    engine.tell(&Event::Finished { phase: draw.phase })?;
    let mut judged = Vec::with_capacity(samples.len());
    for prompted in draw.problems {
        for k in 0..draw.samples {
            let key = (prompted.problem.id.clone(), k);
            if let (Some(sample), Some(row)) = (samples.remove(&key), verdicts.get(&key)) {
                judged.push(Judged {
                    sample,
                    verdict: row.verdict.clone(),
                    fuel: row.fuel,
                });
            }
        }
    }
    check_faults(draw, &judged)?;
    Ok(judged)
}

type Key = (ProblemId, u32);

fn draw_samples(engine: &mut Engine<'_>, draw: &Draw<'_>) -> Result<HashMap<Key, Sample>, RunError> {
    let mut samples: HashMap<Key, Sample> = engine
        .journal
        .samples(draw.phase)?
        .into_iter()
        .map(|s| ((s.problem.clone(), s.k), s))
        .collect();
    let requests: Vec<SampleRequest> = draw
        .problems
        .iter()
        .map(|prompted| {
            let id = &prompted.problem.id;
            let mut wanted = sample_seeds(draw.seed, draw.phase, id, draw.samples);
            wanted.retain(|(k, _)| !samples.contains_key(&(id.clone(), *k)));
            SampleRequest {
                problem: id.clone(),
                prompt: prompted.prompt(draw.prompt).to_owned(),
                samples: wanted,
            }
        })
        .filter(|request| !request.samples.is_empty())
        .collect();
    let total = draw.problems.len() as u64 * u64::from(draw.samples);
    let missing: u64 = requests.iter().map(|request| request.samples.len() as u64).sum();
    engine.tell(&Event::Started {
        phase: draw.phase,
        action: Action::Sampling,
        done: total - missing,
        total,
    })?;
    if requests.is_empty() {
        return Ok(samples);
    }
    let mut failed: Option<JournalError> = None;
    let mut stopped = false;
    let (journal, observer) = (&mut *engine.journal, &mut *engine.observer);
    let mut sampler = engine.generator.open(draw.checkpoint)?;
    let outcome = sampler.sample(&requests, draw.sampling, &mut |sample| {
        let progress = Event::Progress {
            phase: draw.phase,
            tokens: sample.tokens,
        };
        if let Err(error) = journal.append_sample(draw.phase, &sample) {
            failed = Some(error);
            return Flow::Stop;
        }
        samples.insert((sample.problem.clone(), sample.k), sample);
        let flow = observer.on_event(&progress);
        stopped |= flow == Flow::Stop;
        flow
    });
    drop(sampler);
    settle(engine, outcome, failed, stopped)?;
    Ok(samples)
}

fn judge_samples(
    engine: &mut Engine<'_>,
    draw: &Draw<'_>,
    samples: &HashMap<Key, Sample>,
) -> Result<HashMap<Key, VerdictRow>, RunError> {
    let mut rows: HashMap<Key, VerdictRow> = engine
        .journal
        .verdicts(draw.phase)?
        .into_iter()
        .map(|row| ((row.problem.clone(), row.k), row))
        .collect();
    let mut tasks = Vec::new();
    let mut missing = 0;
    for prompted in draw.problems {
        let completions: Vec<(u32, String)> = (0..draw.samples)
            .map(|k| (prompted.problem.id.clone(), k))
            .filter(|key| !rows.contains_key(key))
            .filter_map(|key| samples.get(&key).map(|sample| (key.1, sample.completion.clone())))
            .collect();
        missing += completions.len() as u64;
        if !completions.is_empty() {
            tasks.push(prompted.verify_task(completions));
        }
    }
    let total = samples.len() as u64;
    engine.tell(&Event::Started {
        phase: draw.phase,
        action: Action::Verifying,
        done: total - missing,
        total,
    })?;
    let mut failed: Option<JournalError> = None;
    let mut stopped = false;
    let (journal, observer) = (&mut *engine.journal, &mut *engine.observer);
    let outcome = engine.verifier.verify(&tasks, &mut |row| {
        if let Err(error) = journal.append_verdict(draw.phase, &row) {
            failed = Some(error);
            return Flow::Stop;
        }
        rows.insert((row.problem.clone(), row.k), row);
        let flow = observer.on_event(&Event::Progress {
            phase: draw.phase,
            tokens: 0,
        });
        stopped |= flow == Flow::Stop;
        flow
    });
    settle(engine, outcome, failed, stopped)?;
    Ok(rows)
}

/// Makes what was journaled durable before anything else is said, then tells why the work ended early, if it did.
fn settle<E>(
    engine: &mut Engine<'_>,
    outcome: Result<(), E>,
    failed: Option<JournalError>,
    stopped: bool,
) -> Result<(), RunError>
where
    RunError: From<E>,
{
    engine.journal.sync()?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    outcome?;
    if stopped {
        return Err(RunError::Interrupted);
    }
    Ok(())
}

fn check_faults(draw: &Draw<'_>, judged: &[Judged]) -> Result<(), RunError> {
    let faults: Vec<(&Judged, &crate::Fault)> = judged
        .iter()
        .filter_map(|row| match &row.verdict {
            Verdict::Fault { fault } => Some((row, fault)),
            Verdict::Scored(_) => None,
        })
        .collect();
    match faults.first() {
        Some((row, fault)) if faults.len() as f64 > draw.max_fault_rate * judged.len() as f64 => {
            Err(RunError::TooManyFaults {
                phase: draw.phase.clone(),
                faults: faults.len(),
                rows: judged.len(),
                limit: draw.max_fault_rate,
                problem: row.sample.problem.to_string(),
                k: row.sample.k,
                message: fault.to_string(),
            })
        }
        _ => Ok(()),
    }
}
