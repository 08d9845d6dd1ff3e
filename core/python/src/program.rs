//! A program that compiled, and its runs.

use std::sync::Arc;

use crate::instance::{Ended, Instance};
use crate::report::{self, Said};
use crate::rooms::Purpose;
use crate::{Execution, Interpreter, Outcome, RunLimits};

/// A compiled program. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Program {
    interpreter: Interpreter,
    /// What `marshal.dumps` of the code object gave, in the sandbox; only a sandbox ever reads it.
    code: Arc<[u8]>,
    compile_fuel: u64,
}

/// What to do with a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input<'a> {
    /// Run it as `__main__` with this standard input.
    Stdin(&'a str),
    /// Run it as `__main__` with an empty standard input, then call one of its functions.
    Call {
        /// A name, or `Class.method` to call on a new object. A name that is not defined is looked for in a class `Solution`.
        function: &'a str,
        /// A list, in the value encoding of the WIT interface `python`.
        arguments: &'a str,
    },
}

impl Program {
    /// Compiles `source` in the sandbox.
    ///
    /// # Errors
    /// The execution that failed: mostly an [`Outcome::Exception`] with the type name `SyntaxError`.
    #[expect(
        clippy::result_large_err,
        reason = "a failed compilation is an execution like any other"
    )]
    pub fn compile(interpreter: &Interpreter, source: &str, limits: &RunLimits) -> Result<Self, Execution> {
        let _seated = interpreter.seats().take(1);
        let mut instance =
            Instance::new(interpreter, Purpose::Compile, limits).map_err(Execution::never_ran)?;
        instance.store.data_mut().channel.without_limit();
        let ended = instance.call(&[b"C", source.as_bytes()], limits.wall_clock);
        if !matches!(ended, Ended::Returned) {
            return Err(report::execution(ended, instance, limits));
        }
        match report::said(instance.store.data_mut()) {
            Said::Compiled(code) => Ok(Self {
                interpreter: interpreter.clone(),
                code: code.into(),
                compile_fuel: limits.fuel.saturating_sub(instance.fuel_left()),
            }),
            Said::Otherwise(outcome) => Err(report::conclude(outcome, None, instance, limits)),
            Said::Finished(_) | Said::Answered(_) | Said::Uncrossable(_) => {
                let what = "the harness did something else than to compile".to_owned();
                Err(report::conclude(Outcome::Host { what }, None, instance, limits))
            }
        }
    }

    /// Fuel that compiling it took.
    #[must_use]
    pub const fn compile_fuel(&self) -> u64 {
        self.compile_fuel
    }

    /// Runs it in a fresh instance.
    #[must_use]
    pub fn run(&self, input: Input<'_>, limits: &RunLimits) -> Execution {
        let _seated = self.interpreter.seats().take(1);
        let mut instance = match Instance::new(&self.interpreter, Purpose::Run, limits) {
            Ok(instance) => instance,
            Err(outcome) => return Execution::never_ran(outcome),
        };
        let ended = match input {
            Input::Stdin(text) => {
                instance.store.data_mut().stdin.bytes = text.as_bytes().to_vec();
                instance.call(&[b"R", &self.code], limits.wall_clock)
            }
            Input::Call { function, arguments } => {
                let call = match call_job(function, arguments) {
                    Ok(call) => call,
                    Err(what) => return Execution::never_ran(Outcome::Host { what }),
                };
                let head = format!("K{:016}", call.len());
                instance.call(&[head.as_bytes(), call.as_bytes(), &self.code], limits.wall_clock)
            }
        };
        report::execution(ended, instance, limits)
    }

    pub(crate) fn interpreter(&self) -> &Interpreter {
        &self.interpreter
    }

    pub(crate) fn code(&self) -> &[u8] {
        &self.code
    }
}

/// `[function, arguments]` as the harness reads it.
fn call_job(function: &str, arguments: &str) -> Result<String, String> {
    crate::encoding::check_arguments(arguments)?;
    let function = serde_json::Value::from(function);
    Ok(format!("[{function},{arguments}]"))
}
