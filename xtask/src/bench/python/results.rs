//! Everything that one run of the benchmark measured.

use super::cpu_bound::Slowdown;
use super::ladder::Rung;
use super::steadiness::Steadiness;
use super::throughput::GroupResult;

/// What tables, aims and plot are made of.
pub(crate) struct Results {
    /// Processes at once.
    pub(crate) cores: usize,
    /// The machine.
    pub(crate) machine: String,
    /// Load average before the first measurement.
    pub(crate) load_before: Option<f64>,
    /// Name of `python3`.
    pub(crate) plain: String,
    /// Name of the system's interpreter, if that is another one.
    pub(crate) system: Option<String>,
    /// Trivial, APPS, CPU-bound.
    pub(crate) groups: Vec<GroupResult>,
    /// The seven CPU-bound programs.
    pub(crate) slowdowns: Vec<Slowdown>,
    /// Growing lengths of one program.
    pub(crate) rungs: Vec<Rung>,
    /// Fuel and wall clock under load.
    pub(crate) steadiness: Vec<Steadiness>,
}
