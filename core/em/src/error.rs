//! Why a run ends early.

use crate::{EstimateError, JournalError, Phase, PolicyError, SelectError, VerifierError};

/// Why a run ended before its time. What was journaled stays; `--resume` goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The observer asked to stop.
    #[error("stopped on request; finished work is saved")]
    Interrupted,
    /// Sampling or training failed.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// Judging failed as a whole.
    #[error(transparent)]
    Verifier(#[from] VerifierError),
    /// The run directory failed.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// Selection can't be done as configured.
    #[error(transparent)]
    Select(#[from] SelectError),
    /// An estimate can't be computed as configured.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// No sample was correct: there is nothing to learn from.
    #[error(
        "`{phase}` kept none of {samples} samples ({wrong} wrong, {faults} faults), so there is nothing to train on\n  \
         hint: look at samples with `restem report`, draw more per problem (`generate.samples`), add easier problems, \
         or check that the few-shot examples show the answer format that the verifier reads"
    )]
    NothingSelected {
        /// Where the samples were drawn.
        phase: Phase,
        /// Samples drawn.
        samples: usize,
        /// Judged wrong.
        wrong: u32,
        /// Not judged.
        faults: u32,
    },
    /// The verifier fails too often for its verdicts to stand for the whole.
    #[error(
        "`{phase}`: {faults} of {rows} verdicts are faults, above max_fault_rate = {limit}\n  first fault: problem \
         `{problem}`, sample {k}: {message}\n  hint: fix the plugin or the problem, or raise `max_fault_rate`; faults are never \
         counted as reward 0"
    )]
    TooManyFaults {
        /// Where.
        phase: Phase,
        /// Faults.
        faults: usize,
        /// Verdicts.
        rows: usize,
        /// The configured limit, a share of the verdicts.
        limit: f64,
        /// Problem of the first fault.
        problem: String,
        /// Sample of the first fault.
        k: u32,
        /// Its class and message.
        message: String,
    },
}
