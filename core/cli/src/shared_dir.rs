//! One run directory, written by the loop's journal and by what watches the loop.

use std::cell::RefCell;
use std::rc::Rc;

use restem_em::{Journal, JournalError, Phase, Sample, VerdictRow};
use restem_store::RunDir;
use serde_json::Value;

/// A handle of the run directory. Handles are used one after another, never one inside the other's call.
#[derive(Clone)]
pub(crate) struct SharedDir(Rc<RefCell<RunDir>>);

impl SharedDir {
    /// Shares a directory.
    pub(crate) fn new(dir: RunDir) -> Self {
        Self(Rc::new(RefCell::new(dir)))
    }

    /// Does something with the directory.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut RunDir) -> T) -> T {
        act(&mut self.0.borrow_mut())
    }
}

impl Journal for SharedDir {
    fn samples(&self, phase: &Phase) -> Result<Vec<Sample>, JournalError> {
        self.with(|dir| Journal::samples(dir, phase))
    }

    fn append_sample(&mut self, phase: &Phase, sample: &Sample) -> Result<(), JournalError> {
        self.with(|dir| dir.append_sample(phase, sample))
    }

    fn verdicts(&self, phase: &Phase) -> Result<Vec<VerdictRow>, JournalError> {
        self.with(|dir| Journal::verdicts(dir, phase))
    }

    fn append_verdict(&mut self, phase: &Phase, row: &VerdictRow) -> Result<(), JournalError> {
        self.with(|dir| dir.append_verdict(phase, row))
    }

    fn sync(&mut self) -> Result<(), JournalError> {
        self.with(Journal::sync)
    }

    fn result(&self, phase: &Phase) -> Result<Option<Value>, JournalError> {
        self.with(|dir| Journal::result(dir, phase))
    }

    fn record_result(&mut self, phase: &Phase, result: &Value) -> Result<(), JournalError> {
        self.with(|dir| dir.record_result(phase, result))
    }
}
