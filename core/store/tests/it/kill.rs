//! A process that dies, really and in every simulated way.

use std::env;
use std::fs;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use restem_em::Journal as _;
use restem_store::{RunDir, RunView, StoreError};

use crate::{phase, sample, verdict};

const DIRECTORY: &str = "RESTEM_STORE_TEST_DIRECTORY";
const SYNCED: u32 = 200;

/// The child's part of the next test: appends, says so, and waits to be killed. Does nothing when run by itself.
#[test]
fn child_appends_and_waits() {
    let Some(path) = env::var_os(DIRECTORY) else {
        return;
    };
    let mut run = RunDir::create(Path::new(&path), "").unwrap();
    for k in 0..SYNCED {
        run.append_sample(&phase(), &sample(k)).unwrap();
    }
    run.sync().unwrap();
    for k in SYNCED..SYNCED + 100 {
        run.append_sample(&phase(), &sample(k)).unwrap();
    }
    println!("\nappended");
    io::stdout().flush().unwrap();
    io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_killed_writer_keeps_its_rows_and_frees_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run");
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "--nocapture", "kill::child_appends_and_waits"])
        .env(DIRECTORY, &path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let says = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok);
    assert!(says.into_iter().any(|line| line == "appended"));

    let Err(StoreError::Locked { holder, .. }) = RunDir::open(&path) else {
        panic!("two writers on one directory");
    };
    assert!(
        holder.starts_with(&format!("process {} on ", child.id())),
        "{holder}"
    );
    assert!(RunView::open(&path).unwrap().samples(&phase()).unwrap().len() >= SYNCED as usize);

    child.kill().unwrap();
    child.wait().unwrap();
    let run = RunDir::open(&path).unwrap();
    let found = run.samples(&phase()).unwrap();
    assert!(found.len() >= SYNCED as usize + 100 - 64, "{} rows", found.len());
    assert_eq!(found, (0..found.len() as u32).map(sample).collect::<Vec<_>>());
}

#[test]
fn a_second_handle_is_refused_with_the_holder_named() {
    let dir = tempfile::tempdir().unwrap();
    let first = RunDir::create(dir.path(), "").unwrap();
    let error = RunDir::open(dir.path()).err().unwrap().to_string();
    let filters = [
        (r"`[^`]+/\.tmp\w+`", "`DIR`"),
        (r"process \d+ on \S+:", "process PID on HOST:"),
    ];
    insta::with_settings!({ filters => filters }, {
        insta::assert_snapshot!(error, @"the run directory `DIR` is in use by process PID on HOST: wait for it to end, stop it, or choose another directory");
    });
    drop(first);
    RunDir::open(dir.path()).unwrap();
}

#[test]
fn a_run_cut_anywhere_and_finished_has_the_digest_of_one_never_cut() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("run");
    let mut run = RunDir::create(&path, "").unwrap();
    let rows = 4;
    for k in 0..rows {
        run.append_sample(&phase(), &sample(k)).unwrap();
        run.append_verdict(&phase(), &verdict(k)).unwrap();
    }
    let digest = run.view().unwrap().run_digest().unwrap();
    drop(run);

    let file = path.join("journal/iteration-1/train/samples.jsonl");
    let whole = fs::read(&file).unwrap();
    for cut in (0..whole.len()).step_by(7) {
        fs::write(&file, &whole[..cut]).unwrap();
        let mut run = RunDir::open(&path).unwrap();
        let found = run.samples(&phase()).unwrap();
        // A resumed loop draws what is missing, here in another order.
        for k in (0..rows)
            .rev()
            .filter(|k| found.iter().all(|sample| sample.k != *k))
        {
            run.append_sample(&phase(), &sample(k)).unwrap();
        }
        assert_eq!(run.view().unwrap().run_digest().unwrap(), digest, "cut at {cut}");
    }
}
