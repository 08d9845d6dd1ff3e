//! Errors for people: what failed, the causes, and the exit status.

use std::io::Write as _;
use std::process::ExitCode;

use restem_em::RunError;

/// Stopped by the user.
const INTERRUPTED: u8 = 130;

/// Prints an error with its causes and gives the exit status.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let mut out = std::io::stderr().lock();
    // Nothing more can be told when standard error is gone.
    let _ = write!(out, "{}", text(error));
    match error.downcast_ref::<RunError>() {
        Some(RunError::Interrupted) => ExitCode::from(INTERRUPTED),
        _ => ExitCode::FAILURE,
    }
}

/// The error and each cause that its predecessor's text does not already contain.
pub(crate) fn text(error: &anyhow::Error) -> String {
    let mut lines = format!("error: {error}\n");
    let mut said = error.to_string();
    for cause in error.chain().skip(1) {
        let cause = cause.to_string();
        if !said.contains(&cause) {
            lines.push_str(&format!("  cause: {}\n", cause.replace('\n', "\n  ")));
        }
        said = cause;
    }
    lines
}

#[cfg(test)]
mod tests {
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn causes_are_listed_once() {
        let error = anyhow::anyhow!("no such file")
            .context("`a.toml` can't be read")
            .context("the run can't start");
        insta::assert_snapshot!(text(&error), @r"
        error: the run can't start
          cause: `a.toml` can't be read
          cause: no such file
        ");
        let same: anyhow::Result<()> = Err(anyhow::anyhow!("boom")).context("it went boom");
        insta::assert_snapshot!(text(&same.unwrap_err()), @"error: it went boom");
    }
}
