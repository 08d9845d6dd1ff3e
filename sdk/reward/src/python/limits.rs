//! Bounds on one run.

/// Fuel that the reference machine burns in a second of Python, rounded.
///
/// Measured on a 2-core x86-64 virtual machine with the snapshotted CPython that restem installs: between 7e9 and 12e9 per second over
/// the CPU-bound programs of the design's measurements. A limit of so many seconds is the same amount of work on every machine.
pub const FUEL_PER_SECOND: u64 = 10_000_000_000;

/// Bounds on one run. The host lowers what is above its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// About one per WebAssembly instruction.
    pub fuel: u64,
    /// Bytes of the interpreter's linear memory, its own 50 MB or so included.
    pub memory_bytes: u64,
    /// Bytes of standard output, and as many of standard error.
    pub output_bytes: u64,
}

impl Default for Limits {
    /// 4 seconds of the reference machine, 256 MiB, 8 MiB of output.
    fn default() -> Self {
        Self {
            fuel: 4 * FUEL_PER_SECOND,
            memory_bytes: 256 << 20,
            output_bytes: 8 << 20,
        }
    }
}

impl Limits {
    /// With another amount of fuel.
    #[must_use]
    pub const fn with_fuel(mut self, fuel: u64) -> Self {
        self.fuel = fuel;
        self
    }

    /// With the fuel of so many seconds of the reference machine. Negative and NaN are 0; what exceeds 64 bits is the most they hold.
    #[must_use]
    pub fn with_seconds(self, seconds: f64) -> Self {
        self.with_fuel((seconds * FUEL_PER_SECOND as f64) as u64)
    }

    /// With another amount of memory.
    #[must_use]
    pub const fn with_memory_bytes(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// With another amount of output.
    #[must_use]
    pub const fn with_output_bytes(mut self, bytes: u64) -> Self {
        self.output_bytes = bytes;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_fuel_and_never_wrap() {
        let fuel = |seconds| Limits::default().with_seconds(seconds).fuel;
        assert_eq!(fuel(0.5), FUEL_PER_SECOND / 2);
        assert_eq!(fuel(-1.0), 0);
        assert_eq!(fuel(f64::NAN), 0);
        assert_eq!(fuel(1e300), u64::MAX);
    }
}
