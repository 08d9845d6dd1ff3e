//! The programs that throughput is measured on.

use anyhow::Result;

use crate::workspace::Workspace;

use super::apps;
use super::job::Job;
use super::side::Side;

/// Problems of APPS that are taken.
const APPS_PROBLEMS: usize = 20;

/// Seven kinds of work that take 20 to 200 ms natively.
pub(crate) const CPU_BOUND: [(&str, &str); 7] = [
    ("bigint", include_str!("workloads/bigint.py")),
    ("dicts", include_str!("workloads/dicts.py")),
    ("floats", include_str!("workloads/floats.py")),
    ("loops", include_str!("workloads/loops.py")),
    ("recursion", include_str!("workloads/recursion.py")),
    ("sorting", include_str!("workloads/sorting.py")),
    ("strings", include_str!("workloads/strings.py")),
];

/// Programs of one kind.
pub(crate) struct Group {
    /// Its name in tables.
    pub(crate) name: &'static str,
    jobs: Vec<Job>,
    /// How often each test is run, and by slow sides.
    repeats: (usize, usize),
}

impl Group {
    /// The group's jobs as a side runs them; `expected` are the digests that sides which only compare are given.
    pub(crate) fn jobs(&self, side: Side, quick: bool) -> Vec<Job> {
        let repeats = match (quick, side.is_slow()) {
            (true, _) => 1,
            (false, true) => self.repeats.1,
            (false, false) => self.repeats.0,
        };
        self.jobs.iter().cloned().map(|job| job.times(repeats)).collect()
    }

    /// Takes note of what each test writes.
    pub(crate) fn expect(&mut self, digest: impl Fn(&str, usize) -> Option<String>) {
        for job in &mut self.jobs {
            job.expected = (0..job.stdins.len()).map(|test| digest(&job.id, test)).collect();
        }
    }

    /// Programs in it.
    pub(crate) fn programs(&self) -> usize {
        self.jobs.len()
    }
}

/// Trivial, real and CPU-bound programs.
///
/// # Errors
/// When `../shared/data` is missing.
pub(crate) fn all(workspace: &Workspace) -> Result<[Group; 3]> {
    let trivial = Job::new(
        "trivial",
        include_str!("workloads/trivial.py"),
        (0..50).map(|number| format!("{}\n", number * 37)).collect(),
    );
    let cpu_bound = CPU_BOUND
        .iter()
        .map(|(name, source)| Job::new(*name, *source, vec![String::new()]))
        .collect();
    Ok([
        Group {
            name: "trivial",
            jobs: vec![trivial],
            repeats: (20, 1),
        },
        Group {
            name: "APPS",
            jobs: apps::jobs(workspace, APPS_PROBLEMS, 1)?,
            repeats: (25, 2),
        },
        Group {
            name: "CPU-bound",
            jobs: cpu_bound,
            repeats: (5, 1),
        },
    ])
}
