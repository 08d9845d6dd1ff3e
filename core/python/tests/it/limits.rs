//! Limits, each at its own outcome.

use std::time::{Duration, Instant};

use restem_python::{Input, Outcome, Program};

use crate::setup::{compile, interpreter, limits, run};

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn a_program_that_does_not_compile_is_an_outcome() {
    let failed = Program::compile(interpreter(), "x = 1\nif:\n", &limits()).unwrap_err();
    assert_eq!(
        failed.outcome,
        Outcome::Exception {
            type_name: "SyntaxError".to_owned(),
            message: "invalid syntax".to_owned(),
            line: Some(2),
        }
    );
    insta::assert_snapshot!(failed.stderr, @r#"
          File "main.py", line 2
            if:
              ^
        SyntaxError: invalid syntax
        "#);
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn a_program_that_is_too_long_to_compile_runs_out_of_fuel() {
    let source = "x = [1, 2, 3]\n".repeat(100_000);
    let failed = Program::compile(interpreter(), &source, &limits().with_fuel(100_000_000)).unwrap_err();
    assert_eq!(failed.outcome, Outcome::OutOfFuel);
    assert_eq!(failed.fuel, 100_000_000);
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn the_wall_clock_is_a_fault_and_comes_in_time() {
    let program = compile("while True: pass");
    let limits = limits()
        .with_fuel(u64::MAX / 2)
        .with_wall_clock(Duration::from_millis(300));
    let start = Instant::now();
    let execution = program.run(Input::Stdin(""), &limits);
    assert_eq!(execution.outcome, Outcome::WallClock);
    assert!(execution.outcome.is_fault());
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn memory_below_the_interpreters_own_is_too_little() {
    let execution = compile("").run(Input::Stdin(""), &limits().with_memory_bytes(1 << 20));
    assert_eq!(execution.outcome, Outcome::OutOfMemory);
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn peak_memory_is_what_the_program_took() {
    let small = run("", "").peak_memory;
    let big = run("x = bytearray(100_000_000); del x", "").peak_memory;
    assert!(
        (50_000_000..150_000_000).contains(&(big - small)),
        "{small} {big}"
    );
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn an_exception_says_where_it_was() {
    let source = "def f(x):\n    return 1 // x\n\ndef g():\n    f(0)\n\ng()\n";
    let execution = run(source, "");
    assert_eq!(
        execution.outcome,
        Outcome::Exception {
            type_name: "ZeroDivisionError".to_owned(),
            message: "division by zero".to_owned(),
            line: Some(2),
        }
    );
    insta::assert_snapshot!(execution.stderr, @r#"
        Traceback (most recent call last):
          File "main.py", line 7, in <module>
          File "main.py", line 5, in g
          File "main.py", line 2, in f
        ZeroDivisionError: division by zero
        "#);
}

#[test]
#[ignore = "needs the interpreter that `restem python install` makes"]
fn arguments_that_are_no_values_are_the_callers_fault() {
    let program = compile("def f(): pass");
    let input = Input::Call {
        function: "f",
        arguments: "{}",
    };
    let execution = program.run(input, &limits());
    assert!(matches!(execution.outcome, Outcome::Host { .. }));
}
