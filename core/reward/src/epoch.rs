//! The clock behind the wall-clock backstop.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// Length of an epoch. The backstop is checked once per epoch, so it is late by at most this much.
pub(crate) const EPOCH: Duration = Duration::from_millis(20);

/// A thread that sleeps, and advances the engine's epoch when it wakes; it ends with its owner.
#[derive(Debug)]
pub(crate) struct EpochTicker {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl EpochTicker {
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let engine = engine.weak();
        let (stop, stopped) = mpsc::channel::<()>();
        let thread = thread::Builder::new()
            .name("restem-epoch".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(EPOCH) == Err(RecvTimeoutError::Timeout) {
                    let Some(engine) = engine.upgrade() else { break };
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for EpochTicker {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // The thread can't panic: it only sleeps and counts.
            let _ = thread.join();
        }
    }
}
