//! Where a plugin's code is compiled: in this process, or in one of its own, which can be ended.
//!
//! A file of some hundred kilobytes can keep a compiler busy for hours: what it does with values that live together grows with
//! the square of their number. No count made beforehand bounds that, so the compiler gets a clock and a limit of memory.

use std::io::{BufReader, Write as _};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::protocol::{Compile, Compiled, Order};
use crate::{Limits, RewardError, WorkerCommand, frame};

/// How long compiling may take in any case.
const LEAST_PATIENCE: Duration = Duration::from_secs(60);

/// How much longer for each MiB of the file: several times what a busy machine needs for honest code.
const PATIENCE_PER_MIB: Duration = Duration::from_secs(30);

/// Where a plugin's code is compiled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Compiler {
    /// In this process, however long it takes: for plugins that are trusted that far, and for tests.
    #[default]
    InProcess,
    /// In a process of its own, shut in like a worker.
    Process {
        /// Starts it; what starts a worker does.
        command: WorkerCommand,
        /// Ends it when it has taken this long; by default a minute and half a minute for each MiB of the file.
        patience: Option<Duration>,
    },
}

impl Compiler {
    /// The running program in a process of its own: see [`crate::worker::run_if_asked`].
    ///
    /// # Errors
    /// [`RewardError::Worker`] when the system does not tell where the running program is.
    pub fn this_program() -> Result<Self, RewardError> {
        Ok(Self::Process {
            command: WorkerCommand::this_program()?,
            patience: None,
        })
    }
}

/// The native code of `bytes`, compiled by a process that `command` starts.
pub(crate) fn in_process_of_its_own(
    plugin: &str,
    command: &WorkerCommand,
    patience: Option<Duration>,
    limits: &Limits,
    bytes: &[u8],
) -> Result<Vec<u8>, RewardError> {
    let worker = |what: String| RewardError::Worker {
        program: command.program.clone(),
        what,
    };
    let refuse = |what: String| RewardError::Compile {
        plugin: plugin.to_owned(),
        what,
    };
    let mebibytes = u32::try_from(bytes.len() >> 20).unwrap_or(u32::MAX);
    let patience = patience.unwrap_or_else(|| LEAST_PATIENCE + PATIENCE_PER_MIB.saturating_mul(mebibytes));
    let order = Order::Compile(Compile {
        limits: limits.clone(),
        component: bytes.to_vec(),
    });
    let order = frame::encode(&order).map_err(|error| worker(error.to_string()))?;
    let mut child = Command::new(&command.program)
        .args(&command.args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| worker(error.to_string()))?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(worker("it has no pipes".to_owned()));
    };
    let (sender, answer) = mpsc::channel();
    // Ends when the process does, if not before.
    thread::spawn(move || {
        let answer = input
            .write_all(&order)
            .and_then(|()| frame::read::<Compiled>(&mut BufReader::new(output)));
        // Nobody waits any more when it took too long.
        let _ = sender.send(answer);
    });
    let answer = answer.recv_timeout(patience);
    if answer.is_err() {
        // It is gone or it is not ours any more: either way there is nothing to add.
        let _ = child.kill();
    }
    let status = child.wait().map_err(|error| worker(error.to_string()))?;
    match answer {
        Ok(Ok(Some(Compiled::Code(code)))) => Ok(code),
        Ok(Ok(Some(Compiled::Failed(what)))) => Err(refuse(what)),
        Ok(_) => Err(refuse(format!(
            "its compiler died ({status})\n  hint: code that takes more memory to compile than there is does that; ask the plugin's author"
        ))),
        Err(_) => Err(refuse(format!(
            "it takes longer than {} s\n  hint: try again if this machine is busy; if not, no honest code does that",
            patience.as_secs_f64()
        ))),
    }
}
