//! Untrusted Python programs, each run in a fresh interpreter within a sandbox of its own.
//!
//! A capability: a plugin that uses this module asks for `python` in its `plugin.toml`, and runs where its user grants it. A plugin that does
//! not use it does not import it. Natively the same calls ask the scripted interpreter of [`testing::with_python`](crate::testing::with_python).
//!
//! ```
//! use restem_sdk::python::{Execution, Limits, Outcome, Program};
//! use restem_sdk::testing::{PythonRequest, with_python};
//!
//! let interpreter = |request: PythonRequest<'_>| match request {
//!     PythonRequest::Run { stdin, .. } => Execution::finished().with_stdout(stdin.to_uppercase()),
//!     _ => Execution::finished(),
//! };
//! with_python(interpreter, || {
//!     let limits = Limits::default().with_seconds(1.0);
//!     let program = Program::compile("print(input().upper())", &limits).unwrap();
//!     let execution = program.run("hello", &limits);
//!     assert_eq!((execution.outcome, execution.stdout.as_str()), (Outcome::Finished, "HELLO"));
//! });
//! ```
//!
//! - [`Program`] compiles once and runs often: with standard input, by calling a function, or under tests of another instance.
//! - [`Execution`] says how a run ended; whatever a program does is an outcome, never an error.
//! - [`Value`] is what goes into a call and comes out of it.
//! - Time is fuel: [`FUEL_PER_SECOND`] converts from seconds of the reference machine.

mod execution;
mod int;
mod json;
mod limits;
mod print;
mod program;
mod read;
mod value;

pub use execution::{Exception, Execution, Outcome};
pub use int::Int;
pub use limits::{FUEL_PER_SECOND, Limits};
pub use program::Program;
pub use read::ReadError;
pub use value::Value;

#[cfg(not(target_family = "wasm"))]
pub(crate) use program::{Interpreter, install};
