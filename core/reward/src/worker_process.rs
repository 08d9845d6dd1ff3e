//! One worker process, seen from the pool.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::io::BufReader;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::protocol::{Started, WireRow};
use crate::worker::SUBCOMMAND;
use crate::{RewardError, frame};

/// How to start a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
}

impl WorkerCommand {
    /// The running program with the subcommand that makes it a worker: see [`crate::worker::run_if_asked`].
    ///
    /// # Errors
    /// [`RewardError::Worker`] when the system does not tell where the running program is.
    pub fn this_program() -> Result<Self, RewardError> {
        let program = std::env::current_exe().map_err(|error| RewardError::Worker {
            program: PathBuf::from("this program"),
            what: error.to_string(),
        })?;
        Ok(Self {
            program,
            args: vec![SUBCOMMAND.into()],
        })
    }
}

/// A live worker.
#[derive(Debug)]
pub(crate) struct WorkerProcess {
    child: Child,
    tasks: ChildStdin,
    rows: BufReader<ChildStdout>,
}

/// Bytes that a pipe to a worker holds: a batch fits as a whole, and neither side waits for the other in the middle of it.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1 << 20;

/// Widens the pipe, where the system lets us; it works without.
fn widen(tasks: &ChildStdin) {
    #[cfg(target_os = "linux")]
    let _ = rustix::pipe::fcntl_setpipe_size(tasks, PIPE_BYTES);
    #[cfg(not(target_os = "linux"))]
    let _ = tasks;
}

/// A worker ended, or was ended, before it had answered.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Death {
    #[error("died ({0})")]
    Died(String),
    #[error("gave no sign of life for {} s and was killed", .0.as_secs_f64())]
    Stuck(Duration),
}

impl WorkerProcess {
    /// Starts a worker and gives it the plugin. It inherits no environment.
    pub(crate) async fn start(
        command: &WorkerCommand,
        start_frame: &[u8],
        patience: Duration,
    ) -> Result<Self, RewardError> {
        let fail = |what: String| RewardError::Worker {
            program: command.program.clone(),
            what,
        };
        let mut child = Command::new(&command.program)
            .args(&command.args)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| fail(error.to_string()))?;
        let (Some(tasks), Some(rows)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(fail("it has no pipes".to_owned()));
        };
        widen(&tasks);
        let mut worker = Self {
            child,
            tasks,
            rows: BufReader::with_capacity(1 << 16, rows),
        };
        let started = match frame::send(&mut worker.tasks, start_frame).await {
            Ok(()) => worker.receive::<Started>(patience).await,
            Err(error) => Err(worker.death(&error).await),
        };
        match started {
            Ok(Started::Ready) => Ok(worker),
            Ok(Started::Failed(what)) => Err(fail(what)),
            Err(death) => Err(fail(format!("it {death} before it was ready"))),
        }
    }

    /// Sends a batch and collects its rows in `rows`, which keeps those that came before a death.
    pub(crate) async fn judge(
        &mut self,
        batch_frame: &[u8],
        wanted: usize,
        patience: Duration,
        rows: &mut Vec<WireRow>,
    ) -> Result<(), Death> {
        if let Err(error) = frame::send(&mut self.tasks, batch_frame).await {
            return Err(self.death(&error).await);
        }
        while rows.len() < wanted {
            let row = match frame::arrived(&mut self.rows) {
                Ok(Some(row)) => row,
                Ok(None) => self.receive(patience).await?,
                Err(error) => return Err(self.death(&error).await),
            };
            rows.push(row);
        }
        Ok(())
    }

    async fn receive<T: DeserializeOwned>(&mut self, patience: Duration) -> Result<T, Death> {
        match timeout(patience, frame::receive(&mut self.rows)).await {
            Ok(Ok(message)) => Ok(message),
            Ok(Err(error)) => Err(self.death(&error).await),
            Err(_) => {
                // It is gone or it is not ours any more: either way there is nothing to add.
                let _ = self.child.kill().await;
                Err(Death::Stuck(patience))
            }
        }
    }

    /// Ends what is left of the process and tells how it ended.
    async fn death(&mut self, error: &io::Error) -> Death {
        let ended = timeout(Duration::from_secs(1), self.child.wait()).await;
        match ended {
            Ok(Ok(status)) => Death::Died(status.to_string()),
            _ => {
                let _ = self.child.kill().await;
                Death::Died(error.to_string())
            }
        }
    }
}
