//! Tasks on their way through the pool: numbered, batched by how much work rows are, retried when a worker dies.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use restem_em::{FaultClass, ProblemId, Verdict, VerdictRow, VerifyTask};
use tokio::sync::{Mutex, Semaphore, mpsc};

use crate::protocol::{WireRow, WireTask};
use crate::worker_process::{Death, WorkerCommand, WorkerProcess};
use crate::{RewardError, frame};

/// Fuel of a batch: a few milliseconds of work. Fuel and not time, because a busy machine makes a round trip look like slow
/// rows, and small batches would then make it busier still.
const BATCH_FUEL: u64 = 10_000_000;

/// What entering a store and preparing a task cost, in fuel.
const ENTRY_FUEL: u64 = 50_000;

/// Rows of a first batch, when nothing is known yet.
const FIRST_BATCH_ROWS: usize = 4;

/// Bytes of text after which a batch is not filled further.
const BATCH_BYTES: usize = 1 << 20;

/// What goes into the pool.
#[derive(Debug)]
pub enum Item {
    /// To be judged.
    Judge(VerifyTask),
    /// Decided already, such as an input line that could not be read: it keeps its place among the others.
    Known(VerdictRow),
}

/// An item's number, its problem and its rows.
pub(crate) type Outcome = (u64, Vec<VerdictRow>);

/// Items not yet taken by a worker.
pub(crate) struct Source {
    items: mpsc::Receiver<Item>,
    next: u64,
}

impl Source {
    pub(crate) const fn new(items: mpsc::Receiver<Item>) -> Self {
        Self { items, next: 0 }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }
}

/// What all workers of a run share.
pub(crate) struct Shared {
    pub(crate) source: Mutex<Source>,
    /// One permit for each item that may be on its way: bounds what a slow task makes the others pile up.
    pub(crate) window: Semaphore,
    pub(crate) command: WorkerCommand,
    pub(crate) start_frame: Arc<[u8]>,
    pub(crate) patience: Duration,
    /// How messages name the plugin.
    pub(crate) name: String,
}

/// A place for a worker process, which is started when there is work and replaced when it dies.
#[derive(Debug, Default)]
pub(crate) struct Slot {
    process: Option<WorkerProcess>,
    /// Mean fuel of the last batch's rows, once known.
    row_fuel: Option<u64>,
}

/// A numbered task.
struct Job {
    number: u64,
    problem: ProblemId,
    task: WireTask,
}

impl Slot {
    /// Takes and judges until the source is empty. Ends early when nobody wants results any more.
    pub(crate) async fn work(
        &mut self,
        shared: &Shared,
        results: &mpsc::UnboundedSender<Outcome>,
    ) -> Result<(), RewardError> {
        loop {
            let (jobs, known) = self.take(shared).await;
            if jobs.is_empty() && known.is_empty() {
                return Ok(());
            }
            let done = self.judge_all(shared, jobs).await?;
            for outcome in known.into_iter().chain(done) {
                if results.send(outcome).is_err() {
                    return Ok(());
                }
            }
        }
    }

    /// The next batch. Both lists are empty when there is nothing more to do.
    async fn take(&self, shared: &Shared) -> (Vec<Job>, Vec<Outcome>) {
        let (mut jobs, mut known) = (Vec::new(), Vec::new());
        let mut source = shared.source.lock().await;
        let rows_wanted = self.rows_per_batch();
        let (mut rows, mut bytes) = (0, 0);
        while rows < rows_wanted && bytes < BATCH_BYTES {
            // Only an empty batch waits: what is already here is not held up by what may never come.
            let first = jobs.is_empty() && known.is_empty();
            let permit = if first {
                shared.window.acquire().await.ok()
            } else {
                shared.window.try_acquire().ok()
            };
            let Some(permit) = permit else { break };
            let item = if first {
                source.items.recv().await
            } else {
                source.items.try_recv().ok()
            };
            let Some(item) = item else { break };
            permit.forget();
            let number = source.number();
            match item {
                Item::Known(row) => {
                    rows += 1;
                    known.push((number, vec![row]));
                }
                Item::Judge(task) => {
                    rows += task.completions.len().max(1);
                    let problem = task.problem.clone();
                    let task = WireTask::from(task);
                    bytes += task.text_bytes();
                    jobs.push(Job {
                        number,
                        problem,
                        task,
                    });
                }
            }
        }
        (jobs, known)
    }

