//! Bounds on one run.

use std::time::Duration;

/// Fuel that the machine of NOTES burns in a second of CPU-bound Python: what the virtual clock reckons with.
pub const FUEL_PER_SECOND: u64 = 10_000_000_000;

/// What one run may use. Hit at the same point on every machine, except `wall_clock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunLimits {
    /// About one per WebAssembly instruction. A trivial program takes 0.1 million, [`FUEL_PER_SECOND`] is about a second.
    pub fuel: u64,
    /// Bytes of linear memory, of which the interpreter takes about 50 MB before the program begins.
    pub memory_bytes: u64,
    /// Bytes of standard output, as many of standard error, and as many of the value.
    pub output_bytes: u64,
    /// Backstop by the real clock, for a machine that is stuck or far too slow.
    pub wall_clock: Duration,
}

/// 20 G of fuel (about 2 s), 512 MiB of memory, 1 MiB of output, 60 s.
impl Default for RunLimits {
    fn default() -> Self {
        Self {
            fuel: 2 * FUEL_PER_SECOND,
            memory_bytes: 512 << 20,
            output_bytes: 1 << 20,
            wall_clock: Duration::from_secs(60),
        }
    }
}

impl RunLimits {
    /// With this much fuel.
    #[must_use]
    pub const fn with_fuel(mut self, fuel: u64) -> Self {
        self.fuel = fuel;
        self
    }

    /// With this many bytes of memory.
    #[must_use]
    pub const fn with_memory_bytes(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// With this many bytes of output.
    #[must_use]
    pub const fn with_output_bytes(mut self, bytes: u64) -> Self {
        self.output_bytes = bytes;
        self
    }

    /// With this backstop.
    #[must_use]
    pub const fn with_wall_clock(mut self, wall_clock: Duration) -> Self {
        self.wall_clock = wall_clock;
        self
    }
}
