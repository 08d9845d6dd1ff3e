//! A thousand programs that end in every way a program can.

use anyhow::Result;

use crate::workspace::Workspace;

use super::apps;
use super::job::Job;

/// Programs in all.
const PROGRAMS: usize = 1000;

/// 0.2 s of the reference machine.
const FUEL: u64 = 2_000_000_000;

/// 4 ms of it, for those that never end.
const FUEL_OF_ENDLESS: u64 = 40_000_000;

/// Programs whose outcome says whether anything of the machine shows through. `KEY` stands for a number, here and below.
const CURIOUS: [&str; 8] = [
    "import random\nprint(random.random(), random.sample(range(KEY + 9), 3))",
    "print(hash('KEY'), {str(n) for n in range(KEY)})",
    "print(id(object()), id([]), object())",
    "import time\nstart = time.time()\nfor _ in range(KEY): pass\nprint(start, time.perf_counter(), time.time() - start)",
    "import os, uuid\nprint(os.urandom(KEY % 16 + 1), uuid.uuid4())",
    "import datetime, sys\nprint(datetime.datetime.now(), sys.version, sys.argv)",
    "import gc, sys\nprint(gc.get_count(), len(gc.get_objects()) + KEY, sys.getrefcount(None))",
    "import os, platform\nprint(sorted(os.environ), os.getpid(), platform.machine(), KEY)",
];

const CRASHING: [&str; 15] = [
    "print([][KEY])",
    "print(KEY // (KEY - KEY))",
    "raise ValueError(KEY)",
    "import sys\nprint(KEY)\nsys.exit(KEY % 7)",
    "import os\nprint(KEY, flush=True)\nos._exit(KEY % 5)",
    "def deeper(n):\n    return deeper(n + 1)\ndeeper(KEY)",
    "print(KEY",
    "assert sum(range(KEY)) < 0, 'sum'",
    "print(input(), input(), KEY)",
    "raise SystemExit('left at KEY')",
    "print((KEY).missing)",
    "import nothing_KEY",
    "print('x' * ((2 << 20) + KEY))",
    "data = [0] * (10**9 + KEY)",
    "blocks = []\nwhile True:\n    blocks.append(bytearray(KEY + (8 << 20)))",
];

const ENDLESS: [&str; 7] = [
    "while True: pass",
    "n = KEY\nwhile True:\n    n = n * 3 % 1000003",
    "print(len(str(7 ** (10**7 + KEY))))",
    "def twice(n):\n    try:\n        twice(n + 1)\n    finally:\n        twice(n + 1)\ntwice(KEY)",
    "import re\nre.match('(a+)+$', 'a' * (40 + KEY) + 'b')",
    "while True: print(KEY)",
    "print(sum(range(10**9 + KEY)))",
];

/// Human solutions of APPS, programs that ask about their surroundings, that crash, that never end, and trivial ones.
///
/// # Errors
/// When `../shared/data` is missing.
pub(crate) fn jobs(workspace: &Workspace) -> Result<Vec<Job>> {
    let mut jobs = apps::jobs(workspace, usize::MAX, 3)?;
    jobs.truncate(PROGRAMS / 4);
    for job in &mut jobs {
        job.fuel = Some(FUEL);
    }
    jobs.extend(variants("curious", &CURIOUS, 150, FUEL));
    jobs.extend(variants("crashing", &CRASHING, 250, FUEL));
    jobs.extend(variants("endless", &ENDLESS, 150, FUEL_OF_ENDLESS));
    let left = PROGRAMS - jobs.len();
    jobs.extend(variants("trivial", &["print(int(input()) + KEY)"], left, FUEL));
    Ok(jobs)
}

fn variants(kind: &str, templates: &[&str], count: usize, fuel: u64) -> Vec<Job> {
    (0..count)
        .map(|key| {
            let source = templates[key % templates.len()].replace("KEY", &(key + 1).to_string());
            let stdin = format!("{}\n", key * 101);
            Job {
                fuel: Some(fuel),
                ..Job::new(format!("{kind} {key}"), source, vec![stdin])
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_variants_have_the_same_name_and_each_template_is_used() {
        let jobs = variants("crashing", &CRASHING, 250, FUEL);
        let names: BTreeSet<_> = jobs.iter().map(|job| &job.id).collect();
        assert_eq!(names.len(), 250);
        assert_eq!(jobs[15].source, "print([][16])");
    }
}