    fn rows_per_batch(&self) -> usize {
        match self.row_fuel {
            None => FIRST_BATCH_ROWS,
            Some(fuel) => (BATCH_FUEL / (fuel + ENTRY_FUEL)).max(1) as usize,
        }
    }

    /// Judges a batch. When the worker dies, what it had not answered is judged again, task by task; a task that is alone
    /// with a worker that dies is a fault.
    async fn judge_all(&mut self, shared: &Shared, jobs: Vec<Job>) -> Result<Vec<Outcome>, RewardError> {
        let mut done = Vec::with_capacity(jobs.len());
        let mut jobs = VecDeque::from(jobs);
        let mut rows = Vec::new();
        let death = self.attempt(shared, jobs.make_contiguous(), &mut rows).await?;
        if !rows.is_empty() {
            self.row_fuel = Some(rows.iter().map(|row| row.fuel).sum::<u64>() / rows.len() as u64);
        }
        let mut rows = rows.into_iter();
        while jobs
            .front()
            .is_some_and(|job| job.task.completions.len() <= rows.len())
        {
            let Some(job) = jobs.pop_front() else { break };
            let answered = rows.by_ref().take(job.task.completions.len()).collect();
            done.push(job.finished(answered, None));
        }
        debug_assert!(
            death.is_some() || jobs.is_empty(),
            "a worker that lives answers every row"
        );
        for job in jobs {
            let mut answered = Vec::new();
            let death = self
                .attempt(shared, std::slice::from_ref(&job), &mut answered)
                .await?;
            let why = death.map(|death| (shared.name.as_str(), death));
            done.push(job.finished(answered, why));
        }
        Ok(done)
    }

    async fn attempt(
        &mut self,
        shared: &Shared,
        jobs: &[Job],
        rows: &mut Vec<WireRow>,
    ) -> Result<Option<Death>, RewardError> {
        let wanted = jobs.iter().map(|job| job.task.completions.len()).sum();
        if wanted == 0 {
            return Ok(None);
        }
        let tasks: Vec<&WireTask> = jobs.iter().map(|job| &job.task).collect();
        // Each text has its length in front, each completion its number.
        let bytes = tasks.iter().map(|task| task.text_bytes()).sum::<usize>() + 16 * (wanted + tasks.len());
        let batch = frame::encode_about(&tasks, bytes).map_err(|error| self.refused(shared, &error))?;
        let process = match &mut self.process {
            Some(process) => process,
            none => none
                .insert(WorkerProcess::start(&shared.command, &shared.start_frame, shared.patience).await?),
        };
        match process.judge(&batch, wanted, shared.patience, rows).await {
            Ok(()) => Ok(None),
            Err(death) => {
                self.process = None;
                Ok(Some(death))
            }
        }
    }

    fn refused(&self, shared: &Shared, error: &io::Error) -> RewardError {
        RewardError::Worker {
            program: shared.command.program.clone(),
            what: format!("its tasks can't be sent: {error}"),
        }
    }
}

impl Job {
    /// The job's rows; those that a death left out are faults.
    fn finished(self, answered: Vec<WireRow>, death: Option<(&str, Death)>) -> Outcome {
        let mut answered = answered.into_iter();
        let problem = self.problem;
        let rows = self.task.completions.iter().map(|(k, _)| {
            let (verdict, fuel) = match answered.next() {
                Some(row) => (Verdict::from(row.verdict), row.fuel),
                None => (lost(&problem, *k, death.as_ref()), 0),
            };
            VerdictRow {
                problem: problem.clone(),
                k: *k,
                verdict,
                fuel,
            }
        });
        (self.number, rows.collect())
    }
}

fn lost(problem: &ProblemId, k: u32, death: Option<&(&str, Death)>) -> Verdict {
    let message = match death {
        Some((plugin, death)) => format!(
            "two workers in a row failed on problem `{problem}`, completion {k}, with {plugin}: the last one {death}\n  hint: score this problem again alone; if that fails too, it is a bug of restem or of the machine"
        ),
        None => format!("no row came back for problem `{problem}`, completion {k}"),
    };
    Verdict::fault(FaultClass::Host, message)
}
