//! Numbers as people read them.

use std::time::Duration;

/// `1234567` as `1,234,567`, as in reports.
pub(crate) use restem_report::count as grouped;

/// `75 s`, `12 min`, `3.5 h`.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 10.0 {
        format!("{seconds:.1} s")
    } else if seconds < 120.0 {
        format!("{seconds:.0} s")
    } else if seconds < 7200.0 {
        format!("{:.0} min", seconds / 60.0)
    } else {
        format!("{:.1} h", seconds / 3600.0)
    }
}

/// `337 MB`, rounded up: nothing that takes room is 0 MB.
pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", grouped(bytes.div_ceil(1_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_megabytes_rounded_up() {
        let texts = [0, 1, 337_000_000, 1_234_000_001].map(megabytes);
        assert_eq!(texts, ["0 MB", "1 MB", "337 MB", "1,235 MB"]);
    }

    #[test]
    fn durations_have_a_fitting_unit() {
        let texts = [0.5, 75.0, 700.0, 12_600.0].map(|s| duration(Duration::from_secs_f64(s)));
        assert_eq!(texts, ["0.5 s", "75 s", "12 min", "3.5 h"]);
    }
}
