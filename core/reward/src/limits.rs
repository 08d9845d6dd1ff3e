//! Every bound on what a plugin may use, in one struct.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Fuel that a slow machine burns in a second: what the wall-clock backstop reckons with.
pub const NOMINAL_FUEL_PER_SECOND: u64 = 500_000_000;

/// The backstop leaves the fuel at least this many times its nominal duration.
pub const WALL_CLOCK_FACTOR: u32 = 20;

const MIB: u64 = 1 << 20;

/// What a plugin may use. Limits are hit at the same point on every machine, except `wall_clock`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Limits {
    /// Fuel (about one per WebAssembly instruction) for each call about a task: opening the session, preparing the
    /// problem, scoring one completion. It is set anew before each call.
    pub fuel_per_task: u64,
    /// Bytes of all linear memories of a plugin.
    pub memory_bytes: u64,
    /// Elements of all tables of a plugin.
    pub table_elements: u64,
    /// Resources of the component model (sessions, checkers, programs) that a plugin may hold at once.
    pub resource_handles: u64,
    /// Bytes of native stack for the plugin's own frames.
    pub wasm_stack_bytes: u64,
    /// Bytes of what one call returns: answer, note and parts.
    pub result_bytes: u64,
    /// Bytes of log lines for one task; each line counts 64 at least.
    pub log_bytes: u64,
    /// Bytes of the plugin's file: a larger one is not even read.
    pub component_bytes: u64,
    /// Fuel of all Python runs that one call about a task asks for, where the capability `python` was granted. The
    /// reference machine burns 10,000,000,000 in a second.
    pub python_fuel_per_task: u64,
    /// Most bytes of an interpreter's memory that a plugin may ask for.
    pub python_memory_bytes: u64,
    /// Most bytes of a Python program's standard output that a plugin may ask for.
    pub python_output_bytes: u64,
    /// How long one call may take by the clock, in seconds: a backstop, at least
    /// [`WALL_CLOCK_FACTOR`] times the nominal duration of the fuel. A host call starts it again.
    #[serde(
        rename = "wall_clock_seconds",
        serialize_with = "as_seconds",
        deserialize_with = "from_seconds"
    )]
    #[schemars(with = "f64")]
    pub wall_clock: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            fuel_per_task: 200_000_000,
            memory_bytes: 64 * MIB,
            table_elements: 20_000,
            resource_handles: 10_000,
            wasm_stack_bytes: MIB / 2,
            result_bytes: MIB / 4,
            log_bytes: MIB / 16,
            component_bytes: 64 * MIB,
            python_fuel_per_task: 10_000_000_000_000,
            python_memory_bytes: 1024 * MIB,
            python_output_bytes: 64 * MIB,
            wall_clock: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// With this much fuel for each call.
    #[must_use]
    pub const fn with_fuel_per_task(mut self, fuel: u64) -> Self {
        self.fuel_per_task = fuel;
        self
    }

    /// With this many bytes of linear memory.
    #[must_use]
    pub const fn with_memory_bytes(mut self, bytes: u64) -> Self {
        self.memory_bytes = bytes;
        self
    }

    /// With this many table elements.
    #[must_use]
    pub const fn with_table_elements(mut self, elements: u64) -> Self {
        self.table_elements = elements;
        self
    }

    /// With this many resources at once.
    #[must_use]
    pub const fn with_resource_handles(mut self, handles: u64) -> Self {
        self.resource_handles = handles;
        self
    }

    /// With this many bytes of stack.
    #[must_use]
    pub const fn with_wasm_stack_bytes(mut self, bytes: u64) -> Self {
        self.wasm_stack_bytes = bytes;
        self
    }

    /// With this many bytes of result for each call.
    #[must_use]
    pub const fn with_result_bytes(mut self, bytes: u64) -> Self {
        self.result_bytes = bytes;
        self
    }

    /// With this many bytes of log for each task.
    #[must_use]
    pub const fn with_log_bytes(mut self, bytes: u64) -> Self {
        self.log_bytes = bytes;
        self
    }

    /// With files of at most this many bytes.
    #[must_use]
    pub const fn with_component_bytes(mut self, bytes: u64) -> Self {
        self.component_bytes = bytes;
        self
    }

    /// With this much fuel for the Python runs of each call.
    #[must_use]
    pub const fn with_python_fuel_per_task(mut self, fuel: u64) -> Self {
        self.python_fuel_per_task = fuel;
        self
    }

    /// With this much memory for each interpreter.
    #[must_use]
    pub const fn with_python_memory_bytes(mut self, bytes: u64) -> Self {
        self.python_memory_bytes = bytes;
        self
    }

    /// With this wall-clock backstop, unless the fuel asks for a longer one.
    #[must_use]
    pub const fn with_wall_clock(mut self, wall_clock: Duration) -> Self {
        self.wall_clock = wall_clock;
        self
    }

    /// The backstop that holds: `wall_clock`, or 20 times the nominal duration of the fuel if that is longer.
    #[must_use]
    pub fn effective_wall_clock(&self) -> Duration {
        let nominal = Duration::from_secs_f64(self.fuel_per_task as f64 / NOMINAL_FUEL_PER_SECOND as f64);
        self.wall_clock.max(nominal.saturating_mul(WALL_CLOCK_FACTOR))
    }

    /// Checks each limit against what the host can keep.
    ///
    /// # Errors
    /// Name of the limit, its value and the range that is possible.
    pub(crate) fn check(&self) -> Result<(), LimitOutOfRange> {
        let ranges = [
            ("fuel_per_task", self.fuel_per_task, 10_000, u64::MAX / 4),
            ("memory_bytes", self.memory_bytes, 64 << 10, 4 << 30),
            ("table_elements", self.table_elements, 1, 10_000_000),
            ("resource_handles", self.resource_handles, 10, 1_000_000),
            // The worker's own stack is 8 MiB; beyond a quarter of it the process itself could overflow.
            ("wasm_stack_bytes", self.wasm_stack_bytes, 16 << 10, 2 * MIB),
            ("result_bytes", self.result_bytes, 1 << 10, 64 * MIB),
            ("log_bytes", self.log_bytes, 0, 64 * MIB),
            ("component_bytes", self.component_bytes, 8, 1 << 30),
            (
                "python_fuel_per_task",
                self.python_fuel_per_task,
                1_000_000,
                u64::MAX / 4,
            ),
            ("python_memory_bytes", self.python_memory_bytes, 64 * MIB, 4 << 30),
            ("python_output_bytes", self.python_output_bytes, 1 << 10, 1 << 30),
            (
                "wall_clock (ms)",
                self.wall_clock.as_millis() as u64,
                1,
                86_400_000,
            ),
        ];
        for (name, value, least, most) in ranges {
            if !(least..=most).contains(&value) {
                return Err(LimitOutOfRange {
                    name,
                    value,
                    least,
                    most,
                });
            }
        }
        Ok(())
    }
}

