//! Lines that are kept with a verdict.

/// How much a line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For the plugin's author.
    Debug,
    /// For the curious.
    Info,
    /// Something is odd.
    Warn,
    /// Something is wrong.
    Error,
}

/// Gives the host a line of text. It bounds how much (`log_bytes`), and this version of it keeps none; natively it goes nowhere.
pub fn log(level: Level, text: &str) {
    #[cfg(target_family = "wasm")]
    crate::guest::log(level, text);
    #[cfg(not(target_family = "wasm"))]
    let _ = (level, text);
}
