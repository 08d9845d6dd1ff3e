//! How a run ended.

use super::{ReadError, Value};

/// An exception that nobody caught.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exception {
    /// Name of its class; qualified unless it is a built-in.
    pub type_name: String,
    /// Its text.
    pub message: String,
    /// Line of the program's source, from 1, where the exception passed through it.
    pub line: Option<u32>,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It ran to its end.
    Finished,
    /// An exception that nobody caught.
    Exception(Exception),
    /// `sys.exit`, `os._exit` or `SystemExit`, with its status.
    Exit(i32),
    /// It used up its fuel.
    OutOfFuel,
    /// It asked for more memory than its limit and did not catch the `MemoryError`.
    OutOfMemory,
    /// It wrote more than its limit.
    OutputLimit,
    /// It recursed deeper than the sandbox allows.
    StackOverflow,
    /// [`Program::check`](super::Program::check) only: a value that can't go from one instance to the other; says which.
    Uncrossable(String),
}

/// One run of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// How it ended.
    pub outcome: Outcome,
    /// What it printed. Bytes that are no UTF-8 are replaced.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
    /// After [`Program::call`](super::Program::call): what the function returned, in the encoding of the WIT file.
    pub value: Option<String>,
    /// Fuel it used.
    pub fuel: u64,
    /// Bytes of linear memory at their most.
    pub peak_memory: u64,
}

impl Execution {
    /// A run that ended so, printed nothing and cost nothing: for scripted interpreters.
    #[must_use]
    pub fn ended(outcome: Outcome) -> Self {
        Self {
            outcome,
            stdout: String::new(),
            stderr: String::new(),
            value: None,
            fuel: 0,
            peak_memory: 0,
        }
    }

    /// A run to the end: for scripted interpreters.
    #[must_use]
    pub fn finished() -> Self {
        Self::ended(Outcome::Finished)
    }

    /// A run that an exception ended: for scripted interpreters.
    #[must_use]
    pub fn raised(type_name: impl Into<String>, message: impl Into<String>, line: Option<u32>) -> Self {
        Self::ended(Outcome::Exception(Exception {
            type_name: type_name.into(),
            message: message.into(),
            line,
        }))
    }

    /// With this standard output.
    #[must_use]
    pub fn with_stdout(mut self, text: impl Into<String>) -> Self {
        self.stdout = text.into();
        self
    }

    /// With this returned value.
    #[must_use]
    pub fn with_value(mut self, value: &Value) -> Self {
        self.value = Some(value.to_string());
        self
    }

    /// With this cost.
    #[must_use]
    pub const fn with_fuel(mut self, fuel: u64) -> Self {
        self.fuel = fuel;
        self
    }

    /// What the called function returned; None when nothing came back.
    ///
    /// # Errors
    /// [`ReadError`] when the value is nested deeper than [`Value::MAX_DEPTH`].
    pub fn returned(&self) -> Option<Result<Value, ReadError>> {
        self.value.as_deref().map(Value::parse)
    }
}
