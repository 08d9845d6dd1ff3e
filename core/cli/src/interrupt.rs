//! Ctrl-C: once to save and stop, twice to stop at once.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context as _;

/// Set when the user asked to stop.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Starts to listen for Ctrl-C and termination requests.
    pub(crate) fn listen() -> anyhow::Result<Self> {
        let asked = Self::default();
        let flag = asked.clone();
        ctrlc::set_handler(move || {
            if flag.0.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
            // The message is a courtesy: stopping works without it.
            let _ = writeln!(
                std::io::stderr(),
                "\nstopping after the current step, saving finished work; press Ctrl-C again to stop at once"
            );
        })
        .context("Ctrl-C can't be listened for")?;
        Ok(asked)
    }

    /// Whether to stop.
    pub(crate) fn asked(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
