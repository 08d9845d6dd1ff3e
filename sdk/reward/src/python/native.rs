//! Programs of the scripted interpreter that a test installs.

use std::cell::RefCell;

use super::{Execution, Limits, Outcome, Value};
use crate::testing::PythonRequest;

/// What answers natively.
pub(crate) type Interpreter = Box<dyn FnMut(PythonRequest<'_>) -> Execution>;

thread_local! {
    static INTERPRETER: RefCell<Option<Interpreter>> = const { RefCell::new(None) };
}

/// Puts an interpreter in place for this thread and gives back the one before.
pub(crate) fn install(interpreter: Option<Interpreter>) -> Option<Interpreter> {
    INTERPRETER.replace(interpreter)
}

fn ask(request: PythonRequest<'_>) -> Execution {
    INTERPRETER.with_borrow_mut(|interpreter| {
        interpreter.as_mut().expect(
            "there is no Python outside of restem: script one with `restem_sdk::testing::with_python`",
        )(request)
    })
}

#[derive(Debug)]
pub(super) struct Program {
    source: String,
}

impl Program {
    #[expect(
        clippy::result_large_err,
        reason = "an execution is one either way, and this happens once per program"
    )]
    pub(super) fn compile(source: &str, limits: &Limits) -> Result<Self, Execution> {
        let execution = ask(PythonRequest::Compile {
            source,
            limits: *limits,
        });
        match execution.outcome {
            Outcome::Finished => Ok(Self {
                source: source.to_owned(),
            }),
            _ => Err(execution),
        }
    }

    pub(super) fn run(&self, stdin: &str, limits: &Limits) -> Execution {
        ask(PythonRequest::Run {
            source: &self.source,
            stdin,
            limits: *limits,
        })
    }

    pub(super) fn call(&self, function: &str, arguments: &[Value], limits: &Limits) -> Execution {
        ask(PythonRequest::Call {
            source: &self.source,
            function,
            arguments,
            limits: *limits,
        })
    }

    pub(super) fn check(&self, tests: &Self, names: &[String], limits: &Limits) -> Execution {
        ask(PythonRequest::Check {
            source: &self.source,
            tests: &tests.source,
            names,
            limits: *limits,
        })
    }
}
