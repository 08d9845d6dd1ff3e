//! Every program of `tests/hacks` gets what it earned, and its neighbours notice nothing.

use restem_python::Input;

use crate::hack::Hack;
use crate::setup::{compile, limits, run};

const NEIGHBOUR: &str = "import sys\nprint(sum(map(int, sys.stdin.read().split())), hash('x'))";

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn each_hack_gets_what_it_earned_and_the_neighbours_notice_nothing() {
    let hacks = Hack::all();
    assert!(hacks.len() >= 60, "only {} hacks", hacks.len());
    let alone = run(NEIGHBOUR, "1 2 3");
    let mut wrong = Vec::new();
    for hack in &hacks {
        let execution = hack.run();
        let differences = hack.differences(&execution);
        if !differences.is_empty() {
            wrong.push(format!("{}: {differences:#?}\n{execution:#?}", hack.name));
        }
        assert_eq!(hack.run(), execution, "{} again", hack.name);
        assert_eq!(run(NEIGHBOUR, "1 2 3"), alone, "after {}", hack.name);
    }
    assert!(
        wrong.is_empty(),
        "{} of {} hacks:\n{}",
        wrong.len(),
        hacks.len(),
        wrong.join("\n")
    );
}

/// Bytes of this process that are in memory.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn memory_is_flat_over_many_runs() {
    let programs = [
        "print(1)",
        "x = bytearray(50_000_000)\nfor i in range(0, len(x), 4096): x[i] = 1",
        "import os; os._exit(3)",
        "1 / 0",
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        "import os; os.abort()",
        "while True: print('x' * 1000)",
    ]
    .map(compile);
    let round = || {
        for program in &programs {
            let limits = limits().with_fuel(50_000_000);
            drop(program.run(Input::Stdin(""), &limits));
        }
    };
    (0..20).for_each(|_| round());
    let before = resident();
    (0..200).for_each(|_| round());
    let after = resident();
    assert!(
        after < before + (64 << 20),
        "{before} bytes before, {after} after"
    );
}
