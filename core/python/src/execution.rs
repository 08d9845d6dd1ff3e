//! How a run ended and what it left.

/// One run of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// How it ended.
    pub outcome: Outcome,
    /// Standard output, at most `output_bytes`; what is no UTF-8 is replaced.
    pub stdout: String,
    /// Standard error, at most `output_bytes`; ends with the traceback of an uncaught exception.
    pub stderr: String,
    /// What the called function returned, in the value encoding of the WIT interface `python`. Only
    /// with [`crate::Input::Call`] and [`Outcome::Finished`].
    pub value: Option<String>,
    /// Fuel used, at most the limit. The same in every run of the same program with the same input and limits.
    pub fuel: u64,
    /// Largest size of the linear memory, in bytes, the interpreter's own 50 MB or so included.
    pub peak_memory: u64,
}

/// How a program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It ran to its end, and the called function returned.
    Finished,
    /// An exception that nobody caught.
    ///
    /// What makes the interpreter itself give up (`Fatal Python error`, a trap in its code) has the type name `Abort`, and
    /// a program that tampered with the harness so that it reported nothing readable has `NoResult`.
    Exception {
        /// Name of its class; qualified by its module unless that is `builtins` or `__main__`.
        type_name: String,
        /// `str()` of it, cut at 4,000 characters.
        message: String,
        /// Line of the program's source, from 1: the innermost one that the exception passed through.
        line: Option<u32>,
    },
    /// `sys.exit`, `os._exit` or `SystemExit`.
    Exit {
        /// The status, not reduced modulo 256; -1 where it doesn't fit.
        code: i32,
    },
    /// The fuel was used up.
    OutOfFuel,
    /// A `MemoryError` that nobody caught, or an interpreter that gave up after memory was refused.
    OutOfMemory,
    /// More than `output_bytes` on one of the two streams, or of the value.
    OutputLimit,
    /// Native recursion that neither the recursion limit nor the interpreter's own check stopped.
    StackOverflow,
    /// [`crate::Program::check`] only: a value can't go from one instance to the other.
    Uncrossable {
        /// Which value and why.
        what: String,
    },
    /// The wall-clock backstop. A fault: it says nothing about the program.
    WallClock,
    /// Trouble of the host's own. A fault.
    Host {
        /// What went wrong.
        what: String,
    },
}

impl Outcome {
    /// Whether this says nothing about the program, so that no verdict may follow from it.
    #[must_use]
    pub const fn is_fault(&self) -> bool {
        matches!(self, Self::WallClock | Self::Host { .. })
    }

    /// An interpreter that gave up.
    pub(crate) fn abort(message: impl Into<String>) -> Self {
        Self::Exception {
            type_name: "Abort".to_owned(),
            message: message.into(),
            line: None,
        }
    }
}

impl Execution {
    /// A run that never began.
    pub(crate) const fn never_ran(outcome: Outcome) -> Self {
        Self {
            outcome,
            stdout: String::new(),
            stderr: String::new(),
            value: None,
            fuel: 0,
            peak_memory: 0,
        }
    }
}
