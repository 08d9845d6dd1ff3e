//! Thousands of mixed calls leave nothing behind: memory, mappings, file descriptors, threads, processes.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZeroUsize;
use std::process::Command;

use restem_em::{Flow, VerifyTask};
use restem_reward::{Item, Plugin, Pool, PoolOptions};

use super::{DEED, evil_with};
use crate::evil::{limits, options, plugin, rewards, rows, task};
use crate::pool::worker;

/// Set in the process that is measured.
const MEASURED: &str = "RESTEM_TEST_CHURN";

/// Calls of each test: one per completion, not counting those that are made again alone.
const CALLS: usize = 10_000;

/// What memory may grow by: the allocator keeps what it will use again. Leaking 2 KiB in each call would be over it.
const SLACK_BYTES: u64 = 16 << 20;

/// What mappings may come and go.
const SLACK_MAPPINGS: usize = 12;

/// What they do when they score.
const DEEDS: [&str; 26] = [
    "endless-loop",
    "endless-filling",
    "endless-recursion",
    "endless-mutual-recursion",
    "loop-in-realloc",
    "loop-in-post-return",
    "memory-without-end",
    "memory-near-the-limit",
    "table-without-end",
    "handles-without-end",
    "handles-made-and-dropped",
    "trap-in-score",
    "trap-in-post-return",
    "trap-after-half-an-answer",
    "panic-with-escape-sequences",
    "log-flood",
    "log-of-nothing",
    "panicked-flood",
    "reward-nan",
    "parts-without-number",
    "part-with-a-giant-name",
    "note-giant",
    "note-not-text",
    "result-beyond-memory",
    "fault-giant",
    "remembers",
];

/// What a process holds.
#[derive(Debug)]
struct Held {
    resident: u64,
    mappings: usize,
    files: usize,
    threads: usize,
}

impl Held {
    fn by(process: &str) -> Self {
        let at = |name: &str| format!("/proc/{process}/{name}");
        let status = fs::read_to_string(at("status")).unwrap();
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        let kib: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
        Self {
            resident: kib << 10,
            mappings: fs::read_to_string(at("maps")).unwrap().lines().count(),
            files: fs::read_dir(at("fd")).unwrap().count(),
            threads: fs::read_dir(at("task")).unwrap().count(),
        }
    }

    fn has_not_grown_since(&self, before: &Self) {
        let what = format!("before {before:?}, after {self:?}");
        assert!(self.resident <= before.resident + SLACK_BYTES, "{what}");
        assert!(self.mappings <= before.mappings + SLACK_MAPPINGS, "{what}");
        assert!(
            self.files <= before.files && self.threads <= before.threads,
            "{what}"
        );
    }
}

/// A test that measures its process must have one of its own. True in the outer one, which waits for it.
fn outside(test: &str) -> bool {
    if std::env::var_os(MEASURED).is_some() {
        return false;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("hostile::churn::{test}"), "--nocapture"])
        .env(MEASURED, "1")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    // A name that no test has would be a success as well.
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    true
}

#[test]
fn ten_thousand_mixed_calls_in_process_leave_nothing_behind() {
    if outside("ten_thousand_mixed_calls_in_process_leave_nothing_behind") {
        return;
    }
    let options = options().with_limits(limits().with_fuel_per_task(300_000));
    let plugins: Vec<Plugin> = DEEDS.iter().map(|name| evil_with(name, &options)).collect();
    let deeds = task("p", &["o", DEED, "z", DEED, "o"]);
    let round = || {
        for plugin in &plugins {
            let rows = rows(plugin, &deeds);
            let scored = rewards(&rows);
            assert_eq!(
                [scored[0], scored[2], scored[4]],
                [Some(1.0), Some(0.0), Some(1.0)]
            );
        }
    };
    let calls_of_round = plugins.len() * deeds.completions.len();
    for _ in 0..4 {
        round();
    }
    let before = Held::by("self");
    for _ in 0..CALLS.div_ceil(calls_of_round) {
        round();
    }
    Held::by("self").has_not_grown_since(&before);
}

#[test]
fn plugins_that_are_loaded_and_dropped_leave_nothing_behind() {
    if outside("plugins_that_are_loaded_and_dropped_leave_nothing_behind") {
        return;
    }
    let cache = tempfile::tempdir().unwrap();
    let options = options().with_cache_dir(cache.path().join("compiled"));
    let round = || {
        for name in &DEEDS[..4] {
            drop(evil_with(name, &options));
        }
    };
    (0..3).for_each(|_| round());
    let before = Held::by("self");
    (0..25).for_each(|_| round());
    Held::by("self").has_not_grown_since(&before);
}

/// A task of the component that does what the first byte of a completion says.
fn mixed(n: usize) -> VerifyTask {
    let deeds = [
        "o", "m", "z", "t", "g", "o", "e", "p", "r", "z", "n", "G", "l", "o", "u", "f", "r", "q", "z", "b",
    ];
    task(&format!("p{n}"), &deeds)
}

#[test]
fn ten_thousand_mixed_calls_in_two_workers_leave_nothing_behind() {
    if outside("ten_thousand_mixed_calls_in_two_workers_leave_nothing_behind") {
        return;
    }
    let options = options().with_limits(limits().with_fuel_per_task(3_000_000));
    let workers = PoolOptions::with_command(worker()).with_workers(NonZeroUsize::new(2).unwrap());
    let new_pool = || Pool::new(&plugin(&options), workers.clone()).unwrap();
    // The first of a process opens what all of them share.
    drop(new_pool());
    let before_the_pool = Held::by("self");
    let mut pool = new_pool();
    let mut judge = |tasks: usize| {
        let mut rows = Vec::new();
        pool.score_each((0..tasks).map(|n| Item::Judge(mixed(n))), &mut |row| {
            rows.push(row.verdict.score().map(|score| score.reward));
            Flow::Continue
        })
        .unwrap();
        for task in rows.chunks(20) {
            assert_eq!(
                [task[0], task[2], task[5], task[9], task[13], task[18]],
                [Some(1.0), Some(0.0), Some(1.0), Some(0.0), Some(1.0), Some(0.0)]
            );
        }
        rows.len()
    };
    judge(100);
    let children = children();
    assert_eq!(children.len(), 2);
    let held = || -> Vec<Held> {
        std::iter::once("self")
            .chain(children.iter().map(String::as_str))
            .map(Held::by)
            .collect()
    };
    let before = held();
    assert_eq!(judge(CALLS / 20), CALLS);
    for (after, before) in held().iter().zip(&before) {
        after.has_not_grown_since(before);
    }
    assert_eq!(self::children(), children, "no worker died");
    drop(pool);
    let after = Held::by("self");
    assert!(
        after.files <= before_the_pool.files && after.threads <= before_the_pool.threads,
        "{before_the_pool:?}, {after:?}"
    );
}

/// The processes that this one has started and that live.
fn children() -> BTreeSet<String> {
    let threads = fs::read_dir("/proc/self/task")
        .unwrap()
        .map(|entry| entry.unwrap().path());
    threads
        .flat_map(|thread| {
            let children = fs::read_to_string(thread.join("children")).unwrap();
            children.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}
