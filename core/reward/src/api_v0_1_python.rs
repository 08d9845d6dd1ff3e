//! `restem:reward/python@0.1.0`: the nested sandbox, in the words of the interface.

use restem_python::{Execution, Input, Outcome, Program};
use wasmtime::component::Resource;

use crate::api_v0_1::bindings::restem::reward::python;
use crate::guest_state::GuestState;
use crate::python::{Asked, PythonHost};

impl GuestState {
    /// The interpreter; the linker only links this interface where there is one.
    fn python(&mut self) -> wasmtime::Result<&mut PythonHost> {
        self.python
            .as_mut()
            .ok_or_else(|| wasmtime::format_err!("the capability `python` was not granted"))
    }

    fn program(&self, program: &Resource<Program>) -> wasmtime::Result<Program> {
        Ok(self.resources.get(program)?.clone())
    }
}

impl python::Host for GuestState {}

impl python::HostProgram for GuestState {
    fn compile(
        &mut self,
        source: String,
        limits: python::Limits,
    ) -> wasmtime::Result<Result<Resource<Program>, python::Execution>> {
        let compiled = self.python()?.compile(&source, asked(limits))?;
        self.arm();
        Ok(match compiled {
            Ok(program) => Ok(self.resources.push(program)?),
            Err(failed) => Err(execution(failed)),
        })
    }

    fn run(
        &mut self,
        program: Resource<Program>,
        stdin: String,
        limits: python::Limits,
    ) -> wasmtime::Result<python::Execution> {
        let program = self.program(&program)?;
        let ended = self
            .python()?
            .run(&program, Input::Stdin(&stdin), asked(limits))?;
        self.arm();
        Ok(execution(ended))
    }

    fn call(
        &mut self,
        program: Resource<Program>,
        function: String,
        arguments: String,
        limits: python::Limits,
    ) -> wasmtime::Result<python::Execution> {
        let program = self.program(&program)?;
        let input = Input::Call {
            function: &function,
            arguments: &arguments,
        };
        let ended = self.python()?.run(&program, input, asked(limits))?;
        self.arm();
        Ok(execution(ended))
    }

    fn check(
        &mut self,
        program: Resource<Program>,
        tests: Resource<Program>,
        names: Vec<String>,
        limits: python::Limits,
    ) -> wasmtime::Result<python::Execution> {
        let (program, tests) = (self.program(&program)?, self.program(&tests)?);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let ended = self.python()?.check(&program, &tests, &names, asked(limits))?;
        self.arm();
        Ok(execution(ended))
    }

    fn drop(&mut self, program: Resource<Program>) -> wasmtime::Result<()> {
        self.resources.delete(program)?;
        self.python()?.drop_program();
        Ok(())
    }
}

const fn asked(limits: python::Limits) -> Asked {
    Asked {
        fuel: limits.fuel,
        memory_bytes: limits.memory_bytes,
        output_bytes: limits.output_bytes,
    }
}

fn execution(execution: Execution) -> python::Execution {
    python::Execution {
        outcome: outcome(execution.outcome),
        stdout: execution.stdout,
        stderr: execution.stderr,
        value: execution.value,
        fuel: execution.fuel,
        peak_memory: execution.peak_memory,
    }
}

fn outcome(outcome: Outcome) -> python::Outcome {
    match outcome {
        Outcome::Finished => python::Outcome::Finished,
        Outcome::Exception {
            type_name,
            message,
            line,
        } => python::Outcome::Exception(python::Exception {
            type_name,
            message,
            line,
        }),
        Outcome::Exit { code } => python::Outcome::Exit(code),
        Outcome::OutOfFuel => python::Outcome::OutOfFuel,
        Outcome::OutOfMemory => python::Outcome::OutOfMemory,
        Outcome::OutputLimit => python::Outcome::OutputLimit,
        Outcome::StackOverflow => python::Outcome::StackOverflow,
        Outcome::Uncrossable { what } => python::Outcome::Uncrossable(what),
        Outcome::WallClock | Outcome::Host { .. } => {
            unreachable!("`PythonHost::settle` makes these the fault of the call")
        }
    }
}
