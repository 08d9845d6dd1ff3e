//! Instances that were put back and wait for their next run.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::engine::STORES;
use crate::instance::Live;

/// What an instance is used for. Compiling writes to other pages than running: who keeps them apart has fewer to put back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To compile programs.
    Compile,
    /// To run them.
    Run,
}

/// As many instances as an engine's pool has places for, in use or waiting.
pub(crate) struct Rooms(Mutex<State>);

struct State {
    waiting: Vec<(Purpose, Live)>,
    in_use: usize,
}

impl Rooms {
    pub(crate) fn new() -> Self {
        Self(Mutex::new(State {
            waiting: Vec::new(),
            in_use: 0,
        }))
    }

    /// One that waits, if it was used for that; or else room for a new one, until `leave`. Who comes here has a seat, so that there
    /// always is one or the other.
    pub(crate) fn enter(&self, purpose: Purpose) -> Option<Live> {
        let mut state = self.state();
        state.in_use += 1;
        let fit = state.waiting.iter().rposition(|(of, _)| *of == purpose);
        let found = fit.map(|index| state.waiting.remove(index).1);
        let dropped = (found.is_none() && state.in_use + state.waiting.len() > STORES as usize)
            .then(|| state.waiting.pop());
        drop(state);
        // It takes its time, which nobody else has to wait for.
        drop(dropped);
        found
    }

    /// The end of what `enter` began, with the instance if it was put back.
    pub(crate) fn leave(&self, purpose: Purpose, live: Option<Live>) {
        let mut state = self.state();
        state.in_use -= 1;
        state.waiting.extend(live.map(|live| (purpose, live)));
    }

    /// Shows those that wait.
    #[cfg(test)]
    pub(crate) fn look(&self, mut show: impl FnMut(Purpose, &mut Live)) {
        for (purpose, live) in &mut self.state().waiting {
            show(*purpose, live);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
