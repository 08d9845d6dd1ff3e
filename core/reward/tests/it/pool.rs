//! Worker processes.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use restem_em::{FaultClass, Flow, Verdict, VerdictRow, Verifier};
use restem_reward::{Item, Pool, PoolOptions, WorkerCommand};

use crate::evil::{fault, options, plugin, rewards, rows, task};

/// The worker by itself.
pub(crate) fn worker() -> WorkerCommand {
    WorkerCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_restem-reward-worker")),
        args: Vec::new(),
    }
}

fn pool(command: WorkerCommand, workers: usize) -> Pool {
    let options_of_pool = PoolOptions::with_command(command)
        .with_workers(NonZeroUsize::new(workers).unwrap())
        .with_patience(Duration::from_secs(60));
    Pool::new(&plugin(&options()), options_of_pool).unwrap()
}

fn judge(pool: &mut Pool, items: Vec<Item>) -> Vec<VerdictRow> {
    let mut rows = Vec::new();
    pool.score_each(items.into_iter(), &mut |row| {
        rows.push(row);
        Flow::Continue
    })
    .unwrap();
    rows
}

/// A worker that says it is ready and then does as this shell script says.
fn shell(script: &str) -> WorkerCommand {
    WorkerCommand {
        program: PathBuf::from("/bin/sh"),
        args: vec![
            "-c".into(),
            format!(r"printf '\001\000\000\000\000'; {script}").into(),
        ],
    }
}

#[test]
fn workers_and_this_process_agree_on_every_row() {
    let tasks: Vec<_> = (0..40)
        .map(|n| {
            task(
                &format!("p{n}"),
                [&["o", "l", "z", "t"][..], &["c", "c", "m"], &["b", "f", "G"], &[]][n % 4],
            )
        })
        .collect();
    let here = plugin(&options());
    let wanted: Vec<_> = tasks.iter().flat_map(|task| rows(&here, task)).collect();
    let mut pool = pool(worker(), 2);
    for _ in 0..2 {
        let mut got = Vec::new();
        pool.verify(&tasks, &mut |row| {
            got.push(row);
            Flow::Continue
        })
        .unwrap();
        assert_eq!(got, wanted);
    }
}

#[test]
fn known_rows_keep_their_place() {
    let known = VerdictRow {
        problem: "line 2".into(),
        k: 0,
        verdict: Verdict::fault(FaultClass::MalformedInput, "not JSON"),
        fuel: 0,
    };
    let items = vec![
        Item::Judge(task("a", &["o"])),
        Item::Known(known.clone()),
        Item::Judge(task("b", &["z", "o"])),
    ];
    let rows = judge(&mut pool(worker(), 2), items);
    assert_eq!(rewards(&rows), [Some(1.0), None, Some(0.0), Some(1.0)]);
    assert_eq!(rows[1], known);
}

#[test]
fn a_sink_that_stops_leaves_the_pool_usable() {
    let mut pool = pool(worker(), 2);
    let items = (0..500).map(|n| Item::Judge(task(&format!("p{n}"), &["o"])));
    let mut seen = 0;
    pool.score_each(items, &mut |_| {
        seen += 1;
        if seen == 3 { Flow::Stop } else { Flow::Continue }
    })
    .unwrap();
    assert_eq!(seen, 3);
    assert_eq!(
        rewards(&judge(&mut pool, vec![Item::Judge(task("again", &["o"]))])),
        [Some(1.0)]
    );
}

#[cfg(target_os = "linux")]
#[test]
fn killed_workers_are_replaced_and_no_row_is_lost() {
    let mut pool = pool(worker(), 2);
    let items = (0..300).map(|n| Item::Judge(task(&format!("p{n}"), &["o", "b", "z"])));
    let mut rows = Vec::new();
    pool.score_each(items, &mut |row| {
        if rows.len() == 10 || rows.len() == 400 {
            kill_workers();
        }
        rows.push(row);
        Flow::Continue
    })
    .unwrap();
    let ids: Vec<_> = rows
        .iter()
        .map(|row| (row.problem.as_str().to_owned(), row.k))
        .collect();
    let wanted: Vec<_> = (0..300)
        .flat_map(|n| (0..3).map(move |k| (format!("p{n}"), k)))
        .collect();
    assert_eq!(ids, wanted);
    assert!(rows.iter().all(|row| row.verdict.score().is_some()));
}

/// Kills the worker processes that this process's main pool thread started: children that run the worker program.
#[cfg(target_os = "linux")]
fn kill_workers() {
    let me = format!(
        "/proc/self/task/{}/children",
        rustix::thread::gettid().as_raw_nonzero()
    );
    let children = std::fs::read_to_string(me).unwrap();
    for child in children.split_whitespace() {
        let pid = rustix::process::Pid::from_raw(child.parse().unwrap()).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    }
}

#[test]
fn a_task_that_kills_two_workers_is_a_fault() {
    let rows = judge(
        &mut pool(shell("read x; exit 7"), 1),
        vec![Item::Judge(task("p", &["o"]))],
    );
    insta::assert_snapshot!(fault(&rows[0]), @r"
    host: two workers in a row failed on problem `p`, completion 0, with plugin `evil` (sha256 …): the last one died (exit status: 7)
      hint: score this problem again alone; if that fails too, it is a bug of restem or of the machine
    ");
}

#[test]
fn a_stuck_worker_is_killed() {
    let options_of_pool = PoolOptions::with_command(shell("exec /bin/sleep 1000"))
        .with_workers(NonZeroUsize::MIN)
        .with_patience(Duration::from_millis(50));
    let mut pool = Pool::new(&plugin(&options()), options_of_pool).unwrap();
    let rows = judge(&mut pool, vec![Item::Judge(task("p", &["o"]))]);
    insta::assert_snapshot!(fault(&rows[0]), @r"
    host: two workers in a row failed on problem `p`, completion 0, with plugin `evil` (sha256 …): the last one gave no sign of life for 0.05 s and was killed
      hint: score this problem again alone; if that fails too, it is a bug of restem or of the machine
    ");
}

#[test]
fn a_guest_that_outlives_the_pools_patience_is_killed_and_its_neighbours_are_scored() {
    let endless = options().with_limits(crate::evil::limits().with_fuel_per_task(1 << 50));
    let options_of_pool = PoolOptions::with_command(worker())
        .with_workers(NonZeroUsize::MIN)
        .with_patience(Duration::from_millis(1500));
    let mut pool = Pool::new(&plugin(&endless), options_of_pool).unwrap();
    let items = [("p", "o"), ("q", "l"), ("r", "z")].map(|(id, deed)| Item::Judge(task(id, &[deed])));
    let rows = judge(&mut pool, items.into());
    assert_eq!(rewards(&rows), [Some(1.0), None, Some(0.0)]);
    insta::assert_snapshot!(fault(&rows[1]), @r"
    host: two workers in a row failed on problem `q`, completion 0, with plugin `evil` (sha256 …): the last one gave no sign of life for 1.5 s and was killed
      hint: score this problem again alone; if that fails too, it is a bug of restem or of the machine
    ");
}

#[test]
fn a_worker_that_never_starts_is_an_error() {
    let command = WorkerCommand {
        program: PathBuf::from("/bin/sh"),
        args: vec!["-c".into(), "exit 3".into()],
    };
    let mut pool = pool(command, 1);
    let error = pool
        .verify(&[task("p", &["o"])], &mut |_| Flow::Continue)
        .unwrap_err();
    let source = error.source.unwrap().to_string();
    insta::assert_snapshot!(source, @"a reward worker (/bin/sh) can't start: it died (exit status: 3) before it was ready");
}
