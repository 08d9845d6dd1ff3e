//! The interpreter that the tests share.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use restem_python::{CACHE_VARIABLE, Execution, Input, Interpreter, Program, RunLimits};

static INTERPRETER: LazyLock<Interpreter> = LazyLock::new(|| {
    let cache = std::env::var_os(CACHE_VARIABLE)
        .unwrap_or_else(|| panic!("set {CACHE_VARIABLE} to the cache of an installed interpreter"));
    Interpreter::open(Path::new(&cache)).unwrap()
});

pub fn interpreter() -> &'static Interpreter {
    &INTERPRETER
}

/// 5 G of fuel, 256 MiB of memory, and a clock that no test meets.
pub fn limits() -> RunLimits {
    RunLimits::default()
        .with_fuel(5_000_000_000)
        .with_memory_bytes(256 << 20)
        .with_wall_clock(Duration::from_secs(600))
}

pub fn compile(source: &str) -> Program {
    Program::compile(interpreter(), source, &limits()).unwrap_or_else(|failed| panic!("{failed:#?}"))
}

pub fn run(source: &str, stdin: &str) -> Execution {
    compile(source).run(Input::Stdin(stdin), &limits())
}

pub fn call(source: &str, function: &str, arguments: &str) -> Execution {
    compile(source).run(Input::Call { function, arguments }, &limits())
}

pub fn check(candidate: &str, tests: &str, names: &[&str]) -> Execution {
    compile(candidate).check(&compile(tests), names, &limits())
}
