//! How a run ended, for people.

use restem_sdk::python::Outcome;

/// Whether a program ended as a program should: at its end, or with `sys.exit(0)`.
pub(crate) fn is_good(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Finished | Outcome::Exit(0))
}

/// One line for a note.
pub(crate) fn words(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Finished => "it finished".to_owned(),
        Outcome::Exception(exception) => {
            format!("it raised {}: {}", exception.type_name, exception.message)
        }
        Outcome::Exit(status) => format!("it exited with status {status}"),
        Outcome::OutOfFuel => "it took too long".to_owned(),
        Outcome::OutOfMemory => "it took too much memory".to_owned(),
        Outcome::OutputLimit => "it printed too much".to_owned(),
        Outcome::StackOverflow => "it recursed too deep".to_owned(),
        Outcome::Uncrossable(what) => format!("{what} can't cross"),
    }
}
