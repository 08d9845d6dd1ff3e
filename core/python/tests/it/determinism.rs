//! Fuel, output and memory are the same in every run, on every machine, whatever else goes on.

use restem_python::Input;

use crate::setup::{compile, limits, run};

const WORK: &str = "
import random, time
d = {}
for i in range(20000):
    d[str(random.random())] = [i] * (i % 50)
print(len(d), hash('abc'), time.time(), id(d) % 1000, sorted({'a', 'b', 'c'}))
try:
    1 / 0
except ZeroDivisionError:
    pass
";

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn every_run_uses_the_same_fuel() {
    let program = compile(WORK);
    let first = program.run(Input::Stdin(""), &limits());
    for _ in 0..5 {
        assert_eq!(program.run(Input::Stdin(""), &limits()), first);
    }
    // Compiled again, from another thread, among others.
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| assert_eq!(run(WORK, ""), first));
        }
    });
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn fuel_ends_at_the_same_instruction() {
    let program = compile("n = 0\nwhile True:\n    n += 1\n    if n % 1000 == 0: print(n, flush=True)");
    for fuel in [3_000_000, 100_000_000, 100_000_001, 250_000_000] {
        let limits = limits().with_fuel(fuel);
        let first = program.run(Input::Stdin(""), &limits);
        assert_eq!(first.fuel, fuel);
        assert_eq!(program.run(Input::Stdin(""), &limits), first);
    }
}
