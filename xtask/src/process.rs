//! Running other programs, with errors that name the command line.

use std::ffi::OsStr;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

pub(crate) use restem_toolchain::cargo;

/// Runs to the end with inherited output.
///
/// # Errors
/// When the program can't be started or exits with anything but success; the message carries the command line.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("cannot start `{}`", line_of(command)))?;
    if !status.success() {
        bail!("`{}` failed: {status}", line_of(command));
    }
    Ok(())
}

/// Runs quietly and returns stdout, trimmed.
///
/// # Errors
/// As [`run`]; the message also carries the program's stderr.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start `{}`", line_of(command)))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed: {}\n{}",
            line_of(command),
            output.status,
            stderr.trim_end()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether the program starts and succeeds, without showing its output.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The command line as a person would type it (no escaping: it is for reading).
fn line_of(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_command_is_named_with_its_status() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c exit 3` failed: exit status: 3");
    }

    #[test]
    fn a_captured_failure_shows_what_the_program_said() {
        let error = capture(Command::new("sh").args(["-c", "echo no disk >&2; exit 1"])).unwrap_err();
        assert!(error.to_string().ends_with("\nno disk"), "{error}");
    }

    #[test]
    fn a_program_that_does_not_exist_is_an_error_and_not_a_panic() {
        assert!(!succeeds(&mut Command::new("no-such-program-here")));
        assert!(run(&mut Command::new("no-such-program-here")).is_err());
    }
}
