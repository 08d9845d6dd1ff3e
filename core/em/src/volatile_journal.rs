//! A journal that forgets.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Journal, JournalError, Phase, Sample, VerdictRow};

/// A journal in memory, for single steps that nobody resumes (`restem eval`) and for tests.
#[derive(Debug, Clone, Default)]
pub struct VolatileJournal {
    samples: BTreeMap<Phase, Vec<Sample>>,
    verdicts: BTreeMap<Phase, Vec<VerdictRow>>,
    results: BTreeMap<Phase, Value>,
}

impl Journal for VolatileJournal {
    fn samples(&self, phase: &Phase) -> Result<Vec<Sample>, JournalError> {
        Ok(self.samples.get(phase).cloned().unwrap_or_default())
    }

    fn append_sample(&mut self, phase: &Phase, sample: &Sample) -> Result<(), JournalError> {
        self.samples
            .entry(phase.clone())
            .or_default()
            .push(sample.clone());
        Ok(())
    }

    fn verdicts(&self, phase: &Phase) -> Result<Vec<VerdictRow>, JournalError> {
        Ok(self.verdicts.get(phase).cloned().unwrap_or_default())
    }

    fn append_verdict(&mut self, phase: &Phase, row: &VerdictRow) -> Result<(), JournalError> {
        self.verdicts.entry(phase.clone()).or_default().push(row.clone());
        Ok(())
    }

    fn sync(&mut self) -> Result<(), JournalError> {
        Ok(())
    }

    fn result(&self, phase: &Phase) -> Result<Option<Value>, JournalError> {
        Ok(self.results.get(phase).cloned())
    }

    fn record_result(&mut self, phase: &Phase, result: &Value) -> Result<(), JournalError> {
        self.results.insert(phase.clone(), result.clone());
        Ok(())
    }
}
