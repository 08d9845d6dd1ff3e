//! Why a test did not pass, in words.

use restem_sdk::python::{FUEL_PER_SECOND, Limits, Outcome};

use crate::compare::Difference;
use crate::note;
use crate::source::Source;

/// How a run ended that should have come to its end.
pub(super) fn ended(outcome: &Outcome, source: &Source, limits: &Limits) -> String {
    match outcome {
        Outcome::Finished => "came to its end".to_owned(),
        Outcome::Exception(exception) => {
            let mut text = format!("raised {}", note::words(&exception.type_name));
            if !exception.message.is_empty() {
                text.push_str(": ");
                text.push_str(&note::words(&exception.message));
            }
            if let Some(line) = exception.line.and_then(|line| source.own_line(line)) {
                text.push_str(&format!(" (line {line})"));
            }
            text
        }
        Outcome::Exit(status) => format!("exited with status {status}"),
        Outcome::OutOfFuel => format!(
            "ran out of time: {} s of the reference machine, which is {} fuel",
            limits.fuel as f64 / FUEL_PER_SECOND as f64,
            limits.fuel
        ),
        Outcome::OutOfMemory => format!("ran out of its {} MiB of memory", limits.memory_bytes >> 20),
        Outcome::OutputLimit => format!("printed more than {} MiB", limits.output_bytes >> 20),
        Outcome::StackOverflow => "recursed too deep: its stack overflowed".to_owned(),
        Outcome::Uncrossable(what) => format!("{} can't cross", note::words(what)),
    }
}

/// The first line that differs.
pub(super) fn differs(difference: &Difference) -> String {
    let line = |line: &Option<String>| line.as_deref().map_or_else(|| "missing".to_owned(), note::text);
    format!(
        "line {} of the output should be {} and is {}",
        difference.line,
        line(&difference.expected),
        line(&difference.got)
    )
}

/// What happened, and for which input.
pub(super) fn with_input(what: &str, stdin: &str) -> String {
    format!("{what}; input {}", note::text(stdin))
}
