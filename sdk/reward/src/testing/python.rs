//! A scripted interpreter in place of the sandbox.

use crate::python::{Execution, Limits, Value};

/// What a plugin asks of Python.
#[derive(Debug, Clone, Copy)]
pub enum PythonRequest<'a> {
    /// [`Program::compile`](crate::python::Program::compile): any outcome but `Finished` is a program that does not compile.
    Compile {
        /// The program.
        source: &'a str,
        /// Its bounds.
        limits: Limits,
    },
    /// [`Program::run`](crate::python::Program::run).
    Run {
        /// The program.
        source: &'a str,
        /// Its standard input.
        stdin: &'a str,
        /// Its bounds.
        limits: Limits,
    },
    /// [`Program::call`](crate::python::Program::call).
    Call {
        /// The program.
        source: &'a str,
        /// The function to call.
        function: &'a str,
        /// With what.
        arguments: &'a [Value],
        /// Its bounds.
        limits: Limits,
    },
    /// [`Program::check`](crate::python::Program::check).
    Check {
        /// The program.
        source: &'a str,
        /// The tests' source.
        tests: &'a str,
        /// What the program lends to the tests.
        names: &'a [String],
        /// Bounds of both together.
        limits: Limits,
    },
}

/// Runs `body` with an interpreter that answers every request of this thread as scripted.
///
/// Scripts may be nested; the outer one is back in place afterwards, also after a panic.
pub fn with_python<R>(
    interpreter: impl FnMut(PythonRequest<'_>) -> Execution + 'static,
    body: impl FnOnce() -> R,
) -> R {
    struct Restore(Option<crate::python::Interpreter>);
    impl Drop for Restore {
        fn drop(&mut self) {
            crate::python::install(self.0.take());
        }
    }
    let _restore = Restore(crate::python::install(Some(Box::new(interpreter))));
    body()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::{Outcome, Program};

    fn exits(status: i32) -> impl FnMut(PythonRequest<'_>) -> Execution {
        move |request| match request {
            PythonRequest::Compile { .. } => Execution::finished(),
            _ => Execution::ended(Outcome::Exit(status)),
        }
    }

    fn outcome() -> Outcome {
        let limits = Limits::default();
        Program::compile("", &limits).unwrap().run("", &limits).outcome
    }

    #[test]
    fn scripts_nest_and_the_outer_one_comes_back() {
        with_python(exits(1), || {
            with_python(exits(2), || assert_eq!(outcome(), Outcome::Exit(2)));
            assert_eq!(outcome(), Outcome::Exit(1));
        });
    }

    #[test]
    fn a_program_that_does_not_compile_is_its_execution() {
        let script = |_: PythonRequest<'_>| Execution::raised("SyntaxError", "invalid syntax", Some(3));
        let error = with_python(script, || Program::compile("(", &Limits::default()).unwrap_err());
        assert_eq!(error, Execution::raised("SyntaxError", "invalid syntax", Some(3)));
    }

    #[test]
    #[should_panic(expected = "there is no Python outside of restem")]
    fn without_a_script_the_reason_is_said() {
        let _ = Program::compile("", &Limits::default());
    }
}
