//! Running tasks on the threads that libtorch runs its operations on.
//!
//! Threads of our own would fight for the cores with libtorch's, which spin for a while after each operation.
#![expect(unsafe_code, reason = "the runtime of OpenMP is C")]

use std::any::Any;
use std::ffi::{c_uint, c_void};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// `GOMP_parallel`: calls the function with the pointer on that many threads, and returns when all calls have.
type Parallel = unsafe extern "C" fn(extern "C" fn(*mut c_void), *mut c_void, c_uint, c_uint);

/// Numbers that take one thread about as long as it takes to wake another.
const WORTH_IT: usize = 20_000;

/// libtorch's threads.
#[derive(Clone, Copy)]
pub(super) struct Team {
    parallel: Parallel,
}

/// What the threads share: tasks are taken in order of their numbers.
struct Job<'a> {
    tasks: usize,
    next: AtomicUsize,
    work: &'a (dyn Fn(usize) + Sync),
    panicked: Mutex<Option<Box<dyn Any + Send>>>,
}

impl Team {
    /// Nothing where libtorch uses another runtime than GNU's.
    pub(super) fn of_libtorch() -> Option<Self> {
        static PARALLEL: OnceLock<Option<Parallel>> = OnceLock::new();
        let parallel = *PARALLEL.get_or_init(find);
        parallel.map(|parallel| Self { parallel })
    }

    /// How many there are.
    pub(super) fn threads(self) -> usize {
        tch::get_num_threads().max(1) as usize
    }

    /// Calls `work` with each of `0..tasks`, on as many threads as libtorch uses, in no particular order. `numbers` says
    /// about how many numbers a task goes through: waking threads for a few takes longer than the work.
    pub(super) fn run(self, tasks: usize, numbers: usize, work: &(dyn Fn(usize) + Sync)) {
        if tasks.saturating_mul(numbers) < WORTH_IT {
            (0..tasks).for_each(work);
            return;
        }
        let job = Job {
            tasks,
            next: AtomicUsize::new(0),
            work,
            panicked: Mutex::new(None),
        };
        let threads = self.threads().min(tasks.max(1));
        // SAFETY: `take_tasks` gets the pointer to `job`, which outlives the call: it returns when all threads are done.
        unsafe {
            (self.parallel)(
                take_tasks,
                (&raw const job).cast_mut().cast(),
                threads as c_uint,
                0,
            )
        };
        if let Some(payload) = job.panicked.into_inner().unwrap_or_else(PoisonError::into_inner) {
            resume_unwind(payload);
        }
    }
}

extern "C" fn take_tasks(job: *mut c_void) {
    // SAFETY: `Team::run` passes a `Job` that lives until all threads have returned; it is only read.
    let job = unsafe { &*job.cast::<Job<'_>>() };
    let work = || {
        loop {
            let task = job.next.fetch_add(1, Ordering::Relaxed);
            if task >= job.tasks {
                return;
            }
            (job.work)(task);
        }
    };
    if let Err(payload) = catch_unwind(AssertUnwindSafe(work)) {
        *job.panicked.lock().unwrap_or_else(PoisonError::into_inner) = Some(payload);
    }
}

#[cfg(target_os = "linux")]
fn find() -> Option<Parallel> {
    // SAFETY: both names are C strings; without RTLD_NOLOAD's library, or without the symbol, the result is null. The library
    // stays loaded, as libtorch needs it and the handle is not closed. The type is that of GCC's `libgomp_g.h`, unchanged
    // since GOMP_4.0.
    unsafe {
        let library = libc::dlopen(c"libgomp.so.1".as_ptr(), libc::RTLD_LAZY | libc::RTLD_NOLOAD);
        if library.is_null() {
            return None;
        }
        let symbol = libc::dlsym(library, c"GOMP_parallel".as_ptr());
        (!symbol.is_null()).then(|| std::mem::transmute::<*mut c_void, Parallel>(symbol))
    }
}

#[cfg(not(target_os = "linux"))]
fn find() -> Option<Parallel> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_task_runs_once() {
        let team = Team::of_libtorch().unwrap();
        let counts: Vec<AtomicUsize> = (0..1000).map(|_| AtomicUsize::new(0)).collect();
        for (round, numbers) in [(1, 1), (2, 1_000_000)] {
            team.run(counts.len(), numbers, &|task| {
                counts[task].fetch_add(1, Ordering::Relaxed);
            });
            assert!(counts.iter().all(|count| count.load(Ordering::Relaxed) == round));
        }
        team.run(0, 1, &|_| unreachable!("there is no task"));
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        let team = Team::of_libtorch().unwrap();
        let run = || team.run(10, WORTH_IT, &|task| assert!(task != 7, "task seven"));
        let payload = catch_unwind(AssertUnwindSafe(run)).unwrap_err();
        assert_eq!(*payload.downcast::<&str>().unwrap(), "task seven");
    }
}
