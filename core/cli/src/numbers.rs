//! Numbers as people read them.

use std::time::Duration;

/// `1234567` as `1,234,567`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(
            [0, 12, 1234, 1_234_567].map(grouped),
            ["0", "12", "1,234", "1,234,567"]
        );
    }

    #[test]
    fn durations_have_a_fitting_unit() {
        let texts = [0.5, 75.0, 700.0, 12_600.0].map(|s| duration(Duration::from_secs_f64(s)));
        assert_eq!(texts, ["0.5 s", "75 s", "12 min", "3.5 h"]);
    }
}
