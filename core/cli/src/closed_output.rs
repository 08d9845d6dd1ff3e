//! A reader that has seen enough (`| head`) is no failure of what it read from.

use std::process::ExitCode;

/// Success where `error` says that nobody reads standard output any more, else the error.
pub(crate) fn unless_output_closed(error: anyhow::Error) -> anyhow::Result<ExitCode> {
    let closed = error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe);
    if closed { Ok(ExitCode::SUCCESS) } else { Err(error) }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::unless_output_closed;

    #[test]
    fn only_a_closed_output_is_no_failure() {
        assert!(unless_output_closed(Error::from(ErrorKind::BrokenPipe).into()).is_ok());
        assert!(unless_output_closed(Error::from(ErrorKind::StorageFull).into()).is_err());
        assert!(unless_output_closed(anyhow::anyhow!("Broken pipe")).is_err());
    }
}