/// A limit that the host can't keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("limits.{name} = {value} is out of range: use {least} to {most}")]
pub struct LimitOutOfRange {
    /// Name of the limit.
    pub name: &'static str,
    /// What was asked for.
    pub value: u64,
    /// Smallest possible value.
    pub least: u64,
    /// Largest possible value.
    pub most: u64,
}

/// A plugin asked for more than a limit allows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("limit: {name} = {limit}, used {current}, asked for {requested} more")]
pub struct LimitExceeded {
    /// Name of the limit, as in [`Limits`].
    pub name: &'static str,
    /// The limit.
    pub limit: u64,
    /// In use when the limit was hit.
    pub current: u64,
    /// Asked for on top of that.
    pub requested: u64,
}

fn as_seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

fn from_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    Duration::try_from_secs_f64(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_in_range() {
        assert_eq!(Limits::default().check(), Ok(()));
    }

    #[test]
    fn the_backstop_is_at_least_twenty_times_the_fuel() {
        let limits = Limits::default()
            .with_fuel_per_task(NOMINAL_FUEL_PER_SECOND * 3)
            .with_wall_clock(Duration::from_secs(1));
        assert_eq!(limits.effective_wall_clock(), Duration::from_secs(60));
    }

    #[test]
    fn a_limit_out_of_range_is_named() {
        let error = Limits::default().with_memory_bytes(1).check().unwrap_err();
        insta::assert_snapshot!(error, @"limits.memory_bytes = 1 is out of range: use 65536 to 4294967296");
    }

    #[test]
    fn limits_go_through_json() {
        let limits = Limits::default().with_wall_clock(Duration::from_millis(1500));
        let json = serde_json::to_string(&limits).unwrap();
        assert!(json.contains(r#""wall_clock_seconds":1.5"#), "{json}");
        assert_eq!(serde_json::from_str::<Limits>(&json).unwrap(), limits);
    }
}
