//! Programs in the host's sandbox.

use super::{Execution, Limits, Outcome, Value};
use crate::guest::bindings::restem::reward::python;
use crate::python::Exception;

#[derive(Debug)]
pub(super) struct Program(python::Program);

impl Program {
    pub(super) fn compile(source: &str, limits: &Limits) -> Result<Self, Execution> {
        python::Program::compile(source, bounds(limits))
            .map(Self)
            .map_err(execution)
    }

    pub(super) fn run(&self, stdin: &str, limits: &Limits) -> Execution {
        execution(self.0.run(stdin, bounds(limits)))
    }

    pub(super) fn call(&self, function: &str, arguments: &[Value], limits: &Limits) -> Execution {
        let arguments = Value::List(arguments.to_vec()).to_string();
        execution(self.0.call(function, &arguments, bounds(limits)))
    }

    pub(super) fn check(&self, tests: &Self, names: &[String], limits: &Limits) -> Execution {
        execution(self.0.check(&tests.0, names, bounds(limits)))
    }
}

fn bounds(limits: &Limits) -> python::Limits {
    python::Limits {
        fuel: limits.fuel,
        memory_bytes: limits.memory_bytes,
        output_bytes: limits.output_bytes,
    }
}

fn execution(execution: python::Execution) -> Execution {
    Execution {
        outcome: match execution.outcome {
            python::Outcome::Finished => Outcome::Finished,
            python::Outcome::Exception(exception) => Outcome::Exception(Exception {
                type_name: exception.type_name,
                message: exception.message,
                line: exception.line,
            }),
            python::Outcome::Exit(status) => Outcome::Exit(status),
            python::Outcome::OutOfFuel => Outcome::OutOfFuel,
            python::Outcome::OutOfMemory => Outcome::OutOfMemory,
            python::Outcome::OutputLimit => Outcome::OutputLimit,
            python::Outcome::StackOverflow => Outcome::StackOverflow,
            python::Outcome::Uncrossable(what) => Outcome::Uncrossable(what),
        },
        stdout: execution.stdout,
        stderr: execution.stderr,
        value: execution.value,
        fuel: execution.fuel,
        peak_memory: execution.peak_memory,
    }
}
