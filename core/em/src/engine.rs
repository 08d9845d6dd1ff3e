//! The parts that a run works with.

use crate::{
    Checkpoint, Digest, Event, Flow, Generator, Journal, Phase, RunError, RunObserver, Seed, Trainer,
    Verifier,
};

/// The model, the verifier, the memory and the audience of a run.
pub struct Engine<'a> {
    /// Draws samples.
    pub generator: &'a mut dyn Generator,
    /// Fine-tunes.
    pub trainer: &'a mut dyn Trainer,
    /// Judges.
    pub verifier: &'a mut dyn Verifier,
    /// Remembers.
    pub journal: &'a mut dyn Journal,
    /// Watches, and may stop the run.
    pub observer: &'a mut dyn RunObserver,
    /// Equal keys make two completions duplicates.
    pub completion_key: &'a dyn Fn(&str) -> Digest,
    /// Where an arm's checkpoint goes.
    pub checkpoint_of: &'a dyn Fn(&str) -> Checkpoint,
}

impl Engine<'_> {
    /// Tells the observer.
    pub(crate) fn tell(&mut self, event: &Event<'_>) -> Result<(), RunError> {
        match self.observer.on_event(event) {
            Flow::Continue => Ok(()),
            Flow::Stop => {
                self.journal.sync()?;
                Err(RunError::Interrupted)
            }
        }
    }

    /// The result of a step: what an earlier process recorded, or what `compute` makes of it now.
    pub(crate) fn once<T: serde::Serialize + serde::de::DeserializeOwned>(
        &mut self,
        phase: &Phase,
        compute: impl FnOnce(&mut Self) -> Result<T, RunError>,
    ) -> Result<T, RunError> {
        if let Some(result) = self.journal.typed_result(phase)? {
            return Ok(result);
        }
        let result = compute(self)?;
        let value = serde_json::to_value(&result).map_err(|source| crate::JournalError {
            message: format!("the result of `{phase}` can't be written as JSON"),
            source: Some(source.into()),
        })?;
        self.journal.record_result(phase, &value)?;
        Ok(result)
    }
}

/// Seeds of a phase's samples: H(run seed, phase, problem, k).
pub(crate) fn sample_seeds(
    seed: Seed,
    phase: &Phase,
    problem: &crate::ProblemId,
    n: u32,
) -> Vec<(u32, Seed)> {
    (0..n)
        .map(|k| (k, seed.of_sample(phase.as_str(), problem, k)))
        .collect()
}
