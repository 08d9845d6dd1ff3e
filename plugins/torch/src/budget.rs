//! How much memory sampling's cache and a training pass may take: what was stated, or a share of what is free.

use tch::Device;

/// Share of the free memory that is taken where nothing was stated.
const SHARE: f64 = 0.5;

const GIB: f64 = (1u64 << 30) as f64;

/// Bytes: `stated` GiB, else half of the machine's free memory divided among `copies`. Where that is not known (CUDA, systems
/// other than Linux) there is no bound.
pub fn budget(stated: Option<f64>, device: Device, copies: u32) -> u64 {
    let share = SHARE / f64::from(copies.max(1));
    match (stated, device) {
        (Some(gib), _) => (gib * GIB) as u64,
        (None, Device::Cpu) => available().map_or(u64::MAX, |bytes| (bytes as f64 * share) as u64),
        (None, _) => u64::MAX,
    }
}

/// Bytes as people say them.
pub fn gib(bytes: u64) -> String {
    format!("{:.2} GiB", bytes as f64 / GIB)
}

/// Bytes that this process could still take: what the kernel calls available, within the limit of the control group (v2).
fn available() -> Option<u64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let free = field(&read("/proc/meminfo")?, "MemAvailable:")? * 1024;
    let group = || {
        let limit: u64 = read("/sys/fs/cgroup/memory.max")?.trim().parse().ok()?;
        let used: u64 = read("/sys/fs/cgroup/memory.current")?.trim().parse().ok()?;
        // The page cache counts as used, but makes room.
        let cached = field(&read("/sys/fs/cgroup/memory.stat")?, "inactive_file").unwrap_or(0);
        Some(limit.saturating_sub(used.saturating_sub(cached)))
    };
    Some(group().map_or(free, |group| free.min(group)))
}

/// The number that follows `name` at the beginning of a line.
fn field(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_budget_is_taken_as_it_is() {
        assert_eq!(budget(Some(1.5), Device::Cpu, 3), 3 << 29);
        assert_eq!(gib(3 << 29), "1.50 GiB");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn copies_on_one_device_divide_its_free_memory() {
        let (alone, beside) = (budget(None, Device::Cpu, 1), budget(None, Device::Cpu, 3));
        let ratio = alone as f64 / beside as f64;
        // What is free changes between the two looks at it.
        assert!((2.0..4.0).contains(&ratio), "{alone} and {beside}");
    }

    #[test]
    fn numbers_are_found_by_their_name() {
        let text = "MemTotal:  100 kB\nMemAvailable:     42 kB\n";
        assert_eq!(field(text, "MemAvailable:"), Some(42));
        assert_eq!(field(text, "Swap:"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn less_is_free_than_there_is() {
        let total = field(&std::fs::read_to_string("/proc/meminfo").unwrap(), "MemTotal:").unwrap();
        let free = available().unwrap();
        assert!(free > 0 && free < total * 1024);
    }
}
