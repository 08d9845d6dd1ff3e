//! What the loop tells while it runs.

use crate::{EvalSummary, Example, Flow, Phase, TrainStep};

/// What a phase is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Drawing samples; progress counts samples.
    Sampling,
    /// Judging; progress counts verdicts.
    Verifying,
}

/// Something that happened.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// A phase begins, or goes on after a resume with `done` already there.
    Started {
        /// Which.
        phase: &'a Phase,
        /// Doing what.
        action: Action,
        /// Items already done by an earlier process.
        done: u64,
        /// Items in all.
        total: u64,
    },
    /// One more item of the phase is done.
    Progress {
        /// Which phase.
        phase: &'a Phase,
        /// Tokens drawn for it; 0 for a verdict.
        tokens: u32,
    },
    /// A phase is complete and on disk.
    Finished {
        /// Which.
        phase: &'a Phase,
    },
    /// A training set is ready.
    Selected {
        /// The arm it trains.
        arm: &'a str,
        /// The rows.
        examples: &'a [Example],
    },
    /// An optimizer step is done.
    Trained {
        /// The arm in training.
        arm: &'a str,
        /// What the step did.
        step: &'a TrainStep,
    },
    /// The weights in training were evaluated.
    Validated {
        /// The arm in training.
        arm: &'a str,
        /// After so many optimizer steps.
        step: u32,
        /// Mean validation reward.
        reward: f64,
        /// Whether these weights are the best so far.
        kept: bool,
    },
    /// A model was evaluated on a dataset.
    Evaluated {
        /// The arm.
        arm: &'a str,
        /// The result.
        summary: &'a EvalSummary,
    },
    /// An iteration is complete; `best` is the best so far.
    Iterated {
        /// The iteration's arm.
        arm: &'a str,
        /// The best iteration's arm so far.
        best: &'a str,
    },
}

/// Follows a run.
pub trait RunObserver {
    /// Called for each event; [`Flow::Stop`] ends the run with everything saved.
    fn on_event(&mut self, event: &Event<'_>) -> Flow;
}
