//! Where figures were measured.

use std::fs;

/// The processor, the cores, the system, and how busy it is (the load average of the last minute).
pub(crate) fn description(cores: usize) -> String {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!(
        "{cores} cores of {}, {} {}",
        processor.as_deref().unwrap_or("an unknown processor"),
        std::env::consts::OS,
        kernel.trim()
    )
}

/// Processes that wanted a core during the last minute, where the system tells.
pub(crate) fn load_average() -> Option<f64> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    text.split(' ').next()?.parse().ok()
}
