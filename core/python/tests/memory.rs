//! What this process holds over many runs. A test binary of its own, for it measures the whole process.

mod with_python {
    use std::fs;
    use std::path::Path;

    use restem_python::{CACHE_VARIABLE, Input, Interpreter, Outcome, Program, RunLimits};

    /// Runs in all, and between two looks at what is held. The first stretch fills the pool.
    const RUNS: usize = 20_000;
    const STRETCH: usize = 2_000;

    /// What the resident memory may differ by between two looks: the allocator's own ups and downs.
    const SLACK_BYTES: u64 = 4 << 20;

    /// Programs, how each ends, and a little of everything that ends there.
    const PROGRAMS: [(&str, &str); 10] = [
        ("Finished", "print(sum(map(int, input().split())))"),
        (
            "Finished",
            "x = bytearray(2_000_000)\nfor i in range(0, len(x), 4096): x[i] = 1",
        ),
        ("Exit", "import os; os._exit(3)"),
        ("Exception", "1 / 0"),
        ("Exception", "def f(): f()\nf()"),
        (
            "Finished",
            "import sys; sys.setrecursionlimit(10**6)\ndef f(n): return n and f(n - 1)\nf(5_000)",
        ),
        ("OutOfMemory", "x = []\nwhile True: x.append(bytearray(1 << 20))"),
        ("OutOfFuel", "while True: pass"),
        ("OutputLimit", "while True: print('x' * 1000)"),
        ("Exception", "import os; os.abort()"),
    ];

    /// Takes the place of every other run of the last program: two instances that talk.
    const CANDIDATE: &str = "def f(x): return sorted(x)";
    const TESTS: &str = "assert f([2, 1]) == [1, 2]\nassert f('ba') == ['a', 'b']";

    /// What the kernel says of this process.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Held {
        resident_bytes: u64,
        mappings: usize,
        descriptors: usize,
        threads: usize,
        children: usize,
    }

    impl Held {
        fn now() -> Self {
            let statm = fs::read_to_string("/proc/self/statm").unwrap();
            let pages: u64 = statm.split_whitespace().nth(1).unwrap().parse().unwrap();
            let tasks: Vec<_> = fs::read_dir("/proc/self/task")
                .unwrap()
                .map(Result::unwrap)
                .collect();
            let children = tasks
                .iter()
                .map(|task| fs::read_to_string(task.path().join("children")));
            Self {
                resident_bytes: pages * 4096,
                mappings: fs::read_to_string("/proc/self/maps").unwrap().lines().count(),
                descriptors: fs::read_dir("/proc/self/fd").unwrap().count(),
                threads: tasks.len(),
                children: children.map(|of| of.unwrap().split_whitespace().count()).sum(),
            }
        }
    }

    fn kind(outcome: &Outcome) -> String {
        let text = format!("{outcome:?}");
        text.split([' ', '{']).next().unwrap().to_owned()
    }

    #[test]
    #[ignore = "needs the interpreter that `restem python install` makes"]
    fn memory_mappings_and_descriptors_are_flat_over_20000_mixed_runs() {
        let cache = std::env::var_os(CACHE_VARIABLE)
            .unwrap_or_else(|| panic!("set {CACHE_VARIABLE} to the cache of an installed interpreter"));
        let interpreter = Interpreter::open(Path::new(&cache)).unwrap();
        let limits = RunLimits::default()
            .with_fuel(200_000_000)
            .with_memory_bytes(128 << 20)
            .with_output_bytes(64 << 10);
        let compile = |source: &str| Program::compile(&interpreter, source, &limits).unwrap();
        let programs = PROGRAMS.map(|(end, source)| (end, compile(source)));
        let (candidate, tests) = (compile(CANDIDATE), compile(TESTS));
        let mut looks = Vec::new();
        for run in 1..=RUNS {
            let (end, program) = &programs[run % programs.len()];
            if run % (2 * programs.len()) == 0 {
                let checked = candidate.check(&tests, &["f"], &limits);
                assert_eq!(checked.outcome, Outcome::Finished, "{checked:#?}");
            } else {
                let ended = match *end {
                    // Soon, for it is always the limit that ends them.
                    "OutOfMemory" => program.run(Input::Stdin(""), &limits.with_memory_bytes(48 << 20)),
                    "OutOfFuel" => program.run(Input::Stdin(""), &limits.with_fuel(5_000_000)),
                    _ => program.run(Input::Stdin("1 2 3\n"), &limits),
                };
                assert_eq!(kind(&ended.outcome), *end, "run {run}: {ended:#?}");
            }
            if run % STRETCH == 0 {
                let held = Held::now();
                println!("after {run:>5} runs: {held:?}");
                looks.push(held);
            }
        }
        let first = looks[0];
        for held in looks {
            assert!(
                held.resident_bytes.abs_diff(first.resident_bytes) <= SLACK_BYTES,
                "{first:?} at first, {held:?} later"
            );
            let without_memory = |held: Held| Held {
                resident_bytes: 0,
                ..held
            };
            assert_eq!(without_memory(held), without_memory(first));
        }
    }
}
