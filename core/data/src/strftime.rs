//! The date in chat templates.

use std::time::SystemTime;

use jiff::Timestamp;
use minijinja::{Error, ErrorKind};

/// `time` in UTC as `format` (strftime's directives) says.
pub(crate) fn strftime(time: SystemTime, format: &str) -> Result<String, Error> {
    let failed = |error: jiff::Error| {
        Error::new(
            ErrorKind::InvalidOperation,
            format!("strftime_now(\"{format}\"): {error}"),
        )
    };
    let time = Timestamp::try_from(time).map_err(failed)?;
    jiff::fmt::strtime::format(format, &time.to_zoned(jiff::tz::TimeZone::UTC)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_epoch_was_a_thursday() {
        assert_eq!(
            strftime(SystemTime::UNIX_EPOCH, "%d %b %Y, %A").unwrap(),
            "01 Jan 1970, Thursday"
        );
        assert!(strftime(SystemTime::UNIX_EPOCH, "%!").is_err());
    }
}
