//! Calls that end the guest.

/// A call that WASI can't answer: it ends the call into the plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum WasiTrap {
    /// `wasi:cli/exit`.
    #[error("it ended itself (`wasi:cli/exit`)")]
    Exit,
    /// A function that restem does not serve.
    #[error("it called `{0}`, which restem does not serve")]
    Unserved(String),
    /// `poll` without anything to wait for would wait for ever.
    #[error("it waited for nothing (`wasi:io/poll`)")]
    WaitedForNothing,
}
