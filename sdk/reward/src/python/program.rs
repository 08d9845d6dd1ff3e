//! A program that compiled.

#[cfg(not(target_family = "wasm"))]
#[path = "native.rs"]
mod place;
#[cfg(target_family = "wasm")]
#[path = "wasm.rs"]
mod place;

use super::{Execution, Limits, Outcome, Value};

#[cfg(not(target_family = "wasm"))]
pub(crate) use place::{Interpreter, install};

/// A program that compiled: run it as often as you like, each time in a fresh interpreter.
#[derive(Debug)]
pub struct Program(place::Program);

impl Program {
    /// Compiles a program once, in the sandbox.
    ///
    /// # Errors
    /// The execution that failed: mostly a `SyntaxError`, with its line.
    #[expect(
        clippy::result_large_err,
        reason = "an execution is one either way, and this happens once per program"
    )]
    pub fn compile(source: &str, limits: &Limits) -> Result<Self, Execution> {
        place::Program::compile(source, limits).map(Self)
    }

    /// Runs it as `__main__` with this standard input.
    #[must_use]
    pub fn run(&self, stdin: &str, limits: &Limits) -> Execution {
        self.0.run(stdin, limits)
    }

    /// Runs it, then calls one of its functions: a name, or `Class.method` to call on a new object.
    ///
    /// What it returned is [`Execution::returned`]. [`Value::Other`] can't be an argument.
    #[must_use]
    pub fn call(&self, function: &str, arguments: &[Value], limits: &Limits) -> Execution {
        self.0.call(function, arguments, limits)
    }

    /// Runs `tests` in another instance, where each of `names` stands for what this program defines under that name: calls, results,
    /// exceptions and changes of arguments cross by value. The tests never enter this program's memory.
    ///
    /// A value that can't cross is [`Outcome::Uncrossable`]. Limits count both instances together.
    #[must_use]
    pub fn check(&self, tests: &Self, names: &[String], limits: &Limits) -> Execution {
        self.0.check(&tests.0, names, limits)
    }
}
