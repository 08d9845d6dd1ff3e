//! Worker processes, one per core, behind [`Verifier`].

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use restem_em::{Flow, VerdictRow, Verifier, VerifierError, VerifierIdentity, VerifyTask};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::batch::{Item, Outcome, Shared, Slot, Source};
use crate::plugin::Name;
use crate::protocol::{Order, Start};
use crate::worker_process::WorkerCommand;
use crate::{Plugin, RewardError, frame};

/// Items that may be on their way at once, so that one slow task can't make the others' rows pile up.
const WINDOW: usize = 8192;

/// Items read ahead of the workers.
const READ_AHEAD: usize = 1024;

/// Calls that the judging of one completion can take: open, prepare and score, again alone, and a new store for the next.
const CALLS_PER_ROW: u32 = 8;

/// How a pool works.
#[derive(Debug, Clone)]
pub struct PoolOptions {
    /// Number of worker processes; one per core by default.
    pub workers: NonZeroUsize,
    /// How to start one; the running program by default.
    pub command: WorkerCommand,
    /// A worker that gives no sign of life for this long is killed and replaced. By default a little longer than all calls
    /// for a row can take under the wall-clock backstop.
    pub patience: Option<Duration>,
}

impl PoolOptions {
    /// One worker per core, each the running program with its hidden subcommand.
    ///
    /// # Errors
    /// [`RewardError::Worker`] when the system does not tell where the running program is.
    pub fn new() -> Result<Self, RewardError> {
        WorkerCommand::this_program().map(Self::with_command)
    }

    /// One worker per core, each started by `command`.
    #[must_use]
    pub fn with_command(command: WorkerCommand) -> Self {
        Self {
            workers: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
            command,
            patience: None,
        }
    }

    /// With this many workers.
    #[must_use]
    pub const fn with_workers(mut self, workers: NonZeroUsize) -> Self {
        self.workers = workers;
        self
    }

    /// With this patience.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = Some(patience);
        self
    }
}

/// A plugin in worker processes.
///
/// A worker starts when there is work for it. Rows come in input order. A worker that dies or hangs is replaced; its task is
/// tried once more, and is a fault when that worker dies too.
#[derive(Debug)]
pub struct Pool {
    runtime: Runtime,
    options: PoolOptions,
    start_frame: Arc<[u8]>,
    patience: Duration,
    name: String,
    identity: VerifierIdentity,
    slots: Vec<Slot>,
}

impl Pool {
    /// A pool for a plugin. No process is started yet.
    ///
    /// # Errors
    /// [`RewardError`] when the plugin's code or the runtime can't be had.
    pub fn new(plugin: &Plugin, options: PoolOptions) -> Result<Self, RewardError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let fail = |error: std::io::Error| RewardError::Worker {
            program: options.command.program.clone(),
            what: error.to_string(),
        };
        let runtime = runtime.map_err(fail)?;
        let start = Order::Judge(Box::new(Start {
            code: plugin.program.code()?,
            settings: plugin.settings.clone(),
        }));
        let start_frame = frame::encode(&start).map_err(fail)?.into();
        let backstop = plugin.settings.limits.effective_wall_clock();
        let patience = options
            .patience
            .unwrap_or_else(|| backstop.saturating_mul(CALLS_PER_ROW) + Duration::from_secs(5));
        Ok(Self {
            runtime,
            start_frame,
            patience,
            name: Name(&plugin.settings.identity).to_string(),
            identity: plugin.identity().clone(),
            slots: (0..options.workers.get()).map(|_| Slot::default()).collect(),
            options,
        })
    }

    /// Judges items as they come and hands the rows to `sink`, in input order, as soon as they are there.
    ///
    /// `items` is read on another thread, only a bounded number ahead. [`Flow::Stop`] ends the work; the call then returns
    /// once the reading of the current item has returned.
    ///
    /// # Errors
    /// [`RewardError::Worker`] when no worker can be started any more. A failure on one row is that row's fault.
    pub fn score_each(
        &mut self,
        items: impl Iterator<Item = Item> + Send,
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), RewardError> {
        let (sender, receiver) = mpsc::channel(READ_AHEAD);
        let shared = Arc::new(Shared {
            source: Mutex::new(Source::new(receiver)),
            window: Semaphore::new(WINDOW),
            command: self.options.command.clone(),
            start_frame: self.start_frame.clone(),
            patience: self.patience,
            name: self.name.clone(),
        });
        thread::scope(|scope| {
            scope.spawn(move || {
                for item in items {
                    if sender.blocking_send(item).is_err() {
                        break;
                    }
                }
            });
            let slots = std::mem::take(&mut self.slots);
            let mut idle = Vec::new();
            let outcome = self.runtime.block_on(drive(slots, &mut idle, shared, sink));
            // Workers of an abandoned run were killed with their tasks; new ones take their places.
            idle.resize_with(self.options.workers.get(), Slot::default);
            self.slots = idle;
            outcome
        })
    }
}

/// Runs every slot until the source is empty, and hands the rows over in order.
async fn drive(
    slots: Vec<Slot>,
    idle: &mut Vec<Slot>,
    shared: Arc<Shared>,
    sink: &mut dyn FnMut(VerdictRow) -> Flow,
) -> Result<(), RewardError> {
    let (sender, results) = mpsc::unbounded_channel::<Outcome>();
    let mut workers = JoinSet::new();
    for mut slot in slots {
        let (shared, sender) = (shared.clone(), sender.clone());
        workers.spawn(async move {
            let outcome = slot.work(&shared, &sender).await;
            (slot, outcome)
        });
    }
    drop(sender);
    let outcome = deliver(results, &mut workers, idle, &shared.window, sink).await;
    // An aborted task that is not awaited would keep the source open, and its reader waiting for ever.
    workers.shutdown().await;
    outcome
}

async fn deliver(
    mut results: mpsc::UnboundedReceiver<Outcome>,
    workers: &mut JoinSet<(Slot, Result<(), RewardError>)>,
    idle: &mut Vec<Slot>,
    window: &Semaphore,
    sink: &mut dyn FnMut(VerdictRow) -> Flow,
) -> Result<(), RewardError> {
    let mut waiting = BTreeMap::new();
    let mut next = 0;
    loop {
        tokio::select! {
            // Rows before ends: a worker's last rows are in the channel when it ends.
            biased;
            Some((number, rows)) = results.recv() => {
                waiting.insert(number, rows);
                while let Some(rows) = waiting.remove(&next) {
                    next += 1;
                    window.add_permits(1);
                    for row in rows {
                        if sink(row) == Flow::Stop {
                            return Ok(());
                        }
                    }
                }
            }
            Some(joined) = workers.join_next() => match joined {
                Ok((slot, outcome)) => {
                    idle.push(slot);
                    outcome?;
                }
                Err(panic) => std::panic::resume_unwind(panic.into_panic()),
            },
            else => return Ok(()),
        }
    }
}

impl Verifier for Pool {
    fn identity(&self) -> &VerifierIdentity {
        &self.identity
    }

    fn verify(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), VerifierError> {
        self.score_each(tasks.iter().cloned().map(Item::Judge), sink)
            .map_err(|error| VerifierError::new(format!("{} can't judge any more", self.name), error))
    }
}
